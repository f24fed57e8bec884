import type { StreamEvent } from '../../contract/stream.ts';
import type { SentMessage } from '../../conversation/requests.ts';
import type { KeyRecord } from '../../conversation/turns/idempotency.ts';
import type { EventLines } from '../../edge/ndjson.ts';
import { failure, problem, ProblemError, type ProblemCode } from '../../problems.ts';
import type { Organization, User } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { isBlank } from '../../text.ts';
import { beginCreate, type CreateInput } from '../conversations/begin-create.ts';
import { identityOf, openService } from '../conversations/service.ts';
import { requestTurn, type Question } from '../conversations/conversation-calls.ts';

/** A message of a chat, and what is known of its sender. */
export interface ChatMessage {
  question: Question;
  registry: RegistryReader;
  organization: Organization;
  user: User;
  service_id: string;
  service_version_set_name: string;
  message: SentMessage & { text: string };
  key: KeyRecord;
}

/** Every answer of a chat is text, with everything that the caller may see. */
const ANSWER = { action_filter: '^.*$', response_format: 'text' } as const;

/** Tells a problem by its code. */
function isProblem(error: unknown, code: ProblemCode): error is ProblemError {
  return error instanceof ProblemError && error.problem.code === code;
}

function senderOf({ id, name }: User): { user_id: string; name: string } {
  return { user_id: id, name };
}

/** Says the message in the conversation of the chat. Throws `conversation_not_found` for a chat that has not begun. */
function interact({ question, user, message, key }: ChatMessage): Promise<EventLines<StreamEvent>> {
  return requestTurn(question, {
    kind: 'interact',
    caller: question.caller,
    sender: senderOf(user),
    ...ANSWER,
    message,
    external_events: [],
    refusal: isBlank(message.text) ? failure('message_empty', 'The message is empty.').problem : null,
    key,
  });
}

/**
 * Creates the conversation of the chat with its first message. The key is that of the message, so that the message is
 * known when it is sent again. Another conversation of the service that is unfinished is finished first.
 */
async function create(chat: ChatMessage): Promise<EventLines<StreamEvent>> {
  const { question, registry, organization, user, message, key } = chat;
  const opened = await openService(registry, question.caller, chat, message.type);
  if (isBlank(message.text)) throw problem('message_empty', 'The message is empty.');
  const input: CreateInput = {
    ...ANSWER,
    env: question.env,
    caller: question.caller,
    identity: identityOf(question.conversationId, organization, user, opened),
    context: user.additional_context,
    tags: {},
    message,
    sender: senderOf(user),
    key,
    on_unfinished: 'finish',
  };
  return beginCreate(input);
}

/**
 * Says the message in the conversation of the chat. Where the chat has not begun, `beforeCreate` is asked, which may
 * refuse, and the conversation is created. Returns the events; throws the problem.
 */
export async function sayInChat(
  chat: ChatMessage,
  beforeCreate: () => Promise<unknown>,
): Promise<EventLines<StreamEvent>> {
  try {
    return await interact(chat);
  } catch (error) {
    if (!isProblem(error, 'conversation_not_found')) throw error;
    await beforeCreate();
    return create(chat);
  }
}
