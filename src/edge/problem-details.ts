import type { Context } from 'hono';
import type { ProblemDetails } from '../contract/problem.ts';
import { logError } from '../log.ts';
import { ProblemError, PROBLEMS, type Problem } from '../problems.ts';
import { cut } from '../text.ts';
import type { AppEnv } from './context.ts';

/** Prefix of the `type` of a problem; the code follows. */
const TYPE_PREFIX = 'urn:conversation-api:problem:';
/** Default of `Retry-After` for 429 and 503, in seconds. */
const RETRY_AFTER_SECONDS = '5';

/** Maximum length of a detail in UTF-16 units: some quote the request. */
const MAX_DETAIL_LENGTH = 1_000;

/** Returns the HTTP response of a problem (RFC 9457). No other code makes one. */
export function problemResponse(c: Context<AppEnv>, problem: Problem): Response {
  const { code, extra, errors, error_count } = problem;
  const detail = cut(problem.detail, MAX_DETAIL_LENGTH);
  const [status, title] = PROBLEMS[code];
  c.set('problemCode', code);
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  // Clients send a 429 with `Retry-After` again, and a budget stays spent until its period ends.
  const isWaitedFor = (status === 429 || status === 503) && code !== 'budget_exhausted';
  if (isWaitedFor || extra?.retry_after !== undefined) {
    headers.set('retry-after', extra?.retry_after ?? RETRY_AFTER_SECONDS);
  }
  if (code === 'range_not_satisfiable') headers.set('content-range', `bytes */${extra?.size ?? '*'}`);
  const body = {
    type: `${TYPE_PREFIX}${code}`,
    title,
    status,
    detail,
    code,
    request_id: c.get('requestId'),
    ...extra,
    ...(errors && { errors, error_count }),
  } satisfies ProblemDetails;
  return c.body(JSON.stringify(body), { status, headers });
}

/**
 * Returns the problem of an exception. A `ProblemError` has its own; every other error is logged, and the caller learns
 * no cause.
 */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof ProblemError) return error.problem;
  logError('request_failed', error, { request_id: requestId });
  if (error instanceof Error && 'overloaded' in error && error.overloaded === true) {
    return {
      code: 'service_overloaded',
      detail: 'Too many requests for the same object at the same time. Try again soon.',
    };
  }
  return { code: 'internal_error', detail: 'The server failed to carry out the request. Try again.' };
}

/** Error handler of the app. */
export function onError(error: unknown, c: Context<AppEnv>): Response {
  return problemResponse(c, problemOf(error, c.get('requestId')));
}
