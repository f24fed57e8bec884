import type { Hono } from 'hono';
import type { AppEnv } from '../edge/context.ts';
import { readyz } from '../edge/readiness.ts';
import { signingKeys } from '../signing/signing-keys.ts';
import { openApi } from './document/serve.ts';

/** Adds what a deployment tells about itself, to every caller: that it lives, that it can serve, its document, its keys. */
export function mountDeploymentRoutes(app: Hono<AppEnv>): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', readyz);
  app.get('/v1/openapi.json', openApi);
  app.get('/.well-known/jwks.json', async (c) => {
    const { published } = await signingKeys(c.env.SIGNING_KEYS);
    return c.json({ keys: published }, 200, { 'cache-control': 'public, max-age=300' });
  });
}
