import type { Hono } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { TrieRouter } from 'hono/router/trie-router';
import { mountDeploymentRoutes } from './api/deployment-routes.ts';
import { demoFeatures, demoSession } from './api/demo-session.ts';
import { demoOpenings } from './api/demo-tools.ts';
import { recording } from './api/media/recording.ts';
import { FIRST_OPERATIONS } from './api/conversation-operations.ts';
import { mountOperations } from './api/operation-routes.ts';
import type { AppEnv } from './edge/context.ts';
import { cors } from './edge/cors.ts';
import { hosts } from './edge/hosts.ts';
import { observe } from './edge/observe.ts';
import { organizationInPath } from './edge/path.ts';
import { onError, problemResponse } from './edge/problem-details.ts';
import { registry } from './edge/registry.ts';
import { securityHeaders } from './edge/security-headers.ts';
import { mountLateRoutes } from './late-groups.ts';

/**
 * Creates the app: the steps of every request in order, then the routes. Hono's usual router first compiles all routes
 * into one regular expression, which it cannot for these, and then takes this one.
 */
export function createApp(): Hono<AppEnv> {
  const app = new HonoBase<AppEnv>({ strict: false, router: new TrieRouter() });
  mountLateRoutes(app);
  app.use(observe, registry, securityHeaders, hosts);
  app.onError(onError);

  mountDeploymentRoutes(app);
  app.get('/demo/features', demoFeatures);
  app.post('/demo/session', demoSession);
  app.post('/demo/tools/openings', demoOpenings);

  app.all('/recordings/:organization/:conversation/:recording', organizationInPath, recording);

  app.use('/v1/:organization/*', organizationInPath, cors());
  mountOperations(app, FIRST_OPERATIONS);
  app.notFound((c) => {
    const error = (c.var as Partial<AppEnv['Variables']>).missingRoutes;
    if (error !== undefined) throw error;
    return problemResponse(c, { code: 'path_not_found', detail: `There is nothing at ${c.req.path}.` });
  });
  return app;
}
