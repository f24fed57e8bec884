import type { Caller } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import { createdIdentifier } from '../../conversation/turns/idempotency.ts';
import { Identifier } from '../../registry/primitives.ts';
import type { Question } from '../conversations/conversation-calls.ts';
import { OrganizationParams } from '../parameters.ts';
import { ChatIdentifier } from './chat-body.ts';

/** The path of a service's chats. */
export const ServiceParams = OrganizationParams.extend({
  service_id: Identifier.meta({ description: 'The identifier of the service.' }),
});

/** The path of one chat of a service. */
export const ChatParams = ServiceParams.extend({
  chat_id: ChatIdentifier.meta({ description: 'The identifier of the chat, chosen by the client.' }),
});

/** Returns the question to the conversation that a chat of the caller stands for, whether it exists or not. */
export async function questionOfChat(
  env: Env,
  caller: Caller,
  { service_id, chat_id }: { service_id: string; chat_id: string },
): Promise<Question> {
  const { organization, user_id } = caller;
  return {
    env,
    caller,
    conversationId: await createdIdentifier(organization, user_id, service_id, chat_id),
  };
}
