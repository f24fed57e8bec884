/** Services, and the agents that speak in them. */
import * as z from 'zod';
import { VersionNumber } from './graph.ts';
import {
  boundedRecord,
  Identifier,
  KeyTerm,
  ModelParams,
  Name,
  OrganizationId,
  Prose,
  Tags,
} from './primitives.ts';

/** The most version sets of a service. */
const MAX_VERSION_SETS = 20;
/** The most phrases of a kind by which an agent is described. */
const MAX_PHRASES = 100;

/** ISO 639-3. Which codes there are is checked with the sense of a file. */
export const Language = z.string().length(3, 'must be a code of three letters (ISO 639-3)');

export const LanguageModelConfig = z.strictObject({
  llm_name: Name,
  /** Provider parameters are flat: temperature, effort, and the like. */
  params: ModelParams.default({}),
});

export type LanguageModelConfig = z.infer<typeof LanguageModelConfig>;

export const VersionSet = z.strictObject({
  /** `null` for the latest version. */
  agent_version_number: VersionNumber.nullable().default(null),
  service_hierarchical_state_machine_version_number: VersionNumber.nullable().default(null),
  llm_model_preferences: boundedRecord(z.string(), LanguageModelConfig, 50).default({}),
});
export type VersionSet = z.infer<typeof VersionSet>;

const UserReference = z.strictObject({ org_id: OrganizationId, user_id: Identifier });

const LATEST: VersionSet = {
  agent_version_number: null,
  service_hierarchical_state_machine_version_number: null,
  llm_model_preferences: {},
};

export const Service = z.strictObject({
  id: Identifier,
  name: Name,
  description: Prose,
  is_active: z.boolean().default(true),
  service_hierarchical_state_machine_id: Identifier,
  agent_id: Identifier,
  version_sets: boundedRecord(
    z
      .string()
      .max(40)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must consist of letters, digits, underscores and hyphens'),
    VersionSet,
    MAX_VERSION_SETS,
  ).default({ release: LATEST, edge: LATEST }),
  tags: Tags.default({}),
  keyterms: z.array(KeyTerm).max(20).default([]),
  creator: UserReference,
  updated_by: UserReference,
});
export type Service = z.infer<typeof Service>;

/** One immutable version of an agent: who it is and how it speaks. */
export const Agent = z.strictObject({
  id: Identifier,
  version: VersionNumber.default(1),
  name: Name,
  role: Name.default('Assistant'),
  developed_by: Name,
  default_spoken_language: Language.default('eng'),
  background: Prose,
  behaviors: z.array(Prose).max(MAX_PHRASES).default([]),
  communication_patterns: z.array(Prose).max(MAX_PHRASES).default([]),
  voice_config: z.strictObject({ voice_id: Name }).nullable().default(null),
});
export type Agent = z.infer<typeof Agent>;

/** A version of an agent as a file may write it: the organization has developed it where nothing else is said. */
export const AgentEntry = Agent.partial({ developed_by: true });
/**
 * A service as a file may write it: its name describes it, the file's only agent and graph serve it, and the first
 * administrator has made it.
 */
export const ServiceEntry = Service.partial({
  description: true,
  agent_id: true,
  service_hierarchical_state_machine_id: true,
  creator: true,
  updated_by: true,
});
export type ServiceEntry = z.infer<typeof ServiceEntry>;

/** Fills in what a version of an agent leaves out. */
export function completeAgent(agent: z.infer<typeof AgentEntry>, organization: string): Agent {
  return { ...agent, developed_by: agent.developed_by ?? organization };
}

/** What services have that name nothing else; null where the file does not tell. */
export interface ServiceDefaults {
  agent: string | null;
  graph: string | null;
  maker: z.infer<typeof UserReference> | null;
}

/** Returns the identifier that all of a list have, or null. */
function onlyId(list: readonly ({ id: string } | null)[]): string | null {
  const [first, ...more] = new Set(list.map((entry) => entry?.id ?? null));
  return more.length > 0 ? null : (first ?? null);
}

/** Returns what services of a file have that say nothing: its only agent, its only graph, its first administrator. */
export function serviceDefaults(
  organization: string,
  file: Readonly<Record<'agents' | 'graphs', readonly ({ id: string } | null)[]>>,
  users: readonly { id: string; role: string }[],
): ServiceDefaults {
  const maker = users.find(({ role }) => role === 'DefaultAdministratorRole') ?? users[0];
  return {
    agent: onlyId(file.agents),
    graph: onlyId(file.graphs),
    maker: maker === undefined ? null : { org_id: organization, user_id: maker.id },
  };
}

/** Fills in what a service leaves out. What the defaults lack stays empty: the check of the file's sense refuses it. */
export function completeService(service: ServiceEntry, { agent, graph, maker }: ServiceDefaults): Service {
  const { creator = maker ?? { org_id: '', user_id: '' }, updated_by = creator } = service;
  return {
    ...service,
    description: service.description ?? service.name,
    agent_id: service.agent_id ?? agent ?? '',
    service_hierarchical_state_machine_id: service.service_hierarchical_state_machine_id ?? graph ?? '',
    creator,
    updated_by,
  };
}
