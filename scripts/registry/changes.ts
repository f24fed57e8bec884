/** A publication in lines for a terminal. */
import type { Change } from '../../src/contract/workbench.ts';
import type { Publication } from '../../src/registry/publication.ts';

const SIGNS: Readonly<Record<Change['kind'], string>> = {
  add: '+',
  change: '~',
  remove: '-',
  keep: '=',
  refuse: '!',
};

/** Returns a publication's changes, a line for each and its details below it, then the numbers that it gave. */
export function changeLines({ changes, notes }: Pick<Publication, 'changes' | 'notes'>): string[] {
  return [
    ...changes.flatMap(({ kind, what, details }) => [
      `  ${SIGNS[kind]} ${what}`,
      ...details.map((detail) => `      ${detail}`),
    ]),
    ...notes.map((note) => `  # ${note}`),
  ];
}

/** Returns whether a publication takes something away. */
export function removes({ changes }: Publication): boolean {
  return changes.some(({ kind }) => kind === 'remove');
}

/** Returns whether something in a publication must not be. */
export function isRefused({ changes }: Publication): boolean {
  return changes.some(({ kind }) => kind === 'refuse');
}
