/** Decisions about requests to a conversation as it stands. Pure: data in, a problem or null out. */
import { allowsSending } from '../access/message-types.ts';
import { allows, type Attributes, type Caller, type Permission } from '../access/permissions.ts';
import { findsConversation } from '../access/visibility.ts';
import type { MessageType, SentMessageType } from '../contract/messages.ts';
import { failure, type Problem } from '../problems.ts';
import type { ConversationRecord } from './records.ts';
import type { ExternalEvent } from './requests.ts';

/** The most that another clock may be ahead of ours before its events are refused, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5_000;

function attributesOf({ identity }: ConversationRecord): Attributes {
  return { org_id: identity.organization, user_id: identity.user_id, service_id: identity.service_id };
}

/** Returns the problem of a conversation that does not exist, or that the caller may not see. */
export function conversationNotFound(): Problem {
  return failure('conversation_not_found', 'There is no such conversation.').problem;
}

function permissionMissing(permission: Permission): Problem {
  return failure('permission_missing', `This requires the permission ${permission} on the conversation.`)
    .problem;
}

/**
 * Refuses a caller who may not see the conversation as if it did not exist (404), and one who may see it for the first
 * permission that is missing (403). `visible` says whether the conversation's owner shows it to others.
 */
export function refuseAccess(
  record: ConversationRecord,
  caller: Caller,
  visible: boolean,
  permissions: readonly Permission[],
): Problem | null {
  if (!findsConversation(caller, record.identity, visible)) return conversationNotFound();
  const attributes = attributesOf(record);
  const missing = permissions.find((permission) => !allows(caller.grants, permission, attributes));
  return missing === undefined ? null : permissionMissing(missing);
}

/**
 * Refuses a turn that sends messages of these types: none for a turn that is skipped. A role may allow some types of
 * message alone.
 */
export function refuseTurn(
  record: ConversationRecord,
  caller: Caller,
  visible: boolean,
  types: readonly SentMessageType[],
): Problem | null {
  const refused = refuseAccess(record, caller, visible, ['User:UpdateUserInfo']);
  if (refused !== null) return refused;
  const permission = 'Conversation:InteractWithConversation';
  return allowsSending(caller.grants, permission, attributesOf(record), types)
    ? null
    : permissionMissing(permission);
}

/** Returns whether the caller's streams tell what the agent does. */
export function seesAgentActions(record: ConversationRecord, { grants }: Caller): boolean {
  return allows(grants, 'Conversation:GetInteractionInsights', attributesOf(record));
}

/** Returns whether the caller may read the conversation's messages of a type. */
export function maySeeMessages(record: ConversationRecord, { grants }: Caller, type: MessageType): boolean {
  return allows(grants, 'Conversation:GetMessage', { ...attributesOf(record), message_type: type });
}

/** External events must be told in their order, after everything that is stored, and not before they happen. */
export function refuseExternalEvents(
  events: readonly ExternalEvent[],
  lastAt: number,
  now: number,
): Problem | null {
  let previous = lastAt;
  for (const { at } of events) {
    if (at > now + CLOCK_TOLERANCE_MS) {
      return failure('external_event_in_future', 'The timestamps of external events must be in the past.')
        .problem;
    }
    if (at < previous) {
      return failure(
        'external_event_out_of_order',
        'The timestamps of external events must be in chronological order and after the last message.',
      ).problem;
    }
    previous = at;
  }
  return null;
}

/** Refuses a caller who may not read what was said in a conversation, on either side. */
export function refuseReading(record: ConversationRecord, caller: Caller): Problem | null {
  for (const type of ['user-message', 'agent-message'] as const) {
    if (maySeeMessages(record, caller, type)) continue;
    const detail = `This requires the permission Conversation:GetMessage on messages of the type ${type}.`;
    return failure('permission_missing', detail).problem;
  }
  return null;
}
