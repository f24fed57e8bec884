/**
 * The one place that a user has for an unfinished conversation of a service. It is reserved in the Directory before
 * anything else is done for a create: a create that is refused starts no object and stores nothing.
 */
import { waitUntil } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { shardOf } from '../directory/list-position.ts';
import type { ConversationProgress, Reservation, ReservationOutcome } from '../directory/summary.ts';
import { logError } from '../log.ts';
import { conversationOf } from '../objects.ts';
import { failure, problem, success, type Outcome } from '../problems.ts';
import type { Tags } from '../registry/primitives.ts';
import { directoryFor } from './directory-report.ts';
import type { ConversationIdentity } from './records.ts';

/** The longest time that a create waits for the Directory, and for the conversation in its way, in milliseconds. */
const RESERVATION_MS = 10_000;
const STANDING_MS = 3_000;
/**
 * A conversation begins this soon after its place was reserved, or not at all; and one that has not begun after the
 * longer time is gone. The same object decides both by the same clock, so that never both are true. In milliseconds.
 */
const BEGINS_WITHIN_MS = 15_000;
const GONE_AFTER_MS = 20_000;

/** The state of a conversation that the Directory holds to be unfinished. `progress` is what the list should show of it. */
export type Standing =
  { kind: 'creating' | 'gone' } | { kind: 'open' | 'finished'; progress: ConversationProgress };

/** A place that was reserved. */
export interface Place {
  /** Milliseconds since 1970. */
  created_at: number;
  /** Tells whether the user has finished a conversation of the service before. */
  returning: boolean;
}

/** Returns whether a conversation that has not begun may still begin. */
export function mayBegin(createdAt: number, now: number): boolean {
  return now - createdAt < BEGINS_WITHIN_MS;
}

/** Returns the state of a conversation of which nothing is stored: its create is on its way, or died. */
export function standingOfNothing(createdAt: number, now: number): Standing {
  return { kind: now - createdAt < GONE_AFTER_MS ? 'creating' : 'gone' };
}

/** The place to be reserved, and the request that it is for. */
export interface PlaceRequest {
  identity: Omit<ConversationIdentity, 'user_model'>;
  tags: Tags;
  request_id: string;
}

function reservationOf({ identity, tags }: PlaceRequest): Reservation {
  const { id: conversation_id, user_id, service_id, versions, directory_shards } = identity;
  const { organization, jurisdiction = null } = identity;
  const shard = shardOf(user_id, directory_shards);
  const home = { organization, jurisdiction };
  return { conversation_id, user_id, service_id, versions, tags, shard, home };
}

/** The outcome of a reservation whose place another conversation has. */
type Taken = Extract<ReservationOutcome, { kind: 'open' | 'creating' }>;

/** Returns the state of the conversation in the way, or null when it does not answer: then the Directory's word holds. */
async function ask(
  env: Env,
  { identity, request_id }: PlaceRequest,
  { conversation_id: id, created_at }: Taken,
): Promise<Standing | null> {
  try {
    const other = conversationOf(env, identity, id);
    return await inTime<Standing>(STANDING_MS, other.standing(created_at));
  } catch (error) {
    logError('standing_unknown', error, { request_id, conversation_id: id });
    return null;
  }
}

type DirectoryStub = ReturnType<typeof directoryFor>;

/** Reserves the place; where the Directory is behind the conversation in the way, that is put right first. */
async function reserve(
  env: Env,
  directory: DirectoryStub,
  request: PlaceRequest,
): Promise<ReservationOutcome> {
  const reservation = reservationOf(request);
  const first = await directory.reserve(reservation);
  if (first.kind === 'reserved' || first.kind === 'closed') return first;
  const { conversation_id } = first;
  const standing = await ask(env, request, first);
  if (standing === null || standing.kind === first.kind) return first;
  switch (standing.kind) {
    case 'creating':
      return { ...first, kind: 'creating' };
    case 'gone':
      await directory.forget(conversation_id);
      return directory.reserve(reservation);
    case 'open':
    case 'finished':
      await directory.record(conversation_id, standing.progress);
      return directory.reserve(reservation);
  }
}

function outcomeOf(outcome: ReservationOutcome): Outcome<Place> {
  switch (outcome.kind) {
    case 'reserved':
      return success({ created_at: outcome.created_at, returning: outcome.returning });
    case 'closed':
      return failure('user_not_found', 'The user is being erased.');
    case 'open':
      return failure(
        'conversation_open',
        `The conversation ${outcome.conversation_id} of this user and service is unfinished.`,
        { conversation_id: outcome.conversation_id },
      );
    case 'creating':
      return failure('operation_in_progress', 'A conversation of this user and service is being created.', {
        conversation_id: outcome.conversation_id,
      });
  }
}

/**
 * Takes the user's place for a new conversation, or says which conversation has it. Throws `service_overloaded` when the
 * Directory does not answer.
 */
export async function takePlace(env: Env, request: PlaceRequest): Promise<Outcome<Place>> {
  const { identity, request_id } = request;
  const directory = directoryFor(env, identity);
  try {
    return outcomeOf(await inTime(RESERVATION_MS, reserve(env, directory, request)));
  } catch (error) {
    const about = { request_id, conversation_id: identity.id };
    logError('reservation_failed', error, about);
    // It may have been made all the same. Should this fail too, a later create of the user finds it dead.
    const released = directory.release(identity.id).catch((releaseError: unknown) => {
      logError('reservation_not_released', releaseError, about);
    });
    waitUntil(released);
    throw problem('service_overloaded', 'The list of conversations does not answer now. Try again.');
  }
}
