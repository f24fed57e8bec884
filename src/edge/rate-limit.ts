import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { rateLimitsHold } from '../bindings.ts';
import { countRequest, wouldPass, type Limited } from '../limits/client.ts';
import type { Decision } from '../limits/window.ts';
import { problem } from '../problems.ts';
import type { AppEnv } from './context.ts';

/** What a rate limit is about. */
export interface LimitedOperation {
  id: string;
  /** Requests in any 60 seconds and user; `null` for none. */
  rateLimit: number | null;
}

/**
 * Failed sign-ins in any 60 seconds from one client address. A key of 256 random bits is not guessed; this keeps
 * those who try from costing much, and leaves room for an office behind one address.
 */
export const SIGN_IN_FAILURES_PER_ADDRESS = 60;

/** The client's address as the platform saw it; of IPv6 the network, since a client has all of its addresses. */
function clientAddress(c: Context<AppEnv>): string {
  const address = c.req.header('cf-connecting-ip') ?? 'local';
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':');
  const zeros = address.includes('::') ? 8 - groups.length - tail.split(':').filter(Boolean).length : 0;
  return [...groups, ...new Array<string>(Math.max(zeros, 0)).fill('0')].slice(0, 4).join(':');
}

/**
 * Whose counter a request counts on: the signed-in user's; for a sign-in, the user's whom it is about, if there is
 * such a user, else the client's. So nobody makes objects by inventing users.
 */
async function limiterName(c: Context<AppEnv>): Promise<string> {
  const { id } = c.get('organization');
  const caller = c.get('caller');
  if (caller !== null) return `${id}/${caller.user_id}`;
  const named = c.req.header('x-user-id') ?? '';
  const user = await c.get('registry').user(id, named);
  return user === null ? `address/${clientAddress(c)}` : `${id}/${user.id}`;
}

function setHeaders(c: Context<AppEnv>, { limit, remaining, resetAt }: Decision): void {
  c.header('x-ratelimit-limit', String(limit));
  c.header('x-ratelimit-remaining', String(remaining));
  c.header('x-ratelimit-reset', String(Math.ceil(resetAt / 1000)));
}

function refuse(resetAt: number, limit: number) {
  const seconds = Math.max(Math.ceil((resetAt - Date.now()) / 1000), 1);
  return problem(
    'rate_limit_exceeded',
    `At most ${limit} requests a minute are allowed here. Try again in ${seconds} seconds.`,
    { retry_after: String(seconds) },
  );
}

/** Counts a request of a limited operation, and refuses it with 429 when the limit is reached. */
export function rateLimit(operation: LimitedOperation) {
  return createMiddleware<AppEnv>(async function rateLimit(c, next) {
    const limit = c.get('organization').rate_limits[operation.id] ?? operation.rateLimit;
    if (limit === null || !rateLimitsHold(c.env)) return next();
    const limited: Limited = {
      name: await limiterName(c),
      operation: operation.id,
      limit,
      request_id: c.get('requestId'),
    };
    const decision = await countRequest(c.env, limited);
    c.get('stages').lap('rate-limit');
    setHeaders(c, decision);
    if (!decision.allowed) throw refuse(decision.resetAt, limit);
    await next();
    setHeaders(c, decision);
    return undefined;
  });
}

/** Limits failed sign-ins by client address, before anything is looked up for them. */
export const signInFailures = createMiddleware<AppEnv>(async function signInFailures(c, next) {
  if (!rateLimitsHold(c.env)) return next();
  const limit = SIGN_IN_FAILURES_PER_ADDRESS;
  const failures: Limited = {
    name: `address/${clientAddress(c)}`,
    operation: 'sign-in-failure',
    limit,
    request_id: c.get('requestId'),
  };
  if (!(await wouldPass(c.env, failures))) throw refuse(Date.now() + 60_000, limit);
  await next();
  if (c.res.status === 401) await countRequest(c.env, failures);
  return undefined;
});
