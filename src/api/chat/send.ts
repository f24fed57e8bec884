import { waitUntil } from 'cloudflare:workers';
import { UiMessageChunk } from '../../contract/ui-message-stream.ts';
import { fingerprintOf, keyDigest } from '../../conversation/turns/idempotency.ts';
import { countAgainst } from '../../edge/rate-limit.ts';
import { createConversation } from '../conversations/create.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { ChatBody, saidIn } from './chat-body.ts';
import { questionOfChat, ServiceParams } from './chat-parameters.ts';
import { sayInChat, type ChatMessage } from './say.ts';
import { UI_MESSAGE_HEADERS, uiMessageStream } from './ui-message-stream.ts';

/** Says the last message of a chat and streams the answer. */
export const sendChatMessage = operation(
  {
    id: 'send-chat-message',
    isExtension: true,
    tag: 'Conversation',
    summary: 'Send a message of a chat',
    description:
      'Says the last message of a chat and streams the answer as an AI SDK UI message stream (version 1): what ' +
      '`DefaultChatTransport` of `useChat` sends and reads. A chat is one conversation of the user, and its first message ' +
      'begins it (counted as `create-conversation`, too); another conversation of the service that is unfinished is ' +
      'finished then. A message is said once, ' +
      'however often it is sent with its identifier.',
    method: 'post',
    path: '/v1/{organization}/service/{service_id}/chat',
    credentials: 'user',
    rateLimit: 15,
    access: {
      requires: [
        { permission: 'Conversation:CreateConversation', on: 'the new conversation, for the first message' },
      ],
      impactedBy: [
        {
          permission: 'Conversation:FinishConversation',
          effect: 'Without it, a chat that finds an older unfinished conversation is refused (403).',
        },
        {
          permission: 'Conversation:InteractWithConversation',
          effect:
            'Without it, or without `User:UpdateUserInfo` on the user, further messages are refused (403).',
        },
        {
          permission: 'Conversation:GetInteractionInsights',
          effect: '`data-agent-action` chunks are sent only with it.',
        },
      ],
    },
    params: ServiceParams,
    query: NoQuery,
    headers: CommonHeaders,
    body: ChatBody,
    answers: {
      200: {
        description: 'The message is answered; the stream tells of it.',
        content: { type: 'text/event-stream', schema: UiMessageChunk },
      },
      400: { description: 'The message is empty.' },
      404: { description: 'The organization, the service or the version set does not exist.' },
      409: {
        description:
          'The conversation of the chat is finished, or an interaction is running in it or in the older conversation ' +
          '(`interaction_id`, `since`).',
      },
      410: { description: 'The chat was erased.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, params, body, answer }) => {
    const { caller, user } = signedIn(c);
    const { service_id } = params;
    const { key, text } = saidIn(body);
    const question = await questionOfChat(env, caller, { service_id, chat_id: body.id });
    const { conversationId } = question;
    const chat: ChatMessage = {
      question,
      ...{ registry, organization, user, service_id },
      service_version_set_name: body.service_version_set_name,
      message: { type: 'user-message', text },
      key: await Promise.all([keyDigest(user.id, 'chat', key), fingerprintOf(text)]),
    };
    const saying = sayInChat(chat, () => countAgainst(c, createConversation));
    // A client that leaves in the middle must not leave a place behind that no conversation takes.
    waitUntil(saying.catch(() => undefined));
    const { body: events } = await saying;
    return answer({
      body: uiMessageStream({ conversationId, interactionId: '', body: events ?? new ReadableStream() }),
      headers: UI_MESSAGE_HEADERS,
    });
  },
);
