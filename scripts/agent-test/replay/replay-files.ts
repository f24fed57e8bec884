/** Replays files of recorded dialogues, and describes the result in lines of text. */
import type { OrganizationFile } from '../../../src/registry/organization.ts';
import { demandCoverage, type CoverageDemand } from '../coverage.ts';
import type { LoadedDialogues } from '../dialogue-file.ts';
import { completeDialogues, loadRecorded, readDialogueFile } from '../load.ts';
import { replayDialogue, replayLines, type Replayed } from './replay.ts';

/** Result of replaying files. */
export interface ReplayedFiles {
  replayed: Replayed[];
  /** Table of the dialogues and their differences, then the coverage, for a terminal. */
  lines: string[];
  /** One sentence for each demand that is not met: equal paths, and the coverage of each service. */
  unmet: string[];
}

/** Returns the organization with the graphs that conversations of `release` begin with. */
function releasedBy(organization: OrganizationFile): OrganizationFile {
  const newest = new Map<string, number>();
  for (const { service_hierarchical_state_machine_id: graph, version_sets } of organization.services) {
    const version = version_sets.release?.service_hierarchical_state_machine_version_number ?? null;
    if (version !== null) newest.set(graph, Math.max(version, newest.get(graph) ?? 0));
  }
  const graphs = organization.graphs.filter(
    ({ id, version }) => version <= (newest.get(id) ?? Number.POSITIVE_INFINITY),
  );
  return { ...organization, graphs };
}

async function replayAll({ organization, dialogues }: LoadedDialogues): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for (const dialogue of dialogues) replayed.push(await replayDialogue(organization, dialogue));
  return replayed;
}

function resultOf(files: ReadonlyMap<string, Replayed[]>, percent: number | null): ReplayedFiles {
  const replayed = [...files.values()].flat();
  const different = replayed.filter(({ differences }) => differences.length > 0).length;
  const coverage: CoverageDemand = demandCoverage(
    replayed.map(({ service, graphs, played: turns }) => ({ service, graphs, turns })),
    percent,
  );
  return {
    replayed,
    lines: [
      ...[...files].flatMap(([path, dialogues]) => ['', path, ...replayLines(dialogues)]),
      ...coverage.lines,
      '',
      `${replayed.length - different} of ${replayed.length} dialogues go the recorded way`,
    ],
    unmet: [
      ...(different === 0 ? [] : [`${different} of ${replayed.length} dialogues go another way`]),
      ...coverage.unmet,
    ],
  };
}

/**
 * Replays files of recorded dialogues. `organization` is the path of the file to play on, or null for the one that each
 * file names; `percent` the least coverage of each service. Throws with every error of a file.
 */
export async function replayFiles(
  paths: readonly string[],
  organization: string | null,
  percent: number | null,
): Promise<ReplayedFiles> {
  const files = new Map<string, Replayed[]>();
  for (const path of paths) files.set(path, await replayAll(await loadRecorded(path, organization)));
  return resultOf(files, percent);
}

/**
 * Replays files of recorded dialogues on the versions that `release` of an organization names, or with `newest` on the
 * newest ones: `release` will name those.
 */
export async function replayOnRelease(
  paths: readonly string[],
  organization: OrganizationFile,
  { percent, newest }: { percent: number | null; newest: boolean },
): Promise<ReplayedFiles> {
  const released = newest ? organization : releasedBy(organization);
  const files = new Map<string, Replayed[]>();
  for (const path of paths) {
    const dialogues = completeDialogues(await readDialogueFile(path));
    files.set(path, await replayAll({ organization: released, dialogues }));
  }
  return resultOf(files, percent);
}
