/** What the registry knows about an organization: parsed when it is written, trusted when it is read. */
import * as z from 'zod';
import { PermissionGrant } from '../access/permissions.ts';
import { BehaviorSet, Metric, Model, Tool } from './capabilities.ts';
import { completeGraph, GraphEntry } from './graph.ts';
import {
  boundedRecord,
  Identifier,
  KeyTerm,
  MAX_NAME_LENGTH,
  Name,
  OrganizationId,
  Prose,
  Text,
} from './primitives.ts';
import {
  AgentEntry,
  completeAgent,
  completeService,
  Language,
  serviceDefaults,
  ServiceEntry,
  type Service,
} from './services.ts';

export { Agent, LanguageModelConfig, Service, VersionSet } from './services.ts';
export { OrganizationId } from './primitives.ts';

/** What a user says about themselves in place of the organization; null or absent leaves it to the organization. */
const UserPreferences = z.strictObject({
  conversations_visible_to_admins: z.boolean().nullish(),
  user_model_visible_to_admins: z.boolean().nullish(),
});

/** The most entries of each list of a file. A file of this size fills the catalog, which is one value of 25 MiB at most. */
const MAX = {
  users: 20_000,
  keys: 1_000,
  versions: 500,
  services: 500,
  capabilities: 200,
  roles: 100,
  grants: 200,
  guests: 200,
  issuers: 20,
  origins: 100,
  keyterms: 100,
} as const;

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
  preferences: UserPreferences.nullish(),
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

/** Everything that one file publishes. Its form is checked here; its sense is checked by `parseOrganizationFile`. */
export const OrganizationFile = OrganizationForm.transform(({ $schema: _schema, ...form }) => {
  const { id, name } = form.organization;
  const defaults = serviceDefaults(id, form, form.users);
  return {
    ...form,
    agents: form.agents.map((agent) => completeAgent(agent, name)),
    graphs: form.graphs.map(completeGraph),
    services: form.services.map((service) => completeService(service, defaults)),
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
