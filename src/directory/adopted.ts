/** The conversations of visitors that a user has adopted. They stay in the shards of the visitors. */
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { homeOf } from '../home.ts';
import { logError } from '../log.ts';
import { conversationOf } from '../objects.ts';
import { problem } from '../problems.ts';
import { directoryOfUser, hasFinished, type ShardedOrganization } from './client.ts';

/** Time that a request waits for a shard, or for a conversation, in milliseconds. */
const WAIT_MS = 5_000;

type Objects = Pick<Env, 'DIRECTORY' | 'CONVERSATION' | 'JURISDICTIONS'>;

/** A question about the unfinished conversation of a service. */
export interface PlaceQuestion {
  organization: ShardedOrganization;
  service_id: string;
  request_id: string;
}

/** Returns the identifier of a user's unfinished conversation of a service; null for none. Throws 503 if it is not known. */
export async function unfinishedOf(
  env: Objects,
  { organization, service_id, request_id }: PlaceQuestion,
  userId: string,
): Promise<string | null> {
  try {
    const listed = directoryOfUser(env, organization, userId).unfinishedOf(userId, service_id);
    const found = await inTime(WAIT_MS, listed as Promise<{ id: string; created_at: number } | null>);
    if (found === null) return null;
    // The list may not know yet that it has ended.
    const asked = conversationOf(env, homeOf(organization), found.id).standing(found.created_at);
    const { kind } = await inTime(WAIT_MS, asked as Promise<{ kind: string }>);
    return kind === 'open' || kind === 'creating' ? found.id : null;
  } catch (error) {
    logError('directory_unavailable', error, { request_id });
    throw problem('service_overloaded', 'The list of conversations does not answer now. Try again.');
  }
}

/** Returns the first unfinished conversation of a service that one of these users has; null for none. */
export async function unfinishedOfAny(
  env: Objects,
  question: PlaceQuestion,
  userIds: readonly string[],
): Promise<string | null> {
  const found = await Promise.all(userIds.map((id) => unfinishedOf(env, question, id)));
  return found.find((id) => id !== null) ?? null;
}

/** Tells whether one of these users has finished a conversation of the service before. */
export async function anyHasFinished(
  env: Objects,
  { organization, service_id, request_id }: PlaceQuestion,
  userIds: readonly string[],
): Promise<boolean> {
  const about = { request_id };
  const asked = userIds.map((id) => hasFinished(env, organization, id, service_id, about));
  return (await Promise.all(asked)).includes(true);
}
