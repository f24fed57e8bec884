/** What the registry knows about an organization: parsed when it is written, trusted when it is read. */
import * as z from 'zod';
import { PermissionGrant } from '../access/permissions.ts';
import { BehaviorSet, Metric, Model, Tool } from './capabilities.ts';
import { GraphEntry, VersionNumber, type ContextGraph } from './graph.ts';
import {
  boundedRecord,
  Identifier,
  KeyTerm,
  MAX_NAME_LENGTH,
  ModelParams,
  Name,
  Prose,
  Tags,
  Text,
} from './primitives.ts';

export const OrganizationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a DNS label in lower case');

/** The most entries of each list of a file. A file of this size fills the catalog, which is one value of 25 MiB at most. */
const MAX = {
  users: 20_000,
  keys: 1_000,
  versions: 500,
  services: 500,
  version_sets: 20,
  capabilities: 200,
  roles: 100,
  grants: 200,
  guests: 200,
  issuers: 20,
  origins: 100,
  keyterms: 100,
  phrases: 100,
} as const;

/** ISO 639-3. Which codes there are is checked by `check-settings.ts`. */
const Language = z.string().length(3, 'must be a code of three letters (ISO 639-3)');

export const Preferences = z.strictObject({
  enable_response_recommendation: z.boolean().default(false),
  preferred_language: Language.nullable().default(null),
  conversations_visible_to_admins: z.boolean().default(true),
  user_model_visible_to_admins: z.boolean().default(true),
  timezone: z.string().max(100).nullable().default(null),
  audio_keyterms: z.array(KeyTerm).max(MAX.keyterms).default([]),
});

export const Role = z.strictObject({
  name: Name,
  description: Prose.default('A role of this organization.'),
  permission_grants: z.array(PermissionGrant).max(MAX.grants),
});
export type Role = z.infer<typeof Role>;

/** The number of Directory objects an organization's users are spread over when nothing else is said. */
export const DEFAULT_DIRECTORY_SHARDS = 16;
/** Six bits of a continuation token name the shard. */
export const MAX_DIRECTORY_SHARDS = 64;

/** A counter is one small value; thousands of stamps would not be. */
const MAX_RATE_LIMIT = 1_000;

/** Another issuer of tokens for this organization's users (OpenID Connect or the like). */
export const TokenIssuer = z.strictObject({
  issuer: Text,
  jwks_url: z.url({ protocol: /^https$/ }),
  audience: Text,
  /** The claim that holds the identifier of the user. */
  user_claim: Text.default('sub'),
  algorithms: z
    .array(z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']))
    .min(1)
    .default(['ES256', 'RS256']),
});
export type TokenIssuer = z.infer<typeof TokenIssuer>;

export const Organization = z.strictObject({
  id: OrganizationId,
  name: Name,
  tenant_id: z.string().max(MAX_NAME_LENGTH).nullable().default(null),
  default_user_preferences: Preferences.prefault({}),
  /** Fixed for the life of the organization: a user's conversations stay in the shard that they began in. */
  directory_shards: z.int().min(1).max(MAX_DIRECTORY_SHARDS).default(DEFAULT_DIRECTORY_SHARDS),
  roles: z.array(Role).max(MAX.roles).default([]),
  /** Origins whose pages may call the API from a browser. */
  allowed_origins: z
    .array(z.url({ protocol: /^https?$/ }).max(300))
    .max(MAX.origins)
    .default([]),
  /** Requests in any 60 seconds by operation, where they differ from the published limits. */
  rate_limits: boundedRecord(z.string(), z.int().min(1).max(MAX_RATE_LIMIT), 100).default({}),
  /** While set, every operation of the organization answers 503. */
  maintenance: z
    .strictObject({ retry_after_seconds: z.int().min(1).max(86_400) })
    .nullable()
    .default(null),
  /** Users of other organizations who may act in this one, and the role they have here; `null` for all its users. */
  guests: z
    .array(
      z.strictObject({
        org_id: OrganizationId,
        user_ids: z.array(Identifier).max(MAX.users).nullable().default(null),
        role: Name,
      }),
    )
    .max(MAX.guests)
    .default([]),
  /** Issuers of a front end's own login whose tokens are accepted. */
  token_issuers: z.array(TokenIssuer).max(MAX.issuers).default([]),
});
export type Organization = z.infer<typeof Organization>;

export const User = z.strictObject({
  id: Identifier,
  name: Name,
  role: Name.default('DefaultUserRole'),
  /** ISO 639-3; the organization's when there is none. */
  preferred_language: Language.nullish(),
});
export type User = z.infer<typeof User>;

export const ApiKey = z.strictObject({
  id: Identifier,
  /** SHA-256 of the key, 64 hexadecimal digits. The key itself is nowhere. */
  hash: z.string().regex(/^[a-f0-9]{64}$/, 'must be 64 hexadecimal digits, in lower case'),
  role: Name.default('DefaultKeyRole'),
  expires_at: z.iso
    .datetime({ error: 'must be a time in UTC, such as 2030-01-31T00:00:00Z' })
    .nullable()
    .default(null),
  /** Accepted only where the deployment is declared a development one: demo keys are public knowledge. */
  development_only: z.boolean().default(false),
});
export type ApiKey = z.infer<typeof ApiKey>;

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
    MAX.version_sets,
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
  behaviors: z.array(Prose).max(MAX.phrases).default([]),
  communication_patterns: z.array(Prose).max(MAX.phrases).default([]),
  voice_config: z.strictObject({ voice_id: Name }).nullable().default(null),
});
export type Agent = z.infer<typeof Agent>;

