import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { logInfo } from '../log.ts';
import { cut } from '../text.ts';
import type { AppEnv, Variables } from './context.ts';
import { Stages } from './stages.ts';

/** The longest path that is logged, in characters: longer than any of an operation. */
const MAX_LOGGED_PATH = 300;

/** Names the request on its answer and in the log, and tells where its time went. */
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
    ...whoAsked(c),
    method: c.req.method,
    path: cut(c.req.path, MAX_LOGGED_PATH),
    status: c.res.status,
    duration_ms: stages.totalMs,
  });
});

/** Who asked for what: each is null where the request ended before it was known. The organization is the path's. */
function whoAsked(c: Context<AppEnv>): {
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

/** Names the operation that a route carries out, for the log. */
export function operationNamed(id: string) {
  return createMiddleware<AppEnv>(async function operationNamed(c, next) {
    c.set('operation', id);
    await next();
  });
}
