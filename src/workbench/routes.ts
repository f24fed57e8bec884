/**
 * The requests of the page at `/workbench` besides the published API: they show the inside of agents, which that API
 * does not. All of them only read, except a developer's session and publications.
 */
import type { Hono } from 'hono';
import { isDevelopment } from '../deployment/switches.ts';
import type { Settings } from '../contract/workbench.ts';
import type { AppEnv } from '../edge/context.ts';
import { credentials, organization } from '../edge/credentials.ts';
import { maintenance } from '../edge/maintenance.ts';
import { operationNamed } from '../edge/observe.ts';
import { organizationInPath } from '../edge/path.ts';
import { rateLimit } from '../edge/rate-limit.ts';
import { developmentOnly, getIdentities, openSession } from './development.ts';
import type { Endpoint } from './endpoint.ts';
import { getGraphs } from './graphs.ts';
import { getMemories } from './memories.ts';
import { getRevision, publishFile } from './publishing.ts';
import { switchedOn } from './switch.ts';
import { getTurns } from './turns.ts';

/** Every endpoint for signed-in users. The routes and the tests of their gates are made from this list. */
export const ENDPOINTS: readonly Endpoint[] = [getGraphs, getTurns, getMemories];

/**
 * Adds the workbench to the app. Endpoints pass the gates of the published operations. The others carry no rate limit:
 * `settings` reads nothing, and the rest exist on a developer's machine alone.
 */
export function mountWorkbench(app: Hono<AppEnv>): void {
  app.use('/workbench/api/*', switchedOn);
  app.get('/workbench/api/settings', (c) => c.json({ development: isDevelopment(c.env) } satisfies Settings));
  app.get('/workbench/api/identities', developmentOnly, getIdentities);
  app.post('/workbench/api/session', developmentOnly, openSession);
  app.post('/workbench/api/publish', developmentOnly, publishFile);
  app.get('/workbench/api/revision', developmentOnly, getRevision);
  for (const endpoint of ENDPOINTS) {
    app.get(
      endpoint.path,
      operationNamed(endpoint.id),
      organizationInPath,
      maintenance,
      credentials('user'),
      organization('user'),
      rateLimit(endpoint),
      endpoint.handler,
    );
  }
}
