import type { Hono } from 'hono';
import type { AppEnv } from '../edge/context.ts';
import { MANAGEMENT_OPERATIONS } from './management-operations.ts';
import { mountOperations } from './operation-routes.ts';
import { getOrganization } from './organizations/get.ts';
import { mountOperatorRoutes } from './organizations/operator-routes.ts';
import { adoptVisitor } from './visitors/adopt.ts';

/** Adds what manages an organization: the operator's routes, and the operations on its parts. */
export function mountManagement(app: Hono<AppEnv>): void {
  mountOperatorRoutes(app);
  mountOperations(app, [getOrganization, ...MANAGEMENT_OPERATIONS, adoptVisitor]);
}
