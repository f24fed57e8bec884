import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { rateLimitsHold } from '../deployment/switches.ts';
import { countRequest, type Limited } from '../limits/client.ts';
import type { Decision } from '../limits/window.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { AppEnv } from './context.ts';

/** What a rate limit is about. */
export interface LimitedOperation {
  id: string;
  /** Requests in any 60 seconds and user; `null` for none. */
  rateLimit: number | null;
}

/** Requests in any 60 seconds and user, as the organization in the path has it; `null` for no limit. */
export function limitOf(c: Context<AppEnv>, operation: LimitedOperation): number | null {
  return c.get('organization').rate_limits[operation.id] ?? operation.rateLimit;
}

/** Tells the state of a limit in the headers of the answer. */
export function setRateLimitHeaders(c: Context<AppEnv>, { limit, remaining, resetAt }: Decision): void {
  c.header('x-ratelimit-limit', String(limit));
  c.header('x-ratelimit-remaining', String(remaining));
  c.header('x-ratelimit-reset', String(Math.ceil(resetAt / 1000)));
}

/** The problem of a refused request: 429, with the seconds after which the next would pass. */
export function refusal({ resetAt, limit }: Decision): ProblemError {
  const seconds = Math.max(Math.ceil((resetAt - Date.now()) / 1000), 1);
  return problem(
    'rate_limit_exceeded',
    `At most ${limit} requests a minute are allowed here. Try again in ${seconds} seconds.`,
    { retry_after: String(seconds) },
  );
}

/**
 * Counts a signed-in user's request of a limited operation, and refuses it with 429 when the limit is reached. Without
 * a user there is no counter: nothing that a caller makes up becomes an object.
 */
export function rateLimit(operation: LimitedOperation) {
  return createMiddleware<AppEnv>(async function rateLimit(c, next) {
    const limit = limitOf(c, operation);
    const caller = c.get('caller');
    if (limit === null || caller === null || !rateLimitsHold(c.env)) return next();
    const limited: Limited = {
      name: `${c.get('organization').id}/${caller.user_id}`,
      operation: operation.id,
      limit,
      request_id: c.get('requestId'),
    };
    const decision = await countRequest(c.env, limited);
    c.get('stages').lap('rate-limit');
    setRateLimitHeaders(c, decision);
    if (!decision.allowed) throw refusal(decision);
    await next();
    setRateLimitHeaders(c, decision);
    return undefined;
  });
}
