/** Routes that are added to the app with their first request, so that a start does not make them. */
import type { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../edge/context.ts';

/** Routes that few requests need. */
export interface LateRoutes {
  /** Matches the paths of the routes, and of no others that the app has. */
  paths: RegExp;
  /** Loads them, and returns the function that adds them to an app. */
  load: () => Promise<(app: Hono<AppEnv>) => void>;
}

/**
 * Adds groups of routes to an app when the first request for each arrives, and lets the app match that request again.
 * The app's router must take routes at any time. Call it before any other middleware is added: a request passes that
 * once. A group that cannot be loaded is tried again with its next request; `missingRoutes` then has the error.
 */
export function addLateRoutes(app: Hono<AppEnv>, groups: readonly LateRoutes[]): void {
  const missing = new Set(groups);
  const lateRoutes = createMiddleware<AppEnv>(async function lateRoutes(c, next) {
    const wanted = [...missing].find(({ paths }) => paths.test(c.req.path));
    if (wanted === undefined) return next();
    try {
      const add = await wanted.load();
      // Another request may have added them meanwhile.
      if (missing.has(wanted)) add(app);
      missing.delete(wanted);
    } catch (error) {
      c.set('missingRoutes', error);
      return next();
    }
    return app.fetch(c.req.raw, c.env, c.executionCtx);
  });
  app.use(lateRoutes);
}
