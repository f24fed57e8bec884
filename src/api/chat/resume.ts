import { UiMessageChunk } from '../../contract/ui-message-stream.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { ChatParams, questionOfChat } from './chat-parameters.ts';
import { chatEvents, chatState } from './running-turn.ts';
import { UI_MESSAGE_HEADERS, uiMessageStream } from './ui-message-stream.ts';

/** Streams the answer that is running in a chat, from its beginning. */
export const resumeChat = operation(
  {
    id: 'resume-chat',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Resume the answer of a chat',
    description:
      'Streams the answer that is running in a chat, from its beginning, as an AI SDK UI message stream (version 1): ' +
      'what `DefaultChatTransport` asks for when it reconnects.',
    method: 'get',
    path: '/v1/{organization}/service/{service_id}/chat/{chat_id}/stream',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'Conversation:GetMessage',
          effect: 'Without it on user messages and agent messages, a chat that has begun is refused (403).',
        },
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: '`data-agent-action` chunks are sent only with it.',
        },
      ],
    },
    params: ChatParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The running answer.',
        content: { type: 'text/event-stream', schema: UiMessageChunk },
        orNothing: 'No answer is running, or the chat has not begun.',
      },
      404: { description: 'The organization does not exist.' },
      409: { description: 'The conversation is about to begin its first turn.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, answer }) => {
    const { caller } = signedIn(c);
    const question = await questionOfChat(env, caller, params);
    const interactionId = (await chatState(question))?.interaction_id ?? null;
    if (interactionId === null) return answer(null);
    const body = await chatEvents(question, interactionId);
    return answer({
      body: uiMessageStream({ conversationId: question.conversationId, interactionId, body }),
      headers: UI_MESSAGE_HEADERS,
    });
  },
);
