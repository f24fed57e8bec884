import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { logInfo } from '../log.ts';
import { cut } from '../text.ts';
import type { AppEnv, Variables } from './context.ts';
import { Stages } from './stages.ts';

/** Maximum length of a logged path in characters: longer than any path of an operation. */
const MAX_LOGGED_PATH = 300;

/** Middleware that gives a request its identifier, and adds identifier and timing to the response and the log. */
export const observe = createMiddleware<AppEnv>(async function observe(c, next) {
  const requestId = crypto.randomUUID();
  const stages = new Stages();
  c.set('requestId', requestId);
  c.set('stages', stages);
  await next();
  stages.lap('operation');
  c.res.headers.set('x-request-id', requestId);
  c.res.headers.set('server-timing', stages.header);
  logInfo('request', {
    request_id: requestId,
    ...requester(c),
    method: c.req.method,
    path: cut(c.req.path, MAX_LOGGED_PATH),
    status: c.res.status,
    code: (c.var as Partial<Variables>).problemCode ?? null,
    duration_ms: stages.totalMs,
  });
});

/**
 * Returns the operation, organization and actor of a request; null for each if the request ended before it was known.
 */
function requester(c: Context<AppEnv>): {
  operation: string | null;
  organization: string | null;
  actor: string | null;
} {
  const { operation, organizationId, caller } = c.var as Partial<Variables>;
  return {
    operation: operation ?? null,
    organization: organizationId ?? null,
    actor: caller?.user_id ?? null,
  };
}

/** Middleware that sets the operation of a route, for the log. */
export function operationNamed(id: string) {
  return createMiddleware<AppEnv>(async function operationNamed(c, next) {
    c.set('operation', id);
    await next();
  });
}
