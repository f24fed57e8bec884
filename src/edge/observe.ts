import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { logInfo } from '../log.ts';
import { cut } from '../text.ts';
import type { AppEnv, Variables } from './context.ts';

/** The longest path that is logged, in characters: longer than any of an operation. */
const MAX_LOGGED_PATH = 300;

/** The stages that a request passes, each with the time since the one before. */
export class Stages {
  readonly #laps: [name: string, ms: number][] = [];
  readonly #startedAt = Date.now();
  #lastAt = this.#startedAt;

  /** Ends a stage. */
  lap(name: string): void {
    const now = Date.now();
    this.#laps.push([name, now - this.#lastAt]);
    this.#lastAt = now;
  }

  get totalMs(): number {
    return this.#lastAt - this.#startedAt;
  }

  /** As a `Server-Timing` header (W3C): `name;dur=milliseconds`. The runtime's clock moves only with I/O. */
  get header(): string {
    return this.#laps.map(([name, ms]) => `${name};dur=${ms}`).join(', ');
  }
}

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
