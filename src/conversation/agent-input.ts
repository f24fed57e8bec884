import type { BehaviorSet } from '../registry/capabilities.ts';
import type { ContextGraph } from '../registry/graph.ts';
import type { Agent, Catalog } from '../registry/organization.ts';
import { versionKey } from '../registry/primitives.ts';
import type { RegistryReader, ResolvedVersions } from '../registry/reader.ts';

/** The agent that speaks, as the registry holds it. It does not change while an answer is made. */
export interface AgentInput {
  catalog: Catalog;
  agent: Agent;
  /** The graph that the conversation begins in. */
  root: ContextGraph;
  /** The root graph and all that it refers to, by `versionKey`. */
  graphs: ReadonlyMap<string, ContextGraph>;
  /** The behavior sets of the service, each in its newest version. */
  behaviors: BehaviorSet[];
  /** The time zone of the user, else of the organization; null where neither has one. */
  timezone: string | null;
}

/** Names the agent: the service of an organization, in the versions that a conversation is fixed to. */
export interface AgentSource {
  organization: string;
  service_id: string;
  versions: ResolvedVersions;
  /** The user that the agent speaks with. */
  user_id: string;
}

/** Returns the newest version of each behavior set that concerns a service. */
function behaviorsOf({ dynamic_behavior_sets: sets }: Catalog, serviceId: string): BehaviorSet[] {
  const newest = new Map<string, BehaviorSet>();
  for (const set of sets) {
    if (set.service_ids.length > 0 && !set.service_ids.includes(serviceId)) continue;
    if (set.version > (newest.get(set.id)?.version ?? 0)) newest.set(set.id, set);
  }
  return [...newest.values()];
}

/**
 * Reads what an agent answers with, for a turn, for recommended responses and for conversation starters. Returns null
 * when the agent or its graph is not in the registry; throws `registry_unavailable` when the registry does not answer.
 */
export async function readAgentInput(
  registry: RegistryReader,
  { organization, service_id, versions, user_id }: AgentSource,
): Promise<AgentInput | null> {
  // Without it an agent tells the time of the world: no turn fails because of it.
  const zone = registry.timezone(organization, user_id).catch(() => null);
  const catalog = await registry.catalog(organization);
  const graphs = await registry.graphs(organization, versions.graph);
  const agent = await registry.agent(organization, versions.agent);
  const root = graphs.get(versionKey(versions.graph));
  if (root === undefined || agent === null) return null;
  return { catalog, agent, root, graphs, behaviors: behaviorsOf(catalog, service_id), timezone: await zone };
}

/**
 * Returns the models of a conversation by their purpose: those that it began with, or the economical ones of its service,
 * where it has them, when `isEconomical`.
 */
export function modelPreferences(
  { services }: Pick<Catalog, 'services'>,
  { service_id, versions }: Pick<AgentSource, 'service_id' | 'versions'>,
  isEconomical: boolean,
): ResolvedVersions['llm_model_preferences'] {
  const service = isEconomical ? services.find(({ id }) => id === service_id) : undefined;
  const name = service?.economy_version_set;
  const set = name === undefined ? undefined : service?.version_sets[name];
  return set?.llm_model_preferences ?? versions.llm_model_preferences;
}
