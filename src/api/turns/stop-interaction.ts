import { StoppedTurn } from '../../contract/turns.ts';
import { write } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, InteractionParams, NoQuery } from '../parameters.ts';
import { HeardBody } from './heard.ts';

/** Stops the answer of a running interaction, and keeps what was said. */
export const stopInteraction = operation(
  {
    id: 'stop-interaction',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Stop an interaction',
    description:
      'Ends the answer where it is, and stores what was said until then, or what `heard` says of it. The answer comes when ' +
      'that is stored: the next interact is not refused. Before the agent has spoken, the interaction comes to nothing, ' +
      'and its stream ends with an `error` of the code `turn_stopped`.',
    method: 'post',
    path: '/v1/{organization}/conversation/{conversation_id}/interaction/{interaction_id}/stop',
    credentials: 'user',
    rateLimit: 30,
    access: {
      requires: [
        { permission: 'User:UpdateUserInfo', on: 'the user who began the conversation' },
        { permission: 'Conversation:InteractWithConversation', on: 'the conversation' },
      ],
      impactedBy: [],
    },
    params: InteractionParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: HeardBody,
    answers: {
      200: {
        description: 'The answer as it is stored.',
        content: { type: 'application/json', schema: StoppedTurn },
      },
      404: {
        description:
          'The organization, the conversation or the interaction does not exist, or it came to nothing.',
      },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, body, answer }) => {
    const { caller } = signedIn(c);
    const question = { env, caller, conversationId: params.conversation_id };
    const heard = body.heard ?? null;
    return answer(
      await write(question, (stub) => stub.stopInteraction(caller, params.interaction_id, heard)),
    );
  },
);
