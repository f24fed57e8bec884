import { createMiddleware } from 'hono/factory';
import { isDevelopment } from '../deployment/switches.ts';
import { isOwnHost } from '../deployment/addresses.ts';
import { problem } from '../problems.ts';
import type { AppEnv } from './context.ts';

/**
 * In development, answers for hosts of the own machine alone. A page of any site can give its own host name the
 * address 127.0.0.1 (DNS rebinding); the browser then takes the development server for that site, whose scripts would
 * read from it a token of every user.
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
