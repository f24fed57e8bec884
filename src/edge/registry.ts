import { createMiddleware } from 'hono/factory';
import { registrySource } from '../registry/object/client.ts';
import { RegistryReader } from '../registry/reader.ts';
import type { AppEnv } from './context.ts';

/** Gives the request a reader of the registry, which everything behind it shares. */
export const registry = createMiddleware<AppEnv>(async function registry(c, next) {
  c.set('registry', new RegistryReader(c.env.REGISTRY, undefined, registrySource(c.env)));
  await next();
});
