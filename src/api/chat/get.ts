import type { MessageType } from '../../contract/messages.ts';
import { ChatAnswer, type UiMessage } from '../../contract/ui-message-stream.ts';
import type { MessageRecord } from '../../conversation/records.ts';
import { problem, ProblemError } from '../../problems.ts';
import { read, type Question } from '../conversations/conversation-calls.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { ChatParams, questionOfChat } from './chat-parameters.ts';
import { chatState, openingsOf } from './running-turn.ts';

/** The messages that a page of a chat shows. */
const MAX_SHOWN = 200;

const SHOWN: MessageType[] = ['user-message', 'agent-message'];

function uiMessage(
  conversation_id: string,
  { id, interaction_id, type, text, stopped }: MessageRecord,
): UiMessage {
  const parts = [{ type: 'text' as const, text }];
  if (type === 'user-message') return { id, role: 'user', parts };
  const metadata = {
    conversation_id,
    interaction_id,
    message_id: id,
    ...(stopped !== null && { stopped: true }),
  };
  return { id: interaction_id, role: 'assistant', parts, metadata };
}

/** The messages that are stored; none while the first turn is running. */
async function storedMessages(question: Question): Promise<MessageRecord[]> {
  const { messages } = await read(question, (stub) =>
    stub.messages(question.caller, {
      ids: [],
      interaction_ids: [],
      types: SHOWN,
      interactions_ascending: false,
      messages_ascending: false,
      after: 0,
      limit: MAX_SHOWN,
    }),
  ).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'operation_in_progress')
      return { messages: [] };
    throw error;
  });
  return messages.toReversed();
}

/** The messages of a chat: those that are stored, and those that the running turn answers. */
async function messagesOf(question: Question, interactionId: string | null): Promise<UiMessage[]> {
  const openings = interactionId === null ? [] : await openingsOf(question, interactionId);
  // Read afterwards: a turn that ended meanwhile is stored, and its messages are told once.
  const stored = await storedMessages(question);
  const known = new Set(stored.map(({ id }) => id));
  return [
    ...stored.map((message) => uiMessage(question.conversationId, message)),
    ...openings
      .filter(({ message_id }) => !known.has(message_id))
      .map(({ message_id, user_message }): UiMessage => ({
        id: message_id,
        role: 'user',
        parts: [{ type: 'text', text: user_message }],
      })),
  ];
}

/** Lists the messages of a chat, as a client of the AI SDK keeps them. */
export const getChat = operation(
  {
    id: 'get-chat',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Get a chat',
    description:
      `Lists the newest ${MAX_SHOWN} messages of the user and the agent, in the form that \`useChat\` takes as \`messages\`. ` +
      'While an answer is running, the message that it answers is the last one; `resume-chat` streams the answer.',
    method: 'get',
    path: '/v1/{organization}/service/{service_id}/chat/{chat_id}',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [],
      impactedBy: [{ permission: 'Conversation:GetMessage', effect: 'Only messages with it are listed.' }],
    },
    params: ChatParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The chat.', content: { type: 'application/json', schema: ChatAnswer } },
      404: { description: 'The organization does not exist, or the chat has not begun.' },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, answer }) => {
    const { caller } = signedIn(c);
    const question = await questionOfChat(env, caller, params);
    const state = await chatState(question);
    if (state === null) throw problem('conversation_not_found', 'The chat has not begun.');
    return answer({
      conversation_id: question.conversationId,
      is_finished: state.is_finished,
      messages: await messagesOf(question, state.interaction_id),
    });
  },
);
