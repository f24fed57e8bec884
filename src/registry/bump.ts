/**
 * Assigns version numbers: an entry whose content differs from the published version of its number gets the next
 * number.
 */
import type { BehaviorSet, Tool, ToolVersion } from './capabilities.ts';
import { walkReferences } from './checks/circles.ts';
import { sameJson } from './differences.ts';
import type { ContextGraph } from './graph.ts';
import type { OrganizationFile } from './organization.ts';
import type { Service, VersionSet } from './services.ts';
import { versionKey } from './primitives.ts';
import type { Published } from './published.ts';

/** A file with assigned version numbers. */
export interface BumpedFile {
  file: OrganizationFile;
  /** One line for each entry whose number differs from that in the file. */
  notes: string[];
}

interface Versioned {
  id: string;
  name: string;
  version: number;
}

/**
 * Returns the version number to publish an entry under: its own if no other content is published under it, else one
 * that is published with the same content, else the next.
 */
function numberFor<Thing extends Versioned>(
  thing: Thing,
  published: readonly Thing[],
  taken: ReadonlySet<number>,
): number {
  const known = published.filter(({ id }) => id === thing.id);
  const same = (other: Thing) => sameJson({ ...other, version: 0 }, { ...thing, version: 0 });
  const own = known.find(({ version }) => version === thing.version);
  if (own === undefined || same(own)) return thing.version;
  const equal = known.findLast((other) => same(other) && !taken.has(other.version));
  return equal?.version ?? Math.max(thing.version, ...known.map(({ version }) => version), ...taken) + 1;
}

/** Assigns numbers to entries of one kind. Only the newest version of each entry gets a new one. */
class Numbering {
  readonly notes: string[] = [];
  readonly #kind: string;
  /** Published version numbers by the `versionKey` in the file. */
  readonly #numbers = new Map<string, number>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Returns an entry with its version number to publish. */
  number<Thing extends Versioned>(
    thing: Thing,
    inFile: readonly Thing[],
    published: readonly Thing[],
  ): Thing {
    const taken = new Set(inFile.filter(({ id }) => id === thing.id).map(({ version }) => version));
    if (thing.version !== Math.max(...taken)) return thing;
    const version = numberFor(thing, published, taken);
    if (version === thing.version) return thing;
    this.notes.push(
      `${this.#kind}[${thing.name}]: version ${thing.version} of the file is version ${version}`,
    );
    this.#numbers.set(versionKey([thing.id, thing.version]), version);
    return { ...thing, version };
  }

  /** Returns the version number that replaces a number of the file. */
  became(id: string, version: number): number {
    return this.#numbers.get(versionKey([id, version])) ?? version;
  }
}

/**
 * Assigns numbers to graphs. A graph gets its number after those that it refers to, because references are part of its
 * content.
 */
function numberGraphs(
  graphs: readonly ContextGraph[],
  published: Published,
  numbering: Numbering,
): ContextGraph[] {
  const byKey = new Map(graphs.map((graph) => [versionKey([graph.id, graph.version]), graph]));
  const references = new Map(
    [...byKey].map(([key, graph]) => [key, Object.values(graph.references).map(versionKey)]),
  );
  const numbered = new Map<string, ContextGraph>();
  for (const key of walkReferences(references).order) {
    const graph = byKey.get(key);
    if (graph === undefined) continue;
    const followed = Object.entries(graph.references).map(
      ([name, [id, version]]) => [name, [id, numbering.became(id, version)]] as const,
    );
    const current = { ...graph, references: Object.fromEntries(followed) as ContextGraph['references'] };
    numbered.set(key, numbering.number(current, graphs, published.graphs));
  }
  return [...byKey.keys()].flatMap((key) => numbered.get(key) ?? []);
}

