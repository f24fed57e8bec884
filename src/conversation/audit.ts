import type { Caller } from '../access/permissions.ts';
import { logChange } from '../log.ts';
import type { ConversationIdentity } from './records.ts';

/** Logs that a caller changed a conversation. To be called when the change is stored, and never with text. */
export function logConversationChange(
  operation: string,
  identity: ConversationIdentity,
  caller: Caller,
  more: { interaction_id?: string } = {},
): void {
  logChange({
    operation,
    organization: identity.organization,
    actor: caller.user_id,
    object: identity.id,
    owner: identity.user_id,
    request_id: caller.request_id,
    ...more,
  });
}
