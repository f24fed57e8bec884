import { SENT_MESSAGE_TYPES, type SentMessageType } from '../contract/messages.ts';
import { allows, type Attributes, type Permission, type PermissionGrant } from './permissions.ts';

/**
 * Returns whether `permission` holds for sending messages of all these types. A request that sends no message (a turn
 * that is skipped, a conversation that the agent begins) violates no condition on the type: it is allowed where a
 * message of some type is.
 */
export function allowsSending(
  grants: readonly PermissionGrant[],
  permission: Permission,
  attributes: Omit<Attributes, 'message_type'>,
  types: readonly SentMessageType[],
): boolean {
  const allowed = (message_type: SentMessageType) =>
    allows(grants, permission, { ...attributes, message_type });
  return types.length === 0 ? SENT_MESSAGE_TYPES.some(allowed) : types.every(allowed);
}
