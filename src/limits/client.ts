import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import type { Home } from '../home.ts';
import { limiterName, limiterOf } from '../objects.ts';
import { IsolateCounts } from './isolate-counts.ts';
import { counterKey, type Stale } from './rate-limiter.ts';
import { readStamps, type Decision, type Stamps } from './window.ts';

/** Time that a request waits for its limiter in milliseconds. After it, the published counter decides. */
export const LIMITER_TIMEOUT_MS = 250;

/** The bindings of limits. */
export type Limits = Pick<Env, 'LIMITER' | 'COUNTERS' | 'JURISDICTIONS'>;

/** Counts of this isolate, shared by all its requests. */
const isolate = new IsolateCounts();

/** A request to count: its user, its operation and the limit. */
export interface Limited {
  /** Home of the organization that is visited. */
  home: Home;
  user_id: string;
  operation: string;
  /** Allowed requests in any 60 seconds. */
  limit: number;
  /** Identifier of the request, for the log. */
  request_id: string;
}

/** Returns the published copy of a counter; an empty list if there is none or KV fails as well. */
async function published(env: Limits, key: string, request_id: string): Promise<Stamps> {
  try {
    const json = await inTime(LIMITER_TIMEOUT_MS, env.COUNTERS.get(key, { cacheTtl: 30 }));
    return json === null ? [] : readStamps(json);
  } catch (error) {
    logError('counter_not_readable', error, { request_id });
    return [];
  }
}

/** A decision, and what the registry has told the limiter; nothing if the limiter did not answer. */
export type Counted = Decision & { stale: Stale };

/**
 * Counts a request, or refuses it. The user's limiter decides. If it fails or does not answer in time, the published
 * counter and the counts of this isolate decide: a failure neither stops requests nor makes them unlimited.
 */
export async function countRequest(
  env: Limits,
  { home, user_id, operation, limit, request_id }: Limited,
): Promise<Counted> {
  const name = limiterName(home, user_id);
  const key = counterKey(name, operation);
  // The counters of a user in a jurisdiction stay in their limiter: KV is everywhere.
  const isPublished = home.jurisdiction === null || home.jurisdiction === undefined;
  const refusal = isolate.refusal(key, limit, Date.now());
  if (refusal !== null) return { ...refusal, stale: {} };
  try {
    const { stamp, ...decision } = await inTime(
      LIMITER_TIMEOUT_MS,
      limiterOf(env, home, user_id).admit(name, operation, limit, isPublished),
    );
    if (stamp === null) isolate.refused(key, decision.resetAt);
    else isolate.passed(key, stamp);
    return decision;
  } catch (error) {
    logError('limiter_unavailable', error, { operation, request_id });
    const stamps = isPublished ? await published(env, key, request_id) : [];
    const decision = isolate.decide(key, limit, Date.now(), stamps);
    return { ...decision, stale: {} };
  }
}
