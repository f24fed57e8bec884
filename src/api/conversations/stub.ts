import type { Caller } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import type { Conversation } from '../../conversation/conversation.ts';
import type { TurnRequest } from '../../conversation/requests.ts';
import { unwrap, type Outcome } from '../../problems.ts';

/** The object of a conversation. Made anew for every attempt: a stub is broken after its object was reset. */
export function conversationStub(
  env: Env,
  organization: string,
  id: string,
): DurableObjectStub<Conversation> {
  return env.CONVERSATION.getByName(`${organization}/${id}`);
}

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
 * Asks a conversation something that changes nothing, so it is asked once more when the object was reset meanwhile.
 * Throws the problem it answers with. `T` is what the method returns: RPC's own types lose tuples.
 */
export async function read<T>(
  { env, caller, conversationId }: Question,
  ask: (stub: DurableObjectStub<Conversation>) => Promise<unknown>,
): Promise<T> {
  const attempt = () => ask(conversationStub(env, caller.organization, conversationId));
  try {
    return unwrap((await attempt()) as Outcome<T>);
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return unwrap((await attempt()) as Outcome<T>);
  }
}

/** Tells a conversation to change something: once, because it is not known whether a lost answer was a lost change. */
export async function write<T = null>(
  { env, caller, conversationId }: Question,
  tell: (stub: DurableObjectStub<Conversation>) => Promise<unknown>,
): Promise<T> {
  return unwrap((await tell(conversationStub(env, caller.organization, conversationId))) as Outcome<T>);
}

/** Has a conversation take a turn; the answer is its stream of events. */
export function requestTurn({ env, caller, conversationId }: Question, turn: TurnRequest): Promise<Response> {
  return conversationStub(env, caller.organization, conversationId).fetch('https://conversation/turn', {
    method: 'POST',
    body: JSON.stringify(turn),
  });
}