/** Returns the next free version of a tool. Its third part is counted up, so that newer versions compare as newer. */
function nextToolVersion(version: string, taken: ReadonlySet<string>): string {
  const [major = '0', minor = '0', patch = '0'] = version.split('.');
  for (let next = Number(patch) + 1; ; next += 1) {
    const candidate = `${major}.${minor}.${next}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * Adds a version to a tool for each version whose published content differs. The published version stays, because a
 * graph may be pinned to it.
 */
function numberTool(tool: Tool, published: Tool | undefined, notes: string[]): Tool {
  const known = published?.versions ?? [];
  const taken = new Set([...known, ...tool.versions].map(({ version }) => version));
  const versions = tool.versions.flatMap((version): ToolVersion[] => {
    const same = (other: ToolVersion) => sameJson({ ...other, version: '' }, { ...version, version: '' });
    const own = known.find((other) => other.version === version.version);
    if (own === undefined || same(own)) return [version];
    const isFree = (other: ToolVersion) => !tool.versions.some((each) => each.version === other.version);
    const number =
      known.findLast((other) => same(other) && isFree(other))?.version ??
      nextToolVersion(version.version, taken);
    taken.add(number);
    notes.push(`tools[${tool.name}]: version ${version.version} of the file is version ${number}`);
    return [own, { ...version, version: number }];
  });
  return { ...tool, versions };
}

function numberBehavior(set: BehaviorSet, published: readonly BehaviorSet[], notes: string[]): BehaviorSet {
  const known = published.find(({ id }) => id === set.id);
  if (known === undefined || set.version > known.version) return set;
  const version = sameJson({ ...known, version: 0 }, { ...set, version: 0 })
    ? known.version
    : known.version + 1;
  if (version === set.version) return set;
  notes.push(`dynamic_behavior_sets[${set.name}]: version ${set.version} of the file is version ${version}`);
  return { ...set, version };
}

type Pins = Pick<VersionSet, 'agent_version_number' | 'service_hierarchical_state_machine_version_number'>;

/**
 * Changes the pins of a version set to the assigned numbers. A set that does not follow keeps the published pins. A set
 * without a pin uses the latest version, and stays without one.
 */
function moved(set: VersionSet, became: Pins, published: Pins | undefined, follows: boolean): VersionSet {
  const pin = (field: keyof Pins) => {
    if (set[field] === null || became[field] === set[field]) return set[field];
    return follows ? became[field] : (published?.[field] ?? set[field]);
  };
  return {
    ...set,
    agent_version_number: pin('agent_version_number'),
    service_hierarchical_state_machine_version_number: pin(
      'service_hierarchical_state_machine_version_number',
    ),
  };
}

/** Changes the pins of a service's version sets to the assigned numbers of its agent and graph. */
function repointed(
  service: Service,
  published: Service | undefined,
  numberings: { agents: Numbering; graphs: Numbering },
  following: readonly string[],
): Service {
  const { agent_id, service_hierarchical_state_machine_id: graph_id } = service;
  const sets = Object.entries(service.version_sets).map(([name, set]) => {
    const { agent_version_number: agent, service_hierarchical_state_machine_version_number: graph } = set;
    const became = {
      agent_version_number: agent && numberings.agents.became(agent_id, agent),
      service_hierarchical_state_machine_version_number: graph && numberings.graphs.became(graph_id, graph),
    };
    return [name, moved(set, became, published?.version_sets[name], following.includes(name))] as const;
  });
  return { ...service, version_sets: Object.fromEntries(sets) };
}

/**
 * Assigns the next number to each agent, graph, tool version and behavior set whose content differs from the published
 * one of its number. The version set `edge` follows the new numbers. `release` follows if `release` is true, and every
 * other set keeps its versions.
 */
export function bump(published: Published, file: OrganizationFile, release: boolean): BumpedFile {
  const numberings = { agents: new Numbering('agents'), graphs: new Numbering('graphs') };
  const notes: string[] = [];
  const { catalog } = published;
  const numbered = {
    agents: file.agents.map((agent) => numberings.agents.number(agent, file.agents, published.agents)),
    graphs: numberGraphs(file.graphs, published, numberings.graphs),
    tools: file.tools.map((tool) =>
      numberTool(
        tool,
        catalog.tools.find(({ id }) => id === tool.id),
        notes,
      ),
    ),
    dynamic_behavior_sets: file.dynamic_behavior_sets.map((set) =>
      numberBehavior(set, catalog.dynamic_behavior_sets, notes),
    ),
  };
  const following = release ? ['edge', 'release'] : ['edge'];
  const services = file.services.map((service) => {
    const known = catalog.services.find(({ id }) => id === service.id);
    return repointed(service, known, numberings, following);
  });
  return {
    file: { ...file, ...numbered, services },
    notes: [...numberings.agents.notes, ...numberings.graphs.notes, ...notes],
  };
}
