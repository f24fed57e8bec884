/** Decisions about agents and context graphs, and their versions. */
import { problem, type ProblemCode } from '../../../problems.ts';
import type { Permission } from '../../../access/permissions.ts';
import type { Issue } from '../../checks/issues.ts';
import type { ContextGraph } from '../../graph.ts';
import { MAX_BLUEPRINTS, type Catalog } from '../../organization.ts';
import type { Agent } from '../../services.ts';
import { validateGraph } from '../../validate-graph.ts';
import { versionKey } from '../../primitives.ts';
import type { Blueprint, BlueprintKind } from '../blueprint.ts';
import type { Actor, CommandOf, Decision, GraphDraft, RegistryState, Write } from '../commands.ts';
import { organizationOf, requirePermission } from './access.ts';
import { bodyProblem } from './issues.ts';

interface Rules {
  noun: string;
  read: Permission;
  create: Permission;
  version: Permission;
  remove: Permission;
  exists: ProblemCode;
  missing: ProblemCode;
  deleted: ProblemCode;
  used: ProblemCode;
  /** The field of a service that names one. */
  field: 'agent_id' | 'service_hierarchical_state_machine_id';
}

const RULES: Record<BlueprintKind, Rules> = {
  agent: {
    noun: 'agent',
    read: 'Organization:GetAgent',
    create: 'Organization:CreateAgent',
    version: 'Organization:CreateAgentVersion',
    remove: 'Organization:DeleteAgent',
    exists: 'agent_exists',
    missing: 'agent_not_found',
    deleted: 'agent_deleted',
    used: 'agent_in_use',
    field: 'agent_id',
  },
  graph: {
    noun: 'service hierarchical state machine',
    read: 'Organization:GetServiceHierarchicalStateMachine',
    create: 'Organization:CreateServiceHierarchicalStateMachine',
    version: 'Organization:CreateServiceHierarchicalStateMachineVersion',
    remove: 'Organization:DeleteServiceHierarchicalStateMachine',
    exists: 'graph_exists',
    missing: 'graph_not_found',
    deleted: 'graph_deleted',
    used: 'graph_in_use',
    field: 'service_hierarchical_state_machine_id',
  },
};

/** Returns the permission to read the agents or the graphs of an organization. */
export function permissionToRead(kind: BlueprintKind): Permission {
  return RULES[kind].read;
}

/** Throws 403 for an actor who may not read an agent or a graph, and 404 where there is none. */
export function requireReadable(state: RegistryState, actor: Actor, kind: BlueprintKind, id: string): void {
  organizationOf(state, actor);
  requirePermission(actor, RULES[kind].read);
  if (state.blueprint(kind, id) === null)
    throw problem(RULES[kind].missing, `There is no such ${RULES[kind].noun}.`);
}

/** Returns an agent or graph. Throws 404 where there is none, 409 where it is deprecated. */
function usable(state: RegistryState, kind: BlueprintKind, id: string): Blueprint {
  const { noun, missing, deleted } = RULES[kind];
  const found = state.blueprint(kind, id);
  if (found === null) throw problem(missing, `There is no such ${noun}.`);
  if (found.deprecated) throw problem(deleted, `The ${noun} "${found.name}" is deleted.`);
  return found;
}

/** Throws 404 for an agent or graph that a service cannot name, 400 for one that it cannot use. */
export function requireUsable(state: RegistryState, kind: BlueprintKind, id: string, isNew: boolean): void {
  const { noun, missing } = RULES[kind];
  const found = state.blueprint(kind, id);
  if (found === null) throw problem(missing, `There is no such ${noun}.`);
  if (state.latestVersion(kind, id) === null) {
    throw problem('service_invalid', `The ${noun} "${found.name}" has no version yet.`);
  }
  if (isNew && found.deprecated) throw problem('service_invalid', `The ${noun} "${found.name}" is deleted.`);
}

export function createBlueprint(
  state: RegistryState,
  actor: Actor,
  { kind, id, name }: CommandOf<'create-blueprint'>,
): Decision {
  organizationOf(state, actor);
  const { noun, create, exists } = RULES[kind];
  requirePermission(actor, create);
  if (state.hasBlueprintName(kind, name)) throw problem(exists, `Another ${noun} has the name "${name}".`);
  if (state.countBlueprints(kind) >= MAX_BLUEPRINTS) {
    throw problem('quota_reached', `An organization has at most ${MAX_BLUEPRINTS} of these.`);
  }
  return {
    writes: [{ type: 'put-blueprint', blueprint: { kind, id, name, deprecated: false } }],
    about: { kind, id },
  };
}

export function deleteBlueprint(
  state: RegistryState,
  actor: Actor,
  { kind, id }: CommandOf<'delete-blueprint'>,
): Decision {
  organizationOf(state, actor);
  const { noun, remove, used, field } = RULES[kind];
  requirePermission(actor, remove);
  const blueprint = usable(state, kind, id);
  const service = state.catalog().services.find((each) => each.is_active && each[field] === id);
  if (service !== undefined) {
    throw problem(used, `The active service "${service.name}" uses this ${noun}.`);
  }
  return {
    writes: [{ type: 'put-blueprint', blueprint: { ...blueprint, deprecated: true } }],
    about: { kind, id },
  };
}

