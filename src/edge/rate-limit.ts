import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { rateLimitsHold } from '../deployment/switches.ts';
import { homeOf } from '../home.ts';
import { countRequest, type Limited } from '../limits/client.ts';
import type { Decision } from '../limits/window.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { LeastRevisions } from '../registry/revisions.ts';
import type { AppEnv } from './context.ts';

/** An operation with its rate limit. */
export interface LimitedOperation {
  id: string;
  /** Allowed requests per user in any 60 seconds; null for no limit. */
  rateLimit: number | null;
  /**
   * True when the operation runs while its request is counted. It does nothing that stays before `admission` has resolved,
   * and answers nothing before.
   */
  runsWhileCounted?: boolean;
}

/**
 * Returns the limit of an operation in the organization of the path: requests per user in any 60 seconds, null for no
 * limit.
 */
export function limitOf(c: Context<AppEnv>, operation: LimitedOperation): number | null {
  return c.get('organization').rate_limits[operation.id] ?? operation.rateLimit;
}

/** Sets the headers of the response that describe the limit. */
export function setRateLimitHeaders(c: Context<AppEnv>, { limit, remaining, resetAt }: Decision): void {
  c.header('x-ratelimit-limit', String(limit));
  c.header('x-ratelimit-remaining', String(remaining));
  c.header('x-ratelimit-reset', String(Math.ceil(resetAt / 1000)));
}

/** Returns the problem of a refused request (429), with the seconds until the next request passes. */
export function refusal({ resetAt, limit }: Decision): ProblemError {
  const seconds = Math.max(Math.ceil((resetAt - Date.now()) / 1000), 1);
  return problem(
    'rate_limit_exceeded',
    `At most ${limit} requests a minute are allowed here. Try again in ${seconds} seconds.`,
    { retry_after: String(seconds) },
  );
}

/**
 * Identifies the caller again if the limiter says that a copy is too old: the user was removed, or their role or its
 * grants have changed. Throws `credentials_invalid` (401) if the user does not exist any more.
 */
async function renewIdentity(c: Context<AppEnv>, stale: LeastRevisions): Promise<void> {
  if (Object.keys(stale).length === 0) return;
  const registry = c.get('registry');
  const { id } = c.get('organization');
  const userId = c.get('caller')?.user_id ?? '';
  registry.demand(id, stale);
  const isVisitor = c.get('token')?.visitor !== undefined;
  // A visitor has no document. What the registry tells about one is that they were erased.
  if (isVisitor && stale.user !== undefined) throw problem('credentials_invalid', 'This visitor was erased.');
  if (registry.isBehind(id, userId, stale)) await c.get('identifyAnew')();
}

/**
 * Counts a request against the limit of an operation; throws `rate_limit_exceeded` (429) at the limit. An operation that
 * does what another one does counts against that one, too. Returns the state of the limit, or null where none holds.
 * Requests without a user are not counted, so that invented names create no objects.
 */
export async function countAgainst(
  c: Context<AppEnv>,
  operation: LimitedOperation,
): Promise<Decision | null> {
  const limit = limitOf(c, operation);
  const caller = c.get('caller');
  if (limit === null || caller === null || !rateLimitsHold(c.env)) return null;
  const limited: Limited = {
    home: homeOf(c.get('organization')),
    user_id: caller.user_id,
    operation: operation.id,
    limit,
    request_id: c.get('requestId'),
  };
  const decision = await countRequest(c.env, limited);
  c.get('stages').lap('rate-limit');
  setRateLimitHeaders(c, decision);
  if (!decision.allowed) throw refusal(decision);
  await renewIdentity(c, decision.stale);
  return decision;
}

/**
 * Middleware that counts a user's requests of an operation, and tells the state of the limit in every answer. A refusal
 * takes the place of the operation's answer, so that a request is refused in the same way whatever is wrong with it.
 */
export function rateLimit(operation: LimitedOperation) {
  return createMiddleware<AppEnv>(async function rateLimit(c, next) {
    const counting = countAgainst(c, operation);
    // The operation may end without waiting for it: it is awaited below.
    if (operation.runsWhileCounted === true) counting.catch(() => undefined);
    else await counting;
    c.set('admission', counting);
    await next();
    const decision = await counting;
    if (decision !== null) setRateLimitHeaders(c, decision);
    return undefined;
  });
}
