/** The routes that are not there from the start. */
import type { Hono } from 'hono';
import { addLateRoutes, type LateRoutes } from './api/late-routes.ts';
import { mountOperations } from './api/operation-routes.ts';
import type { AppEnv } from './edge/context.ts';

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

/** Lets an app load these routes with their first request. Call it before middleware is added. */
export function mountLateRoutes(app: Hono<AppEnv>): void {
  addLateRoutes(app, LATE_ROUTES);
}
