/** Users as the API shows them. */
import type { FoundUser } from '../../contract/users.ts';
import type { UserStats } from '../../directory/summary.ts';
import { statsOfUsers } from '../../directory/client.ts';
import type { Env } from '../../bindings.ts';
import type { Organization } from '../../registry/organization.ts';
import type { UserRecord } from '../../registry/object/records.ts';
import { roleIds } from '../roles/identifiers.ts';

type Shown = FoundUser;

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
