/** Organizations, their services, and the sign-in of their users. */
import * as z from 'zod';
import { ModelPreferences } from './versions.ts';

/** The preferences of users who state none of their own. */
export const DefaultUserPreferences = z.object({
  enable_response_recommendation: z.boolean(),
  preferred_language: z.string().nullable().meta({ description: 'A code of three letters (ISO 639-3).' }),
  conversations_visible_to_admins: z.boolean(),
  user_model_visible_to_admins: z.boolean(),
  timezone: z.string().nullable().meta({ description: 'A name of the IANA time zone database.' }),
  audio_keyterms: z.array(z.string()),
});

/** An organization, as far as the caller may see it. */
export const OrganizationDetails = z
  .object({
    org_id: z.string(),
    org_name: z.string(),
    default_user_preferences: DefaultUserPreferences.nullable().meta({
      description: 'Null for a caller without `Organization:GetOrganizationDetails`.',
    }),
    tenant_id: z.string().nullable().meta({
      description: 'Null for a caller without `Organization:GetOrganizationDetails`.',
    }),
  })
  .meta({ id: 'OrganizationDetails' });

const Tag = z.object({ key: z.string(), value: z.string().nullable() }).meta({ id: 'Tag' });

/** A user who made or changed something. */
export const UserInfo = z.object({ org_id: z.string(), user_id: z.string() }).meta({
  id: 'UserInfo',
  description: 'A user. `user_id` is 24 zeros for a caller without `User:GetUserInfo` on that user.',
});

/** A user who made or changed something. */
export type UserInfo = z.infer<typeof UserInfo>;

/** A service as a list shows it. A version number of null is the latest version. */
export const ServiceInstance = z
  .object({
    id: z.string(),
    name: z.string(),
    version_sets: z.record(
      z.string(),
      z.object({
        agent_version_number: z.int().nullable(),
        service_hierarchical_state_machine_version_number: z.int().nullable(),
        llm_model_preferences: ModelPreferences,
      }),
    ),
    description: z.string(),
    is_active: z.boolean(),
    service_hierarchical_state_machine_id: z.string(),
    agent_id: z.string(),
    tags: z.array(Tag),
    keyterms: z.array(z.string()),
    creator: UserInfo,
    updated_by: UserInfo,
  })
  .meta({ id: 'ServiceInstance' });
/** A service as a list shows it. A version number of null is the latest version. */
export type ServiceInstance = z.infer<typeof ServiceInstance>;

/** A page of services. */
export const ServicesAnswer = z
  .object({
    services: z.array(ServiceInstance),
    has_more: z.boolean(),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
    filter_values: z
      .object({ tags: z.array(z.string()).meta({ description: 'Tags to filter by, as `key:value`.' }) })
      .nullable()
      .meta({ description: 'The values that filters can take; on the first page only.' }),
  })
  .meta({ id: 'GetServicesResponse' });
/** A page of services. */
export type ServicesAnswer = z.infer<typeof ServicesAnswer>;

/** A token of a user. */
export const IssuedToken = z
  .object({
    id_token: z.string().meta({ description: 'The token, for the `Authorization` header.' }),
    expires_at: z.iso.datetime().meta({ description: 'When the token expires.' }),
  })
  .meta({ id: 'SignInWithApiKeyResponse' });
/** A token of a user. */
export type IssuedToken = z.infer<typeof IssuedToken>;

/** The answer to a new service. */
export const CreateServiceAnswer = z.object({ id: z.string() }).meta({ id: 'CreateServiceResponse' });

/** The aspects of users that user models are about. */
export const DimensionsAnswer = z
  .object({ user_dimensions: z.array(z.object({ description: z.string(), tags: z.array(z.string()) })) })
  .meta({ id: 'GetUserDimensionsResponse' });
