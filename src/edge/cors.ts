import type { Context } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './context.ts';
import { findOrganization } from './path.ts';

/** Maximum time that a browser may keep a preflight, in seconds: browsers cap it at two hours. */
const PREFLIGHT_MAX_AGE_SECONDS = 7_200;

/** Tells whether a page sends a token, or asks by a preflight whether it may. A preflight carries no token. */
function presentsToken(c: Context<AppEnv>): boolean {
  return c.req.method === 'OPTIONS' || c.req.header('authorization') !== undefined;
}

/**
 * Returns the origin if the organization in the path lists it, else null; never `*`. Paths of an organization that does
 * not exist have only problems. A page with a token may read those: its organization is misspelt, and an unreadable
 * response would look like an origin that is not listed.
 */
async function allowedOrigin(origin: string, c: Context<AppEnv>): Promise<string | null> {
  const organization = await findOrganization(c);
  if (organization === null) return presentsToken(c) ? origin : null;
  return organization.allowed_origins.includes(origin) ? origin : null;
}

/**
 * Middleware that lets pages of the organization's listed origins call the API. Tokens are in a header, and there are
 * no cookies.
 */
export function cors() {
  const answerOrigin = honoCors({
    origin: allowedOrigin,
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'last-event-id',
      'x-amigo-application',
      'x-api-key',
      'x-api-key-id',
      'x-mongo-cluster-name',
      'x-org-id',
      'x-registry-revision',
      'x-user-id',
    ],
    exposeHeaders: [
      'content-location',
      'idempotent-replayed',
      'retry-after',
      'server-timing',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'x-registry-revision',
      'x-replayed-to',
      'x-request-id',
    ],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  });
  return createMiddleware<AppEnv>(function cors(c, next) {
    // Only browsers send an origin: other clients skip this work.
    return c.req.header('origin') === undefined ? next() : answerOrigin(c, next);
  });
}
