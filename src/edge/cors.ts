import type { Context } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './context.ts';
import { findOrganization } from './path.ts';

/** How long a browser may remember a preflight, in seconds: browsers cap it at two hours. */
const PREFLIGHT_MAX_AGE_SECONDS = 7_200;

/** Whether a page presents a token, or asks (by a preflight, which carries none) whether it may. */
function presentsToken(c: Context<AppEnv>): boolean {
  return c.req.method === 'OPTIONS' || c.req.header('authorization') !== undefined;
}

/**
 * The origin, if the organization in the path lists it. Never `*`. Below the path of an organization that does not
 * exist there are only problems, and a page with a token may read them: its organization is misspelt, and without a
 * readable answer it could not tell that from an origin that is not listed.
 */
async function allowedOrigin(origin: string, c: Context<AppEnv>): Promise<string | null> {
  const organization = await findOrganization(c);
  if (organization === null) return presentsToken(c) ? origin : null;
  return organization.allowed_origins.includes(origin) ? origin : null;
}

/** Lets the pages of an organization's listed origins call the API. Tokens travel in a header, cookies do not exist. */
export function cors() {
  const answerOrigin = honoCors({
    origin: allowedOrigin,
    allowMethods: ['GET', 'POST'],
    allowHeaders: [
      'authorization',
      'content-type',
      'x-amigo-application',
      'x-api-key',
      'x-api-key-id',
      'x-mongo-cluster-name',
      'x-org-id',
      'x-user-id',
    ],
    exposeHeaders: [
      'retry-after',
      'server-timing',
      'x-ratelimit-limit',
      'x-ratelimit-remaining',
      'x-ratelimit-reset',
      'x-request-id',
    ],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  });
  return createMiddleware<AppEnv>(function cors(c, next) {
    // Only browsers send an origin; nobody else has to pay for it.
    return c.req.header('origin') === undefined ? next() : answerOrigin(c, next);
  });
}
