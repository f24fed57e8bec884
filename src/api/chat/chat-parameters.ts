import { createdIdentifier } from '../../conversation/turns/idempotency.ts';
import { Identifier } from '../../registry/primitives.ts';
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

/** The place of a chat. */
interface ChatPlace {
  organization: string;
  user_id: string;
  service_id: string;
  chat_id: string;
}

/** Returns the identifier of the conversation that a chat of a user stands for, whether it exists or not. */
export function conversationOfChat({
  organization,
  user_id,
  service_id,
  chat_id,
}: ChatPlace): Promise<string> {
  return createdIdentifier(organization, user_id, service_id, chat_id);
}
