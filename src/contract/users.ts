/** Users, what agents know of them, and their memories. */
import * as z from 'zod';
import { DefaultUserPreferences } from './organizations.ts';

/** Statistics of a user. */
export const UserStatsInstance = z
  .object({
    num_conversations: z.int(),
    num_messages: z.int(),
    last_message_time: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Null before the first conversation.' }),
  })
  .meta({ id: 'UserStats' });

/** A user as a search finds them. */
export const FoundUser = z
  .object({
    org_id: z.string(),
    user_id: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    email: z.string().meta({ description: 'Empty for a user who was published without one.' }),
    user_stats: UserStatsInstance,
    role: z.string().meta({ description: 'The identifier of the role.' }),
    role_name: z.string().meta({ description: 'The name of the role.', 'x-extension': true }),
    preferences: DefaultUserPreferences.meta({
      description: 'The preferences that hold: the organization’s where the user states none.',
    }),
    nonsensitive_variables: z.record(z.string(), z.string()),
    sensitive_variables: z.array(z.string()).meta({ description: 'Names alone.' }),
  })
  .meta({ id: 'FoundUserInstance' });
/** A user as a search finds them. */
export type FoundUser = z.infer<typeof FoundUser>;

/** A user as a list shows them. */
export const UserInstance = FoundUser.extend({
  enable_actions_access: z.boolean().meta({ description: 'Always false here.' }),
}).meta({ id: 'UserInstance' });

/** A page of users. */
export const UsersAnswer = z
  .object({
    users: z.array(UserInstance),
    has_more: z.boolean(),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'GetUsersResponse' });

/** The users that a search finds. */
export const SearchUsersAnswer = z.object({ users: z.array(FoundUser) }).meta({ id: 'SearchUsersResponse' });

/** The answer to a new user. */
export const CreateUserAnswer = z
  .object({
    user_id: z.string(),
    verify_link: z.string().nullable().meta({ description: 'Always null: no mail is sent here.' }),
  })
  .meta({ id: 'CreateInvitedUserResponse' });

/** The model of a user. */
export const UserModelAnswer = z
  .object({
    user_models: z.array(
      z
        .object({
          content: z.string(),
          insight_ids: z.array(z.string()).meta({ description: 'Always empty here.' }),
          dimensions: z
            .array(
              z.object({ description: z.string(), tags: z.array(z.string()) }).meta({ id: 'UserDimension' }),
            )
            .meta({ description: 'Always empty here.' }),
        })
        .meta({ id: 'UserModel' }),
    ),
    additional_context: z.array(z.string()),
  })
  .meta({ id: 'GetUserModelResponse' });

/** A page of memories. */
export const MemoriesAnswer = z
  .object({
    memories: z.array(
      z
        .object({
          id: z.string(),
          created_at: z.iso.datetime(),
          conversation_id: z.string(),
          references: z.array(z.string()).meta({ description: 'The messages that it was learnt from.' }),
          content: z.string(),
          context: z.string().meta({ description: 'Always empty here.' }),
        })
        .meta({ id: 'MemoryInstance' }),
    ),
    has_more: z.boolean(),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'GetMemoriesResponse' });
