import { createMiddleware } from 'hono/factory';
import { isDevelopment } from '../deployment/switches.ts';
import { isOwnHost } from '../deployment/addresses.ts';
import { problem } from '../problems.ts';
import type { AppEnv } from './context.ts';

/**
 * Middleware that, in development, answers only requests for hosts of this machine. Otherwise a page of any site could
 * give its host name the address 127.0.0.1 (DNS rebinding), and its scripts could read a token of every user from the
 * development server. Throws `host_not_allowed` (421).
 */
export const hosts = createMiddleware<AppEnv>(async function hosts(c, next) {
  if (isDevelopment(c.env) && !isOwnHost(c.env, c.req.raw)) {
    throw problem(
      'host_not_allowed',
      'This development server answers for localhost. Name further hosts in ALLOWED_HOSTS.',
    );
  }
  await next();
});
