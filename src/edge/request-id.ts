import { createMiddleware } from 'hono/factory';
import { RegistryReader } from '../registry/reader.ts';
import type { AppEnv } from './context.ts';

/** Names the request: on its answer, in its problem details and in its log lines. */
export const requestId = createMiddleware<AppEnv>(async function requestId(c, next) {
  const id = crypto.randomUUID();
  c.set('requestId', id);
  c.set('registry', new RegistryReader(c.env.REGISTRY));
  await next();
  c.header('x-request-id', id);
});