/** Returns the number of a new version. Throws 409 unless it is the one that the caller expects. */
function nextVersion(state: RegistryState, kind: BlueprintKind, id: string, expected: number | null): number {
  const next = (state.latestVersion(kind, id) ?? 0) + 1;
  if (expected === null || expected === next) return next;
  throw problem('version_not_next', `The next version is ${next}, not ${expected}.`);
}

/** Writes a version, and the catalog that names it as the latest. */
function putVersion(
  state: RegistryState,
  actor: Actor,
  kind: BlueprintKind,
  value: Agent | ContextGraph,
): Decision {
  const { id, version } = value;
  const catalog = state.catalog();
  const latest: Catalog['latest'] = { ...catalog.latest, [id]: version };
  const writes: Write[] = [
    { type: 'put', name: { kind, id, version }, value },
    { type: 'put', name: { kind: 'catalog', id: '', version: 0 }, value: { ...catalog, latest } },
    { type: 'tell', kind: 'catalog', users: [actor.user_id] },
  ];
  return { writes, about: { kind, id, version } };
}

/** The fields that the first version of an agent must have (published API). */
const FIRST_FIELDS = ['initials', 'name', 'background', 'behaviors', 'communication_patterns'] as const;

export function createAgentVersion(
  state: RegistryState,
  actor: Actor,
  { id, expected, changes }: CommandOf<'create-agent-version'>,
): Decision {
  organizationOf(state, actor);
  requirePermission(actor, RULES.agent.version);
  usable(state, 'agent', id);
  const latest = state.latestVersion('agent', id);
  if (latest === null) {
    const missing = FIRST_FIELDS.filter((field) => changes[field] === undefined);
    const names = missing.map((field) => (field === 'name' ? 'identity' : field));
    if (names.length > 0) {
      throw problem('agent_incomplete', `The first version of an agent also needs ${names.join(', ')}.`);
    }
  }
  const version = nextVersion(state, 'agent', id, expected);
  const before = latest === null ? { voice_config: null } : (state.version('agent', id, latest) as Agent);
  return putVersion(state, actor, 'agent', { ...before, ...changes, id, version } as Agent);
}

/** Maximum size of the graphs that one refers to, in characters of JSON: an object has 128 MB of memory (platform). */
const MAX_REFERENCED_LENGTH = 8_000_000;

/** Returns the graphs that a graph refers to, and those that they refer to. Throws 400 for more than can be checked. */
function referenced(state: RegistryState, references: ContextGraph['references']): ContextGraph[] {
  const found = new Map<string, ContextGraph>();
  const open = Object.values(references);
  let length = 0;
  for (let info = open.pop(); info !== undefined; info = open.pop()) {
    if (found.has(versionKey(info))) continue;
    const graph = state.version('graph', ...info) as ContextGraph | null;
    if (graph === null) continue;
    length += JSON.stringify(graph).length;
    if (length > MAX_REFERENCED_LENGTH) {
      throw problem('graph_reference_invalid', 'It refers to more state machines than can be checked.');
    }
    found.set(versionKey(info), graph);
    open.push(...Object.values(graph.references));
  }
  return [...found.values()];
}

function deprecatedReferences(state: RegistryState, references: ContextGraph['references']): Issue[] {
  return Object.entries(references).flatMap(([name, [id]]) => {
    const graph = state.blueprint('graph', id);
    if (graph?.deprecated !== true) return [];
    return [{ path: ['references', name], message: `the state machine "${graph.name}" is deleted` }];
  });
}

/** Returns the code of a graph's issues: that of the published API where all of them are of one kind. */
function codeOf(issues: readonly Issue[]): ProblemCode {
  if (issues.every(({ path }) => path[0] === 'references')) return 'graph_reference_invalid';
  return issues.every(({ path }) => path.at(-1) === 'tool_id') ? 'tool_not_found' : 'request_invalid';
}

/**
 * Throws unless the caller may add a version to a graph and the version makes sense: with every issue that it has. States
 * of a draft whose form is wrong are left out.
 */
export function checkGraph(
  state: RegistryState,
  actor: Actor,
  { id, expected }: { id: string; expected: number | null },
  { content, unread }: GraphDraft,
): { name: string; version: number } {
  organizationOf(state, actor);
  requirePermission(actor, RULES.graph.version);
  const { name } = usable(state, 'graph', id);
  const version = nextVersion(state, 'graph', id, null);
  const issues = [
    ...validateGraph(
      { ...content, id, version, name },
      {
        graphs: referenced(state, content.references),
        tools: state.catalog().tools,
        unread: new Set(unread),
      },
    ),
    ...deprecatedReferences(state, content.references),
  ];
  if (issues.length > 0) throw bodyProblem(issues, codeOf(issues));
  return { name, version: nextVersion(state, 'graph', id, expected) };
}

export function createGraphVersion(
  state: RegistryState,
  actor: Actor,
  { id, expected, content }: CommandOf<'create-graph-version'>,
): Decision {
  const { name, version } = checkGraph(state, actor, { id, expected }, { content, unread: [] });
  return putVersion(state, actor, 'graph', { id, version, name, ...content });
}
