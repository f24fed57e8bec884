import type { Context } from 'hono';
import type { ProblemDetails } from '../contract/problem.ts';
import { logError } from '../log.ts';
import { ProblemError, PROBLEMS, type Problem } from '../problems.ts';
import { cut } from '../text.ts';
import type { AppEnv } from './context.ts';

/** The title of a problem in the words of `PROBLEMS`, addressed by its code. */
const TYPE_PREFIX = 'urn:conversation-api:problem:';
/** How long a client should wait after a 429 or 503 that does not say, in seconds. */
const RETRY_AFTER_SECONDS = '5';

/** The longest sentence of a problem, in UTF-16 units: some repeat what was sent. */
const MAX_DETAIL_LENGTH = 1_000;

/** The one place where a problem becomes HTTP: RFC 9457 problem details. */
export function problemResponse(c: Context<AppEnv>, problem: Problem): Response {
  const { code, extra, errors, error_count } = problem;
  const detail = cut(problem.detail, MAX_DETAIL_LENGTH);
  const [status, title] = PROBLEMS[code];
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 429 || status === 503) headers.set('retry-after', extra?.retry_after ?? RETRY_AFTER_SECONDS);
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

/** What an exception is to the caller. Only a `ProblemError` speaks to them; the rest is logged and kept from them. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof ProblemError) return error.problem;
  logError('request_failed', error, { request_id: requestId });
  if (error instanceof Error && 'overloaded' in error && error.overloaded === true) {
    return {
      code: 'service_overloaded',
      detail: 'Too many requests for the same thing at once. Try again soon.',
    };
  }
  return { code: 'internal_error', detail: 'The request could not be carried out. Try again.' };
}

/** The app's `onError`. */
export function onError(error: unknown, c: Context<AppEnv>): Response {
  return problemResponse(c, problemOf(error, c.get('requestId')));
}
