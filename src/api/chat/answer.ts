import { waitUntil } from 'cloudflare:workers';
import type { EventLines } from '../../edge/ndjson.ts';
import type { StreamEvent } from '../../contract/stream.ts';
import { fingerprintOf, keyDigest } from '../../conversation/turns/idempotency.ts';
import { countAgainst } from '../../edge/rate-limit.ts';
import { createConversation } from '../conversations/create.ts';
import { signedIn, type AccessDeclaration, type OperationInput } from '../operation.ts';
import { questionOfChat } from './chat-parameters.ts';
import { sayInChat, type ChatMessage } from './say.ts';

/** Returns the permissions for saying a message. `actions` tells what the stream leaves out without insight into actions. */
export function sayingAccess(actions: string): AccessDeclaration {
  return {
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
      { permission: 'Conversation:GetInteractionInsights', effect: actions },
    ],
  };
}

/** The refusals of a message. */
export const SAYING_ANSWERS = {
  400: { description: 'The message is empty.' },
  404: { description: 'The organization, the service or the version set does not exist.' },
  409: {
    description:
      'The conversation of the chat is finished, or an interaction is running in it or in the older conversation ' +
      '(`interaction_id`, `since`).',
  },
  410: { description: 'The chat was erased.' },
} as const;

/** A message of a chat as a client sends it, in whatever protocol. */
export interface SaidMessage {
  service_id: string;
  chat_id: string;
  service_version_set_name: string;
  /** The client's identifier of the message: it is said once, however often it is sent. */
  key: string;
  text: string;
}

/** The events of the answer, and the conversation that the chat stands for. */
export interface ChatEvents {
  conversationId: string;
  body: ReadableStream<Uint8Array>;
}

/** Says a message in its chat, for the caller of a request. Returns the events of the turn; throws the problem. */
export async function answerIn(
  { c, env, registry, organization }: OperationInput<unknown, unknown, unknown, unknown>,
  { service_id, chat_id, service_version_set_name, key, text }: SaidMessage,
): Promise<ChatEvents> {
  const { caller, user } = signedIn(c);
  const question = await questionOfChat(env, caller, { service_id, chat_id });
  const chat: ChatMessage = {
    question,
    ...{ registry, organization, user, service_id, service_version_set_name },
    message: { type: 'user-message', text },
    key: await Promise.all([keyDigest(user.id, 'chat', key), fingerprintOf(text)]),
  };
  const saying = sayInChat(chat, () => countAgainst(c, createConversation));
  // A client that leaves in the middle must not leave a place behind that no conversation takes.
  waitUntil(saying.catch(() => undefined));
  const { body }: EventLines<StreamEvent> = await saying;
  return { conversationId: question.conversationId, body: body ?? new ReadableStream() };
}
