/** Formats a publication for a terminal. */
import type { Change } from '../../src/contract/workbench.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import type { Publication } from '../../src/registry/publication.ts';

const SIGNS: Readonly<Record<Change['kind'], string>> = {
  add: '+',
  change: '~',
  remove: '-',
  keep: '=',
  refuse: '!',
};

/**
 * Returns the changes of a publication, each followed by its details, then the assigned version numbers and advice about
 * new graphs.
 */
export function changeLines({
  changes,
  notes,
  hints = [],
}: Pick<Publication, 'changes' | 'notes'> & Partial<Pick<Publication, 'hints'>>): string[] {
  return [
    ...changes.flatMap(({ kind, what, details }) => [
      `  ${SIGNS[kind]} ${what}`,
      ...details.map((detail) => `      ${detail}`),
    ]),
    ...notes.map((note) => `  # ${note}`),
    ...hints.map((hint) => `  hint: ${hint}`),
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

/**
 * Tells whether a publication gives conversations of a service's `release` something else: other versions of the agent
 * or of the graph, or other tools or behavior sets, which have no version set.
 */
export function movesRelease(
  { changes }: Pick<Publication, 'changes'>,
  { services }: Pick<OrganizationFile, 'services'>,
): boolean {
  const followsLatest = services.some(({ version_sets: { release } }) =>
    [release?.agent_version_number, release?.service_hierarchical_state_machine_version_number].includes(
      null,
    ),
  );
  const moving = ['tools[', 'dynamic_behavior_sets[', ...(followsLatest ? ['agents[', 'graphs['] : [])];
  return changes.some(
    ({ kind, what }) =>
      kind !== 'keep' &&
      kind !== 'refuse' &&
      ((what.startsWith('services[') && what.includes('].version_sets[release')) ||
        moving.some((begin) => what.startsWith(begin))),
  );
}
