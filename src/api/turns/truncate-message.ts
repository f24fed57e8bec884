import { TruncatedMessage } from '../../contract/turns.ts';
import { write } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, MessageParams, NoQuery } from '../parameters.ts';
import { HeardBody } from './heard.ts';

/** Cuts the newest message of the agent to what reached the user. */
export const truncateMessage = operation(
  {
    id: 'truncate-message',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Truncate a message',
    description:
      "Cuts the text of the newest message, which is the agent's, and its recording, to what `heard` says. For voice, which " +
      'is made faster than it is heard. It cannot be undone.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/messages/{message_id}/truncate',
    credentials: 'user',
    rateLimit: 30,
    access: {
      requires: [
        { permission: 'User:UpdateUserInfo', on: 'the user who began the conversation' },
        { permission: 'Conversation:InteractWithConversation', on: 'the conversation' },
      ],
      impactedBy: [],
    },
    params: MessageParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: HeardBody,
    answers: {
      200: {
        description: 'The answer as it is stored.',
        content: { type: 'application/json', schema: TruncatedMessage },
      },
      404: { description: 'The organization, the conversation or the message does not exist.' },
      409: {
        description: 'The message is not the newest one, a turn is running, or the conversation is finished.',
      },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, body, answer }) => {
    const { caller } = signedIn(c);
    const question = { env, caller, conversationId: params.conversation_id };
    const heard = body.heard ?? null;
    return answer(await write(question, (stub) => stub.truncateMessage(caller, params.message_id, heard)));
  },
);
