import { allows, type PermissionGrant } from './permissions.ts';

/**
 * Stands for users in general in `isAdministrator`. No grant can name it: an identifier has 24 hexadecimal digits, and
 * a guest's has the name of an organization before them.
 */
const ANY_USER = '*';

/**
 * Returns whether the grants are those of an administrator: `Conversation:GetInteractionInsights` on the
 * conversations of users in general, and not only on the caller's own or on those of users that the role lists.
 * `service_id` narrows the question to one service.
 */
export function isAdministrator(
  grants: readonly PermissionGrant[],
  about: { org_id: string; service_id?: string },
): boolean {
  return allows(grants, 'Conversation:GetInteractionInsights', { ...about, user_id: ANY_USER });
}
