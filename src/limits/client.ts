import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { IsolateCounts } from './isolate-counts.ts';
import { counterKey, type RateLimiter } from './rate-limiter.ts';
import type { Decision, Stamps } from './window.ts';

/** How long a request waits for its limiter before the published counter decides. */
export const LIMITER_TIMEOUT_MS = 250;

type Limits = Pick<Env, 'LIMITER' | 'COUNTERS'>;

/** Shared by all requests of an isolate; values only. */
const isolate = new IsolateCounts();

/** Who is limited, in what, and how much. */
export interface Limited {
  /** The limiter's name: the user's. */
  name: string;
  operation: string;
  /** Requests in any 60 seconds. */
  limit: number;
  /** The request that is counted, for the log. */
  request_id: string;
}

function limiterOf(env: Limits, name: string): DurableObjectStub<RateLimiter> {
  return env.LIMITER.getByName(name);
}

/** The published copy of a counter; nothing when there is none, or when KV fails as well. */
async function published(env: Limits, key: string, request_id: string): Promise<Stamps> {
  try {
    return (
      (await inTime(LIMITER_TIMEOUT_MS, env.COUNTERS.get<number[]>(key, { type: 'json', cacheTtl: 30 }))) ??
      []
    );
  } catch (error) {
    logError('counter_not_readable', error, { request_id });
    return [];
  }
}

/**
 * Counts a request. The user's limiter decides; when it does not answer in time or fails, the published counter and
 * this isolate's memory do: never unlimited, never down.
 */
export async function countRequest(
  env: Limits,
  { name, operation, limit, request_id }: Limited,
): Promise<Decision> {
  const key = counterKey(name, operation);
  const refusal = isolate.refusal(key, limit, Date.now());
  if (refusal !== null) return refusal;
  try {
    const { stamp, ...decision } = await inTime(
      LIMITER_TIMEOUT_MS,
      limiterOf(env, name).admit(name, operation, limit),
    );
    if (stamp === null) isolate.refused(key, decision.resetAt);
    else isolate.passed(key, stamp);
    return decision;
  } catch (error) {
    logError('limiter_unavailable', error, { operation, request_id });
    return isolate.decide(key, limit, Date.now(), await published(env, key, request_id));
  }
}
