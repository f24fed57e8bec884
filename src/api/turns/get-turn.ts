import { TurnState } from '../../contract/turns.ts';
import { read } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, ConversationParams, NoQuery } from '../parameters.ts';

/** Tells whether a turn of a conversation is running, and where its events are. */
export const getTurn = operation(
  {
    id: 'get-turn',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Get the turn of a conversation',
    description:
      'Tells whether a turn is running, since when, and the path of its events. It changes nothing and may be asked at ' +
      'any time.',
    method: 'get',
    path: '/v1/{organization}/conversation/{conversation_id}/turn',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'Conversation:GetConversation',
          effect: 'Without it the conversation does not exist for the caller.',
        },
      ],
    },
    params: ConversationParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The turn.', content: { type: 'application/json', schema: TurnState } },
      404: { description: 'The organization or the conversation does not exist.' },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, answer }) => {
    const { caller } = signedIn(c);
    const question = { env, caller, conversationId: params.conversation_id };
    return answer(await read(question, (stub) => stub.turnState(caller)));
  },
);
