/** Asks a conversation for a turn while the rate limit counts the request. */
import type { Context } from 'hono';
import type { InteractStreamEvent } from '../../contract/stream.ts';
import { ADMISSION_FOLLOWS, ADMITTED } from '../../conversation/admission-line.ts';
import type { InteractRequest } from '../../conversation/requests.ts';
import { settlesAtOnce } from '../../deadline.ts';
import type { AppEnv } from '../../edge/context.ts';
import { eventsOf, type EventLines } from '../../edge/ndjson.ts';
import { signedIn } from '../operation.ts';
import { conversationOf } from '../../objects.ts';
import { requestTurn } from './conversation-calls.ts';

/** A turn without its caller. */
type Turn = Omit<InteractRequest, 'caller' | 'sender'>;

function requestOf(c: Context<AppEnv>, turn: Turn): InteractRequest {
  const { caller, user } = signedIn(c);
  return { ...turn, caller, sender: { user_id: user.id, name: user.name } };
}

/**
 * Sends the turn to its conversation, and after it, when the rate limit has let the request through, a line that says so.
 * The conversation prepares the turn and begins it with that line. Without the line nothing of the request is left.
 */
async function requestMeanwhile(
  c: Context<AppEnv>,
  conversationId: string,
  request: InteractRequest,
): Promise<EventLines<InteractStreamEvent> | null> {
  const { readable, writable } = new IdentityTransformStream();
  const encoder = new TextEncoder();
  const writer = writable.getWriter();
  // A conversation that refuses the turn reads no further: a write then fails, and its answer says why.
  const write = (text: string) => writer.write(encoder.encode(text)).catch(() => undefined);
  const asked = conversationOf(c.env, request.caller, conversationId).fetch('https://conversation/turn', {
    method: 'POST',
    body: readable,
    headers: ADMISSION_FOLLOWS,
  });
  // It is awaited after the admission, and may fail before.
  asked.catch(() => undefined);
  void write(`${JSON.stringify(request)}\n`);
  const withdraw = (reason: unknown) => {
    writer.abort(reason).catch(() => undefined);
    asked.then((answer) => answer.body?.cancel()).catch(() => undefined);
  };
  try {
    await c.get('admission');
  } catch (error) {
    withdraw(error);
    throw error;
  }
  // The copy that told the caller was too old.
  if (c.get('caller') !== request.caller) {
    withdraw(new Error('The caller has changed.'));
    return null;
  }
  void write(ADMITTED);
  void writer.close().catch(() => undefined);
  return eventsOf(await asked);
}

/**
 * Takes a turn of a request that the rate limit may still be counting. Returns the stream of its events once both have
 * answered; throws the refusal of the rate limit, or else the problem that the conversation answers.
 */
export async function requestAdmittedTurn(
  c: Context<AppEnv>,
  conversationId: string,
  turn: Turn,
): Promise<EventLines<InteractStreamEvent>> {
  const admission = c.get('admission');
  if (!(await settlesAtOnce(admission))) {
    const events = await requestMeanwhile(c, conversationId, requestOf(c, turn));
    if (events !== null) return events;
  }
  await admission;
  const request = requestOf(c, turn);
  return requestTurn({ env: c.env, caller: request.caller, conversationId }, request);
}
