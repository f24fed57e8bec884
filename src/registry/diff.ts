/**
 * Compares a file with the published documents. It is a pure function, so that the command line and the development
 * server decide alike.
 */
import type { Change } from '../contract/workbench.ts';
import type { BehaviorSet, Tool, ToolVersion } from './capabilities.ts';
import { differences, sameJson } from './differences.ts';
import { toolSpecs } from './graph-ways.ts';
import type { OrganizationFile } from './organization.ts';
import { partsOf, type Part } from './parts.ts';
import { documentsOf, readPublished, type Published } from './published.ts';
import { resolveTool } from './tool-versions.ts';

/**
 * Returns the published tools and versions that a file lacks and that must stay. Conversations keep the graph that they
 * began with, so a published graph must still find its tools.
 */
export function keptTools({ catalog, graphs }: Published, file: OrganizationFile): Tool[] {
  const inFile = new Set(file.graphs.map(({ id, version }) => `${id}:${version}`));
  const kept = new Map<string, { tool: Tool; versions: Set<ToolVersion> }>();
  for (const graph of graphs) {
    if (inFile.has(`${graph.id}:${graph.version}`)) continue;
    for (const { spec } of graph.states.flatMap(toolSpecs)) {
      const found = resolveTool(file.tools, spec) === null ? resolveTool(catalog.tools, spec) : null;
      if (found === null) continue;
      const entry = kept.get(found.tool.id) ?? { tool: found.tool, versions: new Set() };
      kept.set(found.tool.id, { ...entry, versions: entry.versions.add(found.version) });
    }
  }
  return [...kept.values()].map(({ tool, versions }) => ({ ...tool, versions: [...versions] }));
}

/** Returns the published number if the number in the file is not higher, else null. */
function staleNumber(part: Part, before: Part): number | null {
  const [set, published] = [part.value as BehaviorSet, before.value as BehaviorSet];
  return set.version > published.version ? null : published.version;
}

function changed(part: Part, before: Part): Change {
  const { what } = part;
  const details = differences(before.value, part.value);
  if (what === 'organization') {
    const shards = (value: unknown) => (value as { directory_shards?: number }).directory_shards;
    if (shards(part.value) !== shards(before.value)) {
      const why = 'directory_shards cannot change: users would no longer find their conversations';
      return { kind: 'refuse', what, details: [why, ...details] };
    }
    const jurisdiction = (value: unknown) => (value as { jurisdiction?: string | null }).jurisdiction ?? null;
    if (jurisdiction(part.value) !== jurisdiction(before.value)) {
      const why = 'jurisdiction cannot change: data of the organization would no longer be found';
      return { kind: 'refuse', what, details: [why, ...details] };
    }
  }
  if (part.permanence === 'version') {
    return { kind: 'refuse', what, details: ['this version is published with other content', ...details] };
  }
  const stale = part.permanence === 'numbered' ? staleNumber(part, before) : null;
  if (stale === null) return { kind: 'change', what, details };
  const why = `version ${stale} is published with other content: use a higher number`;
  return { kind: 'refuse', what, details: [why, ...details] };
}

/**
 * Returns the change of a part that the file lacks. `stays` has the keys of published parts that stay. A version that
 * is not the latest is not mentioned.
 */
function lacking(
  key: string,
  { what }: Part,
  stays: ReadonlySet<string>,
  latest: Published['catalog']['latest'],
): Change[] {
  const [kind, id = '', version] = key.split('/');
  if (kind === 'agents' || kind === 'graphs') {
    const details = ['stays for the conversations that began with it'];
    return String(latest[id]) === version ? [{ kind: 'keep', what, details }] : [];
  }
  if (stays.has(key)) return [{ kind: 'keep', what, details: ['stays for an earlier graph that calls it'] }];
  return [{ kind: 'remove', what, details: [] }];
}

/**
 * Returns every change that publishing a file makes, in the order of the file, and the parts that stay or are refused.
 */
export function diff(published: Published, file: OrganizationFile): Change[] {
  const before = partsOf(published);
  const { id } = file.organization;
  const after = partsOf(readPublished(documentsOf(file), id));
  const stays = new Set(partsOf(readPublished(documentsOf(file, keptTools(published, file)), id)).keys());
  const changes: Change[] = [];
  for (const [key, part] of after) {
    const known = before.get(key);
    if (known === undefined) changes.push({ kind: 'add', what: part.what, details: [] });
    else if (!sameJson(known.value, part.value)) changes.push(changed(part, known));
  }
  for (const [key, part] of before) {
    if (!after.has(key)) changes.push(...lacking(key, part, stays, published.catalog.latest));
  }
  return changes;
}
