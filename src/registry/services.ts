/** Schemas of services and agents. */
import * as z from 'zod';
import { BusyPolicy } from '../contract/turns.ts';
import { VersionNumber } from './graph.ts';
import {
  boundedRecord,
  Identifier,
  KeyTerm,
  Language,
  ModelParams,
  Name,
  OrganizationId,
  Prose,
  Tags,
  textOfAtMost,
} from './primitives.ts';
import { Retention } from './retention.ts';

/** Maximum number of version sets of a service. */
export const MAX_VERSION_SETS = 20;
/** Maximum number of behaviors, and of communication patterns, of an agent. */
export const MAX_PHRASES = 100;

/** Schema of the model and its parameters for one purpose. */
export const LanguageModelConfig = z.strictObject({
  llm_name: Name,
  /** Parameters for the provider, without nesting: temperature, effort and others. */
  params: ModelParams.default({}),
});

export type LanguageModelConfig = z.infer<typeof LanguageModelConfig>;

/** Schema of a version set: the versions of agent and graph, and the models, that a conversation uses. */
export const VersionSet = z.strictObject({
  /** Null means the latest version. */
  agent_version_number: VersionNumber.nullable().default(null),
  service_hierarchical_state_machine_version_number: VersionNumber.nullable().default(null),
  llm_model_preferences: boundedRecord(z.string(), LanguageModelConfig, 50).default({}),
});
export type VersionSet = z.infer<typeof VersionSet>;

/** Default number of visitors that begin from one network in an hour: enough for a large office behind one address. */
const USUAL_VISITORS_PER_HOUR = 300;
const MAX_VISITORS_PER_HOUR = 1_000;

/** Maximum of what a visitor may spend in a day. */
const MAX_TURNS_PER_DAY = 100_000;
const MAX_TOKENS_PER_DAY = 1_000_000_000;

/** Schema of what each visitor may spend in a calendar day (UTC). */
export const PerVisitor = z
  .strictObject({
    turns_per_day: z.int().min(1).max(MAX_TURNS_PER_DAY).optional(),
    /** Input and output tokens of models together. */
    tokens_per_day: z.int().min(1).max(MAX_TOKENS_PER_DAY).optional(),
  })
  .refine(
    ({ turns_per_day, tokens_per_day }) => turns_per_day !== undefined || tokens_per_day !== undefined,
    {
      message: 'must have a limit: "turns_per_day" or "tokens_per_day"',
    },
  );

/** Schema of what a service allows visitors: people without a sign-in. */
export const Visitors = z.strictObject({
  /** Origins of pages whose visitors may use the service; null for every origin that the organization allows. */
  origins: z
    .array(z.url({ protocol: /^https?$/ }).max(300))
    .min(1)
    .max(100)
    .nullable()
    .default(null),
  /** Role of visitors. Whatever it grants holds for their own conversations of this service only. */
  role: Name.default('DefaultVisitorRole'),
  /** True if a browser must do some work before a visitor begins. */
  proof_of_work: z.boolean().default(true),
  /** True if a visitor must pass Cloudflare Turnstile. The deployment needs `TURNSTILE_SECRET`. */
  turnstile: z.boolean().default(false),
  /** Maximum number of visitors that begin from one network (an IPv4 address, a /64 of IPv6) in any hour. */
  visitors_per_hour: z.int().min(1).max(MAX_VISITORS_PER_HOUR).default(USUAL_VISITORS_PER_HOUR),
  /** Hard limits of each visitor, beside the budgets of the organization. Absent for none. */
  per_visitor: PerVisitor.optional(),
  /** Tokens of visitors that were issued before this time are not accepted; null accepts all. */
  valid_after: z.iso
    .datetime({ error: 'must be a time in UTC, such as 2030-01-31T00:00:00Z' })
    .nullable()
    .default(null),
});
export type Visitors = z.infer<typeof Visitors>;

const UserReference = z.strictObject({ org_id: OrganizationId, user_id: Identifier });

const LATEST: VersionSet = {
  agent_version_number: null,
  service_hierarchical_state_machine_version_number: null,
  llm_model_preferences: {},
};

/** Schema of a service: an agent and a graph, by version sets. */
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
  /** The answer to a message that arrives while a turn runs: where a request does not say. Absent for `reject`. */
  busy_policy: BusyPolicy.optional(),
  /** True when every turn is taken up again after a crash. Turns whose requests have a key always are. */
  recover: z.boolean().optional(),
  /** Absent for a service that only signed-in users may use. */
  visitors: Visitors.optional(),
  /** The sentence for a user whose turn is refused because a budget is spent. */
  closed_message: Prose.optional(),
  /** The version set whose models are used once the soft percentage of a budget is passed. Absent: the models stay. */
  economy_version_set: z.string().max(40).optional(),
  /** In place of the organization's retention, as far as it names days. */
  retention: Retention.optional(),
  creator: UserReference,
  updated_by: UserReference,
});
export type Service = z.infer<typeof Service>;

/** Schema of what an agent believes about its relation to its developer. */
export const DeveloperRelation = z.strictObject({
  ownership: Prose,
  type: Prose,
  conversation_visibility: Prose,
  thought_visibility: Prose,
});

/** Maximum number of an agent's initials (published API). */
export const MAX_INITIALS = 3;

/** Schema of one immutable version of an agent: its persona and its language. */
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
  initials: textOfAtMost(MAX_INITIALS).optional(),
  relationship_to_developer: DeveloperRelation.optional(),
});
export type Agent = z.infer<typeof Agent>;

/** Schema of a version of an agent in a file. Without a developer, the organization is the developer. */
export const AgentEntry = Agent.partial({ developed_by: true });
/**
 * Schema of a service in a file. Without a description, the name is the description. Without an agent, a graph or a
 * creator, it has the only agent and the only graph of the file, and its first administrator.
 */
export const ServiceEntry = Service.partial({
  description: true,
  agent_id: true,
  service_hierarchical_state_machine_id: true,
  creator: true,
  updated_by: true,
});
export type ServiceEntry = z.infer<typeof ServiceEntry>;

/** Returns a version of an agent with the defaults of `AgentEntry`. */
export function completeAgent(agent: z.infer<typeof AgentEntry>, organization: string): Agent {
  return { ...agent, developed_by: agent.developed_by ?? organization };
}

/** Default agent, graph and creator of services; null if the file does not determine one. */
export interface ServiceDefaults {
  agent: string | null;
  graph: string | null;
  maker: z.infer<typeof UserReference> | null;
}

/** Returns the identifier that all entries of a list have, or null. */
function onlyId(list: readonly ({ id: string } | null)[]): string | null {
  const [first, ...more] = new Set(list.map((entry) => entry?.id ?? null));
  return more.length > 0 ? null : (first ?? null);
}

/**
 * Returns the defaults of services in a file: its only agent, its only graph, and its first administrator or else its
 * first user.
 */
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

/**
 * Returns a service with the defaults of `ServiceEntry`. A default that is null becomes an empty text, which the check
 * of the file's sense refuses.
 */
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
