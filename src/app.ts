import type { Hono } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { TrieRouter } from 'hono/router/trie-router';
import { mountDeploymentRoutes } from './api/deployment-routes.ts';
import { demoFeatures, demoSession } from './api/demo-session.ts';
import { demoOpenings } from './api/demo-tools.ts';
import { recording } from './api/media/recording.ts';
import { FIRST_OPERATIONS } from './api/conversation-operations.ts';
import { addLateRoutes, type LateRoutes } from './api/late-routes.ts';
import { mountOperations } from './api/operation-routes.ts';
import type { AppEnv } from './edge/context.ts';
import { cors } from './edge/cors.ts';
import { hosts } from './edge/hosts.ts';
import { observe } from './edge/observe.ts';
import { organizationInPath } from './edge/path.ts';
import { onError, problemResponse } from './edge/problem-details.ts';
import { registry } from './edge/registry.ts';
import { securityHeaders } from './edge/security-headers.ts';

/** The groups of routes that are loaded with their first request. What no group has is there from the start. */
export const LATE_ROUTES: readonly LateRoutes[] = [
  {
    paths: /^\/v1\/[^/]+\/service\/[^/]+\/(?:chat|ag-ui)(?:\/|$)/,
    load: async () => {
      const { CHAT_OPERATIONS } = await import('./api/chat/operations.ts');
      return (app) => mountOperations(app, CHAT_OPERATIONS);
    },
  },
  {
    paths: /^\/v1\/[^/]+\/visitor(?:\/|$)/,
    load: async () => {
      const { VISITOR_OPERATIONS } = await import('./api/visitors/operations.ts');
      return (app) => mountOperations(app, VISITOR_OPERATIONS);
    },
  },
  {
    paths:
      /^\/v1\/[^/]+\/(?:organization|role|service(?!\/[^/]+\/(?:chat|ag-ui))|usage|user(?!\/signin_with_api_key))(?:\/|$)/,
    load: async () => (await import('./api/management-routes.ts')).mountManagement,
  },
  {
    paths: /^\/workbench\/api\//,
    load: async () => (await import('./workbench/routes.ts')).mountWorkbench,
  },
];

/**
 * Creates the app: the steps of every request in order, then the routes. Hono's usual router first compiles all routes
 * into one regular expression, which it cannot for these, and then takes this one.
 */
export function createApp(): Hono<AppEnv> {
  const app = new HonoBase<AppEnv>({ strict: false, router: new TrieRouter() });
  addLateRoutes(app, LATE_ROUTES);
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
