import type { Env } from '../../bindings.ts';
import type { Caller } from '../../access/permissions.ts';
import type { CreateStreamEvent } from '../../contract/stream.ts';
import type { CreateRequest } from '../../conversation/requests.ts';
import { takePlace, type Place, type PlaceRequest } from '../../conversation/reservation.ts';
import type { EventLines } from '../../edge/ndjson.ts';
import { anyHasFinished, unfinishedOfAny } from '../../directory/adopted.ts';
import { askMemory } from '../../memory/client.ts';
import { memoryOf } from '../../objects.ts';
import { failure, problem, ProblemError, success, type Outcome } from '../../problems.ts';
import { repeatCreate, requestTurn, resumeConversation, write } from './conversation-calls.ts';

/** A create whose caller may create. */
export interface CreateInput extends Omit<CreateRequest, 'kind' | 'place' | 'identity'> {
  env: Env;
  caller: Caller;
  identity: PlaceRequest['identity'];
  /** The context of the user that the organization has written down. */
  context: readonly string[] | undefined;
  /** The fate of another unfinished conversation of the user and service; `reject` if absent. */
  on_unfinished?: 'reject' | 'resume' | 'finish';
}

/** Returns what an agent is told of a user: the user model, and the context that the organization has written down. */
function knownOf(model: string | null, context: readonly string[] = []): string | null {
  const known = [model, ...context].filter((text) => text !== null);
  return known.length === 0 ? null : known.join('\n');
}

/** The most times that a create is tried when the conversation in its way ends meanwhile. */
const MAX_ROUNDS = 2;

/**
 * Creates the conversation: reserves the user's place, and begins the first turn. A create that was sent before with the
 * same key gets the turn that it made. Another unfinished conversation is dealt with as `on_unfinished` says. Returns the
 * stream; throws the problem.
 */
export async function beginCreate(input: CreateInput): Promise<EventLines<CreateStreamEvent>> {
  const { env, caller, identity, tags } = input;
  const { user_id, id } = identity;
  const { request_id } = caller;
  const before = await repeated(input);
  if (before !== null) return before;
  for (let round = 1; ; round += 1) {
    const [place, user_model] = await Promise.all([
      takeOwnPlace(env, caller, { identity, tags, request_id }),
      askMemory(memoryOf(env, identity, user_id), (memory) => memory.model(), null, { request_id }),
    ]);
    if (place.ok) return create(input, place.value, user_model);
    const { conversation_id } = place.problem.extra ?? {};
    if (conversation_id === id) return beside(input);
    const isOpen = place.problem.code === 'conversation_open' && conversation_id !== undefined;
    if (!isOpen || (input.on_unfinished ?? 'reject') === 'reject' || round > MAX_ROUNDS) {
      throw new ProblemError(place.problem);
    }
    const resumed = await passUnfinished(input, conversation_id);
    if (resumed !== null) return resumed;
  }
}

/**
 * Reserves the place of a user who may have adopted visitors: an unfinished conversation of one of them has the place, too.
 * Adopted visitors begin no conversations any more, so none comes between the question and the reservation.
 */
async function takeOwnPlace(env: Env, caller: Caller, request: PlaceRequest): Promise<Outcome<Place>> {
  const { adopted = [] } = caller;
  if (adopted.length === 0) return takePlace(env, request);
  const { identity, request_id } = request;
  const { organization: id, jurisdiction = null, directory_shards } = identity;
  const organization = { id, jurisdiction, directory_shards };
  const question = { organization, service_id: identity.service_id, request_id };
  const conversation_id = await unfinishedOfAny(env, question, adopted);
  if (conversation_id !== null) {
    const detail = 'The user has an unfinished conversation of this service, which they began as a visitor.';
    return failure('conversation_open', detail, { conversation_id });
  }
  const [place, returning] = await Promise.all([
    takePlace(env, request),
    anyHasFinished(env, question, adopted),
  ]);
  return place.ok && returning ? success({ ...place.value, returning }) : place;
}

/** Begins the conversation in the place that was reserved for it. */
function create(
  input: CreateInput,
  place: Place,
  model: string | null,
): Promise<EventLines<CreateStreamEvent>> {
  const { env, caller, identity, context, on_unfinished: _, ...request } = input;
  return requestTurn(
    { env, caller, conversationId: identity.id },
    {
      ...request,
      caller,
      kind: 'create',
      identity: { ...identity, user_model: knownOf(model, context) },
      place,
    },
  );
}

/** Returns the turn of the same create, which has taken the place meanwhile. */
async function beside(input: CreateInput): Promise<EventLines<CreateStreamEvent>> {
  const found = await repeated(input);
  if (found !== null) return found;
  const detail = 'The conversation is about to be created. Try again.';
  throw problem('operation_in_progress', detail, { conversation_id: input.identity.id, retry_after: '1' });
}

/** Goes on with the unfinished conversation, or ends it. Returns null when it is finished: its place is free. */
async function passUnfinished(
  input: CreateInput,
  conversationId: string,
): Promise<EventLines<CreateStreamEvent> | null> {
  const { env, caller, sender, action_filter, response_format, key, message } = input;
  const question = { env, caller, conversationId };
  try {
    if (input.on_unfinished === 'resume') {
      const request = { caller, sender, action_filter, response_format, key, message };
      return { ...(await resumeConversation(question, { kind: 'resume', ...request })), existed: true };
    }
    await write(question, (stub) => stub.finish(caller));
  } catch (error) {
    const isFinished = error instanceof ProblemError && error.problem.code === 'conversation_finished';
    if (!isFinished) throw error;
  }
  return null;
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
