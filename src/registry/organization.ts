/** What the registry knows about an organization: parsed when it is written, trusted when it is read. */
import * as z from 'zod';
import { PermissionGrant } from '../access/permissions.ts';
import { ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { BehaviorSet, Metric, Model, Tool } from './capabilities.ts';
import { ContextGraph } from './graph.ts';
import { Identifier, Tags, Text } from './primitives.ts';

/** The identifier of an organization. */
export const OrganizationId = z
  .string()
  .regex(ORGANIZATION_IDENTIFIER, 'must be a DNS label in lower case')
  .meta({ maxLength: 63 });

/** What a user says about themselves in place of the organization; null or absent leaves it to the organization. */
const UserPreferences = z.strictObject({
  conversations_visible_to_admins: z.boolean().nullish(),
  user_model_visible_to_admins: z.boolean().nullish(),
});

export const Preferences = z.strictObject({
  enable_response_recommendation: z.boolean().default(false),
  preferred_language: z.string().length(3).nullable().default(null),
  conversations_visible_to_admins: z.boolean().default(true),
  user_model_visible_to_admins: z.boolean().default(true),
  timezone: z.string().nullable().default(null),
  audio_keyterms: z.array(z.string()).default([]),
});

export const Role = z.strictObject({
  name: Text,
  description: Text,
  permission_grants: z.array(PermissionGrant),
});
export type Role = z.infer<typeof Role>;

/** The number of Directory objects an organization's users are spread over when nothing else is said. */
export const DEFAULT_DIRECTORY_SHARDS = 16;
/** Six bits of a continuation token name the shard. */
export const MAX_DIRECTORY_SHARDS = 64;

/** A counter is one small value; thousands of stamps would not be. */
const MAX_RATE_LIMIT = 1_000;

/** A token cannot be taken back: one of ours lives an hour as well. A day is the longest that logins commonly use. */
const USUAL_TOKEN_AGE_SECONDS = 3_600;
const MAX_TOKEN_AGE_SECONDS = 86_400;

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
  /** The `typ` that a token's header must have, such as `at+jwt`; `null` for `JWT` or none. */
  typ: Text.nullable().default(null),
  /** The longest that a token may live, and be accepted after it was issued. */
  max_token_age_seconds: z.int().min(60).max(MAX_TOKEN_AGE_SECONDS).default(USUAL_TOKEN_AGE_SECONDS),
  /** The roles whose users it may sign in; `null` for those with no power beyond that of `DefaultUserRole`. */
  roles: z.array(Text).min(1).nullable().default(null),
});
export type TokenIssuer = z.infer<typeof TokenIssuer>;

export const Organization = z.strictObject({
  id: OrganizationId,
  name: Text,
  tenant_id: z.string().nullable(),
  default_user_preferences: Preferences.prefault({}),
  /** Fixed for the life of the organization: a user's conversations stay in the shard that they began in. */
  directory_shards: z.int().min(1).max(MAX_DIRECTORY_SHARDS).default(DEFAULT_DIRECTORY_SHARDS),
  roles: z.array(Role),
  /** Origins whose pages may call the API from a browser. */
  allowed_origins: z.array(z.url({ protocol: /^https?$/ })).default([]),
  /** Requests in any 60 seconds by operation, where they differ from the published limits. */
  rate_limits: z.record(z.string(), z.int().min(1).max(MAX_RATE_LIMIT)).default({}),
  /** While set, every operation of the organization answers 503. */
  maintenance: z
    .strictObject({ retry_after_seconds: z.int().min(1) })
    .nullable()
    .default(null),
  /** Users of other organizations who may act in this one, and the role they have here; `null` for all its users. */
  guests: z
    .array(z.strictObject({ org_id: OrganizationId, user_ids: z.array(Identifier).nullable(), role: Text }))
    .default([]),
  /** Issuers of a front end's own login whose tokens are accepted. */
  token_issuers: z.array(TokenIssuer).default([]),
});
export type Organization = z.infer<typeof Organization>;

export const User = z.strictObject({
  id: Identifier,
  name: Text,
  role: Text,
  /** ISO 639-3; the organization's when there is none. */
  preferred_language: z.string().length(3).nullish(),
  preferences: UserPreferences.nullish(),
});
export type User = z.infer<typeof User>;

export const ApiKey = z.strictObject({
  id: Identifier,
  /** SHA-256 of the key, 64 hexadecimal digits. The key itself is nowhere. */
  hash: z.string().regex(/^[a-f0-9]{64}$/),
  role: Text,
  expires_at: z.iso.datetime().nullable(),
  /** Accepted only where the deployment is declared a development one: demo keys are public knowledge. */
  development_only: z.boolean().default(false),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const LanguageModelConfig = z.strictObject({
  llm_name: Text,
  /** Provider parameters are flat: temperature, effort, and the like. */
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});

export type LanguageModelConfig = z.infer<typeof LanguageModelConfig>;

export const VersionSet = z.strictObject({
  agent_version_number: z.int().nullable(),
  service_hierarchical_state_machine_version_number: z.int().nullable(),
  llm_model_preferences: z.record(z.string(), LanguageModelConfig),
});
export type VersionSet = z.infer<typeof VersionSet>;

const UserReference = z.strictObject({ org_id: z.string(), user_id: z.string() });

export const Service = z.strictObject({
  id: Identifier,
  name: Text,
  description: Text,
  is_active: z.boolean(),
  service_hierarchical_state_machine_id: Identifier,
  agent_id: Identifier,
  version_sets: z.record(z.string(), VersionSet),
  tags: Tags,
  keyterms: z.array(z.string()).max(20),
  creator: UserReference,
  updated_by: UserReference,
});
export type Service = z.infer<typeof Service>;

/** One immutable version of an agent: who it is and how it speaks. */
export const Agent = z.strictObject({
  id: Identifier,
  version: z.int().min(1),
  name: Text,
  role: Text,
  developed_by: Text,
  default_spoken_language: z.string().length(3),
  background: Text,
  behaviors: z.array(Text),
  communication_patterns: z.array(Text),
  voice_config: z.strictObject({ voice_id: Text }).nullable(),
});
export type Agent = z.infer<typeof Agent>;

/** Everything that one file publishes: an organization with its people, services, agents and graphs. */
export const OrganizationFile = z.strictObject({
  organization: Organization,
  users: z.array(User),
  api_keys: z.array(ApiKey),
  agents: z.array(Agent),
  graphs: z.array(ContextGraph),
  services: z.array(Service),
  tools: z.array(Tool).default([]),
  dynamic_behavior_sets: z.array(BehaviorSet).default([]),
  metrics: z.array(Metric).default([]),
  models: z.array(Model).default([]),
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
