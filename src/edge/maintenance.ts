import { createMiddleware } from 'hono/factory';
import type { Env } from '../bindings.ts';
import { maintenanceSeconds } from '../deployment/switches.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { AppEnv } from './context.ts';
import { findOrganization } from './path.ts';

function underMaintenance(retryAfterSeconds: number): ProblemError {
  return problem('maintenance', 'The service is down for maintenance. Try again later.', {
    retry_after: String(retryAfterSeconds),
  });
}

/** Returns the problem of every request while the deployment is under maintenance, else null. */
export function deploymentMaintenance(env: Pick<Env, 'MAINTENANCE'>): ProblemError | null {
  const seconds = maintenanceSeconds(env);
  return seconds === null ? null : underMaintenance(seconds);
}

/**
 * Middleware that throws `maintenance` (503) while the deployment, or the organization in the path, is under
 * maintenance.
 */
export const maintenance = createMiddleware<AppEnv>(async function maintenance(c, next) {
  const ofDeployment = deploymentMaintenance(c.env);
  if (ofDeployment !== null) throw ofDeployment;
  const organization = await findOrganization(c);
  if (organization?.maintenance != null) throw underMaintenance(organization.maintenance.retry_after_seconds);
  c.get('stages').lap('maintenance');
  await next();
});
