import { Hono } from 'hono';
import { mountDeploymentRoutes } from './api/deployment-routes.ts';
import { OPERATIONS } from './api/operations.ts';
import { recording } from './api/media/recording.ts';
import { demoSession } from './api/demo-session.ts';
import { demoOpenings } from './api/demo-tools.ts';
import { apiKeyCredentials } from './edge/api-keys.ts';
import type { AppEnv } from './edge/context.ts';
import { cors } from './edge/cors.ts';
import { credentials, organization } from './edge/credentials.ts';
import { hosts } from './edge/hosts.ts';
import { maintenance } from './edge/maintenance.ts';
import { observe, operationNamed } from './edge/observe.ts';
import { organizationInPath } from './edge/path.ts';
import { onError, problemResponse } from './edge/problem-details.ts';
import { rateLimit } from './edge/rate-limit.ts';
import { registry } from './edge/registry.ts';
import { securityHeaders } from './edge/security-headers.ts';
import { mountWorkbench } from './workbench/routes.ts';

/**
 * A path of the document in the router's words: `{name}` becomes `:name`. The router does not tell apart paths with
 * and without a slash at the end, and wants them without.
 */
function routerPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/\/$/, '');
}

/** The app: what every request passes, in order, and then every operation. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ strict: false });
  app.use(observe, registry, securityHeaders, hosts);
  app.onError(onError);

  mountDeploymentRoutes(app, OPERATIONS);
  app.post('/demo/session', demoSession);
  app.post('/demo/tools/openings', demoOpenings);

  app.all('/recordings/:organization/:conversation/:recording', organizationInPath, recording);
  mountWorkbench(app);

  app.use('/v1/:organization/*', organizationInPath, cors());

  for (const operation of OPERATIONS) {
    app.on(
      operation.method,
      routerPath(operation.path),
      operationNamed(operation.id),
      maintenance,
      credentials(operation.credentials),
      organization(operation.credentials),
      ...(operation.credentials === 'api-key' ? [apiKeyCredentials(operation)] : []),
      rateLimit(operation),
      operation.handler,
    );
  }
  for (const path of new Set(OPERATIONS.map((operation) => operation.path))) {
    const methods = OPERATIONS.filter((operation) => operation.path === path).map(({ method }) => method);
    app.all(routerPath(path), (c) => {
      c.header('allow', methods.map((method) => method.toUpperCase()).join(', '));
      return problemResponse(c, {
        code: 'method_not_allowed',
        detail: `This path does not take ${c.req.method}.`,
      });
    });
  }
  app.notFound((c) =>
    problemResponse(c, { code: 'path_not_found', detail: `There is nothing at ${c.req.path}.` }),
  );
  return app;
}