/** A version of an agent as a file may write it: the organization has developed it where nothing else is said. */
export const AgentEntry = Agent.partial({ developed_by: true });
/** A service as a file may write it: its name describes it, and the first administrator has made it. */
export const ServiceEntry = Service.partial({ description: true, creator: true, updated_by: true });

/** The form of a file: an organization with its people, services, agents and graphs. */
export const OrganizationForm = z.strictObject({
  /** Where an editor finds the JSON Schema of this file. It is not published. */
  $schema: z.string().max(2_000).optional(),
  organization: Organization,
  users: z.array(User).max(MAX.users).default([]),
  api_keys: z.array(ApiKey).max(MAX.keys).default([]),
  agents: z.array(AgentEntry).max(MAX.versions).default([]),
  graphs: z.array(GraphEntry).max(MAX.versions).default([]),
  services: z.array(ServiceEntry).max(MAX.services).default([]),
  tools: z.array(Tool).max(MAX.capabilities).default([]),
  dynamic_behavior_sets: z.array(BehaviorSet).max(MAX.capabilities).default([]),
  metrics: z.array(Metric).max(MAX.capabilities).default([]),
  models: z.array(Model).max(MAX.capabilities).default([]),
});

/** Fills in what a version of an agent leaves out. */
export function completeAgent(agent: z.infer<typeof AgentEntry>, organization: string): Agent {
  return { ...agent, developed_by: agent.developed_by ?? organization };
}

/** Fills in what a version of a graph leaves out. */
export function completeGraph(graph: z.infer<typeof GraphEntry>): ContextGraph {
  const { description = graph.name, returning_user_initial_state = graph.new_user_initial_state } = graph;
  return { ...graph, description, returning_user_initial_state };
}

/** Fills in what a service leaves out. `maker` is the user who made the services of a file that names none. */
export function completeService(
  service: z.infer<typeof ServiceEntry>,
  maker: z.infer<typeof UserReference>,
): Service {
  const { description = service.name, creator = maker, updated_by = creator } = service;
  return { ...service, description, creator, updated_by };
}

/** Returns who has made the services of a file that does not say it: its first administrator, else its first user. */
export function makerOf(organization: string, users: readonly User[]): z.infer<typeof UserReference> | null {
  const maker = users.find(({ role }) => role === 'DefaultAdministratorRole') ?? users[0];
  return maker === undefined ? null : { org_id: organization, user_id: maker.id };
}

/** Everything that one file publishes. Its form is checked here; its sense is checked by `parseOrganizationFile`. */
export const OrganizationFile = OrganizationForm.transform(({ $schema: _schema, ...form }) => {
  const { id, name } = form.organization;
  const maker = makerOf(id, form.users) ?? { org_id: id, user_id: '' };
  return {
    ...form,
    agents: form.agents.map((agent) => completeAgent(agent, name)),
    graphs: form.graphs.map(completeGraph),
    services: form.services.map((service) => completeService(service, maker)),
  };
});
export type OrganizationFile = z.infer<typeof OrganizationFile>;

/** The services of an organization, what its agents can do, and the newest version of every agent and graph. */
export interface Catalog {
  services: Service[];
  latest: Record<string, number>;
  tools: Tool[];
  dynamic_behavior_sets: BehaviorSet[];
  metrics: Metric[];
  models: Model[];
}
