import { StoppedTurn } from '../../contract/turns.ts';
import { problem } from '../../problems.ts';
import { write } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { HeardBody } from '../turns/heard.ts';
import { ChatParams, questionOfChat } from './chat-parameters.ts';
import { chatState } from './running-turn.ts';

/** Stops the answer that is running in a chat, and keeps what was said. */
export const stopChat = operation(
  {
    id: 'stop-chat',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Stop the answer of a chat',
    description:
      'Ends the answer that is running in a chat, as `stop-interaction` does: what was said is stored, and its streams end ' +
      'with `finishReason` `interrupted`. Where no answer is running, it changes nothing and returns the last one.',
    method: 'post',
    path: '/v1/{organization}/service/{service_id}/chat/{chat_id}/stop',
    credentials: 'user',
    rateLimit: 30,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'User:UpdateUserInfo',
          effect: 'Without it on the user, a chat that has begun is refused (403).',
        },
        {
          permission: 'Conversation:InteractWithConversation',
          effect: 'Without it on the conversation, a chat that has begun is refused (403).',
        },
      ],
    },
    params: ChatParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: HeardBody,
    answers: {
      200: {
        description: 'The answer as it is stored.',
        content: { type: 'application/json', schema: StoppedTurn },
      },
      404: { description: 'The organization does not exist, or the chat has not begun.' },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, body, answer }) => {
    const { caller } = signedIn(c);
    const question = await questionOfChat(env, caller, params);
    const state = await chatState(question);
    const interactionId = state?.interaction_id ?? state?.last_interaction_id ?? null;
    if (interactionId === null) throw problem('conversation_not_found', 'The chat has not begun.');
    const heard = body.heard ?? null;
    return answer(await write(question, (stub) => stub.stopInteraction(caller, interactionId, heard)));
  },
);
