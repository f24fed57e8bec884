import type { Caller } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { CreateStreamEvent, InteractStreamEvent, StreamEvent } from '../../contract/stream.ts';
import type {
  CreateRequest,
  EventRequest,
  InteractRequest,
  RepeatedCreate,
  ResumeRequest,
  TurnRequest,
} from '../../conversation/requests.ts';
import { eventsOf, type EventLines } from '../../edge/ndjson.ts';
import { conversationOf } from '../../objects.ts';
import { unwrap, type Outcome } from '../../problems.ts';

/** A question to one conversation on behalf of a caller. */
export interface Question {
  env: Env;
  caller: Caller;
  conversationId: string;
}

function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { retryable, overloaded } = error as { retryable?: boolean; overloaded?: boolean };
  return retryable === true && overloaded !== true;
}

/**
 * The conversation as callers of its methods see it. The methods answer over RPC, whose own types lose tuples: here they
 * are the types of the class.
 */
function methodsOf({ env, caller, conversationId }: Question): Conversation {
  return conversationOf(env, caller, conversationId) as unknown as Conversation;
}

/**
 * Asks a conversation a question that changes nothing, so it is asked once more when the object was reset meanwhile.
 * Throws the problem that the conversation answers.
 */
export async function read<T>(
  question: Question,
  ask: (conversation: Conversation) => Promise<Outcome<T>>,
): Promise<T> {
  try {
    return unwrap(await ask(methodsOf(question)));
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return unwrap(await ask(methodsOf(question)));
  }
}

/**
 * Tells a conversation to change something: once, because a lost answer does not tell of a lost change. Throws the problem
 * that the conversation answers.
 */
export async function write<T>(
  question: Question,
  tell: (conversation: Conversation) => Promise<Outcome<T>>,
): Promise<T> {
  return unwrap(await tell(methodsOf(question)));
}

/** Asks a conversation for the events of an interaction. Throws the problem that it answers instead. */
export async function requestEvents(
  { env, caller, conversationId }: Question,
  request: EventRequest,
): Promise<EventLines<StreamEvent>> {
  const stub = conversationOf(env, caller, conversationId);
  return eventsOf(
    await stub.fetch('https://conversation/events', { method: 'POST', body: JSON.stringify(request) }),
  );
}

/** Asks a conversation for the turn of a create that may have been sent before. Throws the problem that it answers instead. */
export async function repeatCreate(
  { env, caller, conversationId }: Question,
  request: RepeatedCreate,
): Promise<EventLines<CreateStreamEvent>> {
  const stub = conversationOf(env, caller, conversationId);
  return eventsOf(
    await stub.fetch('https://conversation/create', { method: 'POST', body: JSON.stringify(request) }),
  );
}

/** Goes on with an unfinished conversation. Throws the problem that the conversation answers instead. */
export async function resumeConversation(
  { env, caller, conversationId }: Question,
  request: ResumeRequest,
): Promise<EventLines<CreateStreamEvent>> {
  const stub = conversationOf(env, caller, conversationId);
  return eventsOf(
    await stub.fetch('https://conversation/resume', { method: 'POST', body: JSON.stringify(request) }),
  );
}

/** Lets a conversation take a turn. Returns the stream of its events; throws the problem that it answers instead. */
export function requestTurn(question: Question, turn: CreateRequest): Promise<EventLines<CreateStreamEvent>>;
export function requestTurn(
  question: Question,
  turn: InteractRequest,
): Promise<EventLines<InteractStreamEvent>>;
export async function requestTurn(
  { env, caller, conversationId }: Question,
  turn: TurnRequest,
): Promise<EventLines<StreamEvent>> {
  const stub = conversationOf(env, caller, conversationId);
  const answer = await stub.fetch('https://conversation/turn', {
    method: 'POST',
    body: JSON.stringify(turn),
  });
  return eventsOf(answer);
}
