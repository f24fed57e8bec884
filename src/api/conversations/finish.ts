import { keyDigest } from '../../conversation/turns/idempotency.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, ConversationParams, NoQuery } from '../parameters.ts';
import { KeyedHeaders, keyOf } from './idempotency-key.ts';
import { write } from './conversation-calls.ts';

/** Ends a conversation. */
export const finishConversation = operation(
  {
    id: 'finish-conversation',
    tag: 'Conversation',
    summary: 'Finish a conversation',
    description:
      'Ends a conversation; its analysis runs afterwards. On a finished conversation, what is undone is taken up: an ' +
      'analysis that has failed, or a list of conversations that does not know the end.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/finish/',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [
        { permission: 'User:UpdateUserInfo', on: 'the user who began the conversation' },
        { permission: 'Conversation:FinishConversation', on: 'the conversation' },
      ],
      impactedBy: [],
    },
    params: ConversationParams,
    query: NoQuery,
    headers: KeyedHeaders,
    answers: {
      204: { description: 'The conversation is finished, or what was undone is taken up.' },
      400: { description: 'The conversation has no interactions.' },
      404: { description: 'The organization or the conversation does not exist.' },
      409: {
        description: 'The conversation is finished and nothing is undone, or an interaction is running.',
      },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, headers, answer }) => {
    const { caller, user } = signedIn(c);
    const key = keyOf(headers);
    const keyed = key === null ? null : await keyDigest(user.id, 'finish', key);
    await write({ env, caller, conversationId: params.conversation_id }, (stub) =>
      stub.finish(caller, keyed),
    );
    return answer();
  },
);
