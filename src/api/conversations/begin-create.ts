import type { Env } from '../../bindings.ts';
import type { Caller } from '../../access/permissions.ts';
import type { CreateStreamEvent } from '../../contract/stream.ts';
import type { CreateRequest } from '../../conversation/requests.ts';
import { takePlace, type PlaceRequest } from '../../conversation/reservation.ts';
import type { EventLines } from '../../edge/ndjson.ts';
import { askMemory, memoryOf } from '../../memory/client.ts';
import { problem, ProblemError, unwrap } from '../../problems.ts';
import { repeatCreate, requestTurn } from './conversation-calls.ts';

/** A create whose caller may create. */
export interface CreateInput extends Omit<CreateRequest, 'kind' | 'place' | 'identity'> {
  env: Env;
  caller: Caller;
  identity: PlaceRequest['identity'];
  /** The context of the user that the organization has written down. */
  context: readonly string[] | undefined;
}

/** Returns what an agent is told of a user: the user model, and the context that the organization has written down. */
function knownOf(model: string | null, context: readonly string[] = []): string | null {
  const known = [model, ...context].filter((text) => text !== null);
  return known.length === 0 ? null : known.join('\n');
}

/**
 * Creates the conversation: reserves the user's place, and begins the first turn. A create that was sent before with the
 * same key gets the turn that it made. Returns the stream; throws the problem.
 */
export async function beginCreate(input: CreateInput): Promise<EventLines<CreateStreamEvent>> {
  const { env, caller, identity, tags } = input;
  const { organization, user_id, id } = identity;
  const { request_id } = caller;
  const before = await repeated(input);
  if (before !== null) return before;
  const [place, user_model] = await Promise.all([
    takePlace(env, { identity, tags, request_id }),
    askMemory(memoryOf(env, organization, user_id), (memory) => memory.model(), null, { request_id }),
  ]);
  if (!place.ok && place.problem.extra?.conversation_id === id) {
    // The same create has taken the place meanwhile.
    const beside = await repeated(input);
    if (beside !== null) return beside;
    const detail = 'The conversation is about to be created. Try again.';
    throw problem('operation_in_progress', detail, { conversation_id: id, retry_after: '1' });
  }
  const { env: _env, context: _context, ...request } = input;
  return requestTurn(
    { env, caller, conversationId: id },
    {
      ...request,
      kind: 'create',
      identity: { ...identity, user_model: knownOf(user_model, input.context) },
      place: unwrap(place),
    },
  );
}

/** Returns the stream of the turn that the same create made before; null when there is none, or no key. */
async function repeated(input: CreateInput): Promise<EventLines<CreateStreamEvent> | null> {
  const { env, caller, identity, key, action_filter, response_format } = input;
  if (key === null) return null;
  const question = { env, caller, conversationId: identity.id };
  try {
    return await repeatCreate(question, {
      kind: 'repeated-create',
      caller,
      action_filter,
      response_format,
      key,
    });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'conversation_not_found') return null;
    throw error;
  }
}
