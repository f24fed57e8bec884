import * as z from 'zod';
import { allows, type Caller } from '../../access/permissions.ts';
import { MessagesAnswer, MessageType } from '../../contract/messages.ts';
import { listOfAtMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  BEING_CREATED,
  COMMON_ANSWERS,
  CommonHeaders,
  ContinuationToken,
  ConversationParams,
  identifiers,
  pageLimit,
  sortBy,
} from '../parameters.ts';
import { read } from './conversation-calls.ts';

/** There are four types; a client may repeat itself. */
const MAX_MESSAGE_TYPES = 20;

type Sort = { field: 'interaction_id' | 'created_at'; ascending: boolean }[];

/**
 * The two directions of an order. Interactions and times grow together, so the first field decides over the
 * interactions; messages inside one follow `created_at` where it is given, else the same direction.
 */
function directions(sort: Sort): { interactions_ascending: boolean; messages_ascending: boolean } {
  const [first] = sort;
  if (first === undefined) return { interactions_ascending: false, messages_ascending: false };
  const interactions_ascending = first.ascending;
  if (first.field === 'created_at')
    return { interactions_ascending, messages_ascending: interactions_ascending };
  const inner = sort.find(({ field }) => field === 'created_at');
  return { interactions_ascending, messages_ascending: inner?.ascending ?? interactions_ascending };
}

/** The identifier of a user, for a caller who may know it. */
function shownUserId({ grants }: Caller, org_id: string, user_id: string | null): string | null {
  return user_id !== null && allows(grants, 'User:GetUserInfo', { org_id, user_id }) ? user_id : null;
}

/** Lists the messages of a conversation, page by page. */
export const getConversationMessages = operation(
  {
    id: 'get-conversation-messages',
    tag: 'Conversation',
    summary: 'Get conversation messages',
    description: 'Lists the messages of a conversation, the newest first unless sorted otherwise.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/messages/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [],
      impactedBy: [
        { permission: 'Conversation:GetMessage', effect: 'Only messages with it are listed.' },
        { permission: 'User:GetUserInfo', effect: '`sender_user_id` is null without it on that user.' },
      ],
    },
    params: ConversationParams,
    query: z.object({
      id: identifiers({ description: 'Only these messages.' }),
      message_type: listOfAtMost(MessageType, MAX_MESSAGE_TYPES)
        .default(['external-event', 'agent-message', 'user-message'])
        .meta({ description: 'Only messages of these types.', uniqueItems: true }),
      interaction_id: identifiers({ description: 'Only messages of these interactions.' }),
      limit: pageLimit(500, 500, { description: 'The most messages to return.' }),
      continuation_token: ContinuationToken,
      sort_by: sortBy(['interaction_id', 'created_at'], {
        description: '`interaction_id` and `created_at`, each with `+` or `-` before it.',
      }),
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of messages.',
        content: { type: 'application/json', schema: MessagesAnswer },
      },
      404: { description: 'The organization or the conversation does not exist.' },
      409: BEING_CREATED,
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, params, query, answer }) => {
    const { caller } = signedIn(c);
    const page = await read({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.messages(caller, {
        ids: query.id,
        interaction_ids: query.interaction_id,
        types: query.message_type,
        ...directions(query.sort_by),
        after: query.continuation_token,
        limit: query.limit,
      }),
    );
    return answer({
      messages: page.messages.map((message) => ({
        id: message.id,
        interaction_id: message.interaction_id,
        created_at: new Date(message.created_at).toISOString(),
        sender: message.sender,
        message: message.text,
        format: message.format,
        message_type: message.type,
        sender_user_id: shownUserId(caller, organization.id, message.sender_user_id),
        ...(message.stopped !== null && { stopped: true }),
      })),
      has_more: page.next !== null,
      continuation_token: page.next,
    });
  },
);
