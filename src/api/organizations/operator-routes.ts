import type { Hono } from 'hono';
import type { AppEnv } from '../../edge/context.ts';
import { maintenance } from '../../edge/maintenance.ts';
import { operationNamed } from '../../edge/observe.ts';
import { operatorOnly } from '../../edge/operator.ts';
import { createOrganization } from './create.ts';
import { importOrganization } from './import.ts';

/** Adds the operator's routes. They stand beside the operations, because no user of an organization may call them. */
export function mountOperatorRoutes(app: Hono<AppEnv>): void {
  app.put(
    '/v1/:organization/organization',
    operationNamed('create-organization'),
    maintenance,
    operatorOnly,
    createOrganization,
  );
  app.post(
    '/v1/:organization/organization/import',
    operationNamed('import-organization'),
    maintenance,
    operatorOnly,
    importOrganization,
  );
}
