/** Schema of an organization with its settings: all that a start needs of the schemas of its file. */
import * as z from 'zod';
import { PermissionGrant } from '../access/permissions.ts';
import { JURISDICTIONS } from '../home.ts';
import { BudgetLimit, MAX_BUDGETS } from './budgets.ts';
import {
  boundedRecord,
  Identifier,
  KeyTerm,
  Language,
  MAX_NAME_LENGTH,
  Name,
  OrganizationId,
  Prose,
  Text,
} from './primitives.ts';
import { Retention } from './retention.ts';

/**
 * Maximum number of entries of each list of a file. A file of this size fills the catalog, which is one value of at
 * most 25 MiB.
 */
export const MAX = {
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
  dimensions: 50,
  tags: 50,
  contexts: 20,
} as const;

/**
 * Maximum number of users, roles and services, of grants of a role, of sentences of additional context of a user, and of
 * agents and graphs.
 */
export const {
  users: MAX_USERS,
  roles: MAX_ROLES,
  services: MAX_SERVICES,
  grants: MAX_GRANTS,
  contexts: MAX_CONTEXTS,
  versions: MAX_BLUEPRINTS,
} = MAX;

/** Schema of an aspect of users that user models are about. */
export const UserDimension = z.strictObject({
  description: Prose,
  tags: z.array(Name).max(MAX.tags),
});
export type UserDimension = z.infer<typeof UserDimension>;

/** Schema of the preferences of an organization for its users. */
export const Preferences = z.strictObject({
  enable_response_recommendation: z.boolean().default(false),
  preferred_language: Language.nullable().default(null),
  conversations_visible_to_admins: z.boolean().default(true),
  user_model_visible_to_admins: z.boolean().default(true),
  timezone: z.string().max(100).nullable().default(null),
  audio_keyterms: z.array(KeyTerm).max(MAX.keyterms).default([]),
});

/** Schema of a role: a name with its grants. */
export const Role = z.strictObject({
  name: Name,
  description: Prose.default('A role of this organization.'),
  permission_grants: z.array(PermissionGrant).max(MAX.grants),
  /** View of a front end for users of the role; `client` by default. Nothing here depends on it. */
  frontend_view: z.enum(['client', 'admin']).optional(),
});
export type Role = z.infer<typeof Role>;

/** Default number of `Directory` objects of an organization's users. */
export const DEFAULT_DIRECTORY_SHARDS = 16;
/** Maximum number of `Directory` objects: six bits of a continuation token name the shard. */
export const MAX_DIRECTORY_SHARDS = 64;

/** Maximum of a configured rate limit. A counter has one time per request, and must stay a small value. */
const MAX_RATE_LIMIT = 1_000;

/**
 * Default and maximum age of a foreign token in seconds. A token cannot be revoked, so the default is that of the
 * deployment's own tokens. Common logins use a day at most.
 */
const USUAL_TOKEN_AGE_SECONDS = 3_600;
const MAX_TOKEN_AGE_SECONDS = 86_400;

/** Schema of a foreign issuer of tokens for this organization's users (OpenID Connect or similar). */
export const TokenIssuer = z.strictObject({
  issuer: Text,
  jwks_url: z.url({ protocol: /^https$/ }),
  audience: Text,
  /** Claim with the identifier of the user. */
  user_claim: Text.default('sub'),
  algorithms: z
    .array(z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']))
    .min(1)
    .default(['ES256', 'RS256']),
  /** Required `typ` of a token's header, such as `at+jwt`; null for `JWT` or none. */
  typ: Text.nullable().default(null),
  /** Maximum lifetime of a token, and maximum age at which it is accepted, in seconds. */
  max_token_age_seconds: z.int().min(60).max(MAX_TOKEN_AGE_SECONDS).default(USUAL_TOKEN_AGE_SECONDS),
  /** Roles of the users that the issuer may sign in; null for roles that grant no more than `DefaultUserRole`. */
  roles: z.array(Text).min(1).nullable().default(null),
  /**
   * Creates the users that the issuer names at their first request: their role, and the claims with their name and address.
   * The claim of the identifier may then be any text. Absent, users must be registered.
   */
  create_users: z
    .strictObject({
      role: Name.default('DefaultUserRole'),
      name_claim: Text.default('name'),
      email_claim: Text.default('email'),
    })
    .optional(),
});
export type TokenIssuer = z.infer<typeof TokenIssuer>;

/** Schema of an organization with its settings. */
export const Organization = z.strictObject({
  id: OrganizationId,
  name: Name,
  tenant_id: z.string().max(MAX_NAME_LENGTH).nullable().default(null),
  default_user_preferences: Preferences.prefault({}),
  /** Number of `Directory` objects. It never changes, because a user's conversations stay in their shard. */
  directory_shards: z.int().min(1).max(MAX_DIRECTORY_SHARDS).default(DEFAULT_DIRECTORY_SHARDS),
  /** Jurisdiction of the organization's objects and recordings; null for none. It never changes. */
  jurisdiction: z.enum(JURISDICTIONS).nullable().default(null),
  /** Days after which conversations and recordings are removed. Absent for never; a service may have its own. */
  retention: Retention.optional(),
  /** Hard limits of what is spent. Absent for none. */
  budgets: z.array(BudgetLimit).max(MAX_BUDGETS).optional(),
  roles: z.array(Role).max(MAX.roles).default([]),
  /** Origins of pages that may call the API from a browser. */
  allowed_origins: z
    .array(z.url({ protocol: /^https?$/ }).max(300))
    .max(MAX.origins)
    .default([]),
  /** Allowed requests per user in any 60 seconds by operation, in place of the published limits. */
  rate_limits: boundedRecord(z.string(), z.int().min(1).max(MAX_RATE_LIMIT), 100).default({}),
  /** While it is set, every operation of the organization answers 503. */
  maintenance: z
    .strictObject({ retry_after_seconds: z.int().min(1).max(86_400) })
    .nullable()
    .default(null),
  /**
   * Users of other organizations who may act in this one, and their role here; null means all users of that
   * organization.
   */
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
  /** Aspects of users that user models are about. */
  user_dimensions: z.array(UserDimension).max(MAX.dimensions).optional(),
  /** Issuers of a site's own login whose tokens are accepted. */
  token_issuers: z.array(TokenIssuer).max(MAX.issuers).default([]),
});
export type Organization = z.infer<typeof Organization>;
