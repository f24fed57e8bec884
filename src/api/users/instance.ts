/** Users as the API shows them. */
import * as z from 'zod';
import type { UserStats } from '../../directory/summary.ts';
import { statsOfUsers } from '../../directory/client.ts';
import type { Env } from '../../bindings.ts';
import { Preferences, type Organization } from '../../registry/organization.ts';
import type { UserRecord } from '../../registry/object/records.ts';
import { roleIds } from '../roles/identifiers.ts';

const UserStatsInstance = z
  .object({
    num_conversations: z.int(),
    num_messages: z.int(),
    last_message_time: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Null before the first conversation.' }),
  })
  .meta({ id: 'UserStats' });

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
    preferences: Preferences.meta({
      description: 'The preferences that hold: the organization’s where the user states none.',
    }),
    nonsensitive_variables: z.record(z.string(), z.string()),
    sensitive_variables: z.array(z.string()).meta({ description: 'Names alone.' }),
  })
  .meta({ id: 'FoundUserInstance' });

export const UserInstance = FoundUser.extend({
  enable_actions_access: z.boolean().meta({ description: 'Always false here.' }),
}).meta({ id: 'UserInstance' });

type Shown = z.infer<typeof FoundUser>;

function preferencesOf({ preferences }: UserRecord, organization: Organization): Shown['preferences'] {
  const stated = Object.fromEntries(
    Object.entries(preferences).filter(([, value]) => value !== null && value !== undefined),
  );
  return { ...organization.default_user_preferences, ...stated };
}

function shown(
  user: UserRecord,
  organization: Organization,
  role: string,
  stats: UserStats | undefined,
): Shown {
  const last = stats === undefined ? null : new Date(stats.last_message_at).toISOString();
  return {
    org_id: organization.id,
    user_id: user.id,
    first_name: user.first_name,
    last_name: user.last_name,
    email: user.email ?? '',
    user_stats: {
      num_conversations: stats?.num_conversations ?? 0,
      num_messages: stats?.num_messages ?? 0,
      last_message_time: last,
    },
    role,
    role_name: user.role,
    preferences: preferencesOf(user, organization),
    nonsensitive_variables: user.nonsensitive_variables,
    sensitive_variables: Object.keys(user.sensitive_variables),
  };
}

/** Returns users as the API shows them, with what they did. Throws 503 when the list of conversations does not answer. */
export async function shownUsers(
  env: Env,
  organization: Organization,
  users: readonly UserRecord[],
  request_id: string,
): Promise<Shown[]> {
  const ids = users.map(({ id }) => id);
  const [stats, roles] = await Promise.all([
    statsOfUsers(env, organization, ids, request_id),
    roleIds(organization.id, [...new Set(users.map(({ role }) => role))]),
  ]);
  return users.map((user) => shown(user, organization, roles.get(user.role) ?? '', stats.get(user.id)));
}
