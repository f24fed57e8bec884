import { SENT_MESSAGE_TYPES, type SentMessageType } from '../contract/messages.ts';
import { allows, type Attributes, type Permission, type PermissionGrant } from './permissions.ts';

/**
 * Tells whether `permission` holds for sending messages of all these types. A request without a message (a skipped
 * turn, a conversation that the agent begins) meets every condition on the type if some type meets it.
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
