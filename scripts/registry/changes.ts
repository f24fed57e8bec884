/** Formats a publication for a terminal. */
import type { Change } from '../../src/contract/workbench.ts';
import type { Publication } from '../../src/registry/publication.ts';

const SIGNS: Readonly<Record<Change['kind'], string>> = {
  add: '+',
  change: '~',
  remove: '-',
  keep: '=',
  refuse: '!',
};

/** Returns the changes of a publication, each followed by its details, then the assigned version numbers. */
export function changeLines({ changes, notes }: Pick<Publication, 'changes' | 'notes'>): string[] {
  return [
    ...changes.flatMap(({ kind, what, details }) => [
      `  ${SIGNS[kind]} ${what}`,
      ...details.map((detail) => `      ${detail}`),
    ]),
    ...notes.map((note) => `  # ${note}`),
  ];
}

/** Tells whether a publication removes something. */
export function removes({ changes }: Pick<Publication, 'changes'>): boolean {
  return changes.some(({ kind }) => kind === 'remove');
}

/** Tells whether a publication is refused. */
export function isRefused({ changes }: Pick<Publication, 'changes'>): boolean {
  return changes.some(({ kind }) => kind === 'refuse');
}
