/** Whether a request may be carried out on a conversation as it stands. Pure: data in, a problem or `null` out. */
import { allows, type Attributes, type Caller, type Permission } from '../access/permissions.ts';
import { failure, type Problem } from '../problems.ts';
import type { ConversationRecord, MessageType } from './records.ts';
import type { ExternalEvent } from './requests.ts';

/** How far another clock may be ahead of ours before its events are refused (behaviour.md). */
export const CLOCK_TOLERANCE_MS = 5_000;

function attributesOf({ identity }: ConversationRecord): Attributes {
  return { org_id: identity.organization, user_id: identity.user_id, service_id: identity.service_id };
}

export function conversationNotFound(): Problem {
  return failure('conversation_not_found', 'There is no such conversation.').problem;
}

/** Somebody who may not see the conversation is not told that it exists; who may see it is told what is missing. */
export function refuseAccess(
  record: ConversationRecord,
  caller: Caller,
  permissions: readonly Permission[],
): Problem | null {
  const attributes = attributesOf(record);
  if (!allows(caller.grants, 'Conversation:GetConversation', attributes)) return conversationNotFound();
  const missing = permissions.find((permission) => !allows(caller.grants, permission, attributes));
  if (missing === undefined) return null;
  return failure('permission_missing', `This requires the permission ${missing} on the conversation.`)
    .problem;
}

/** Whether the caller's streams tell what the agent does. */
export function seesAgentActions(record: Pick<ConversationRecord, 'identity'>, { grants }: Caller): boolean {
  const { organization, user_id, service_id } = record.identity;
  return allows(grants, 'Conversation:GetInteractionInsights', { org_id: organization, user_id, service_id });
}

/** Whether the caller may read the conversation's messages of a type. */
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
