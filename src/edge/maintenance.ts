import { createMiddleware } from 'hono/factory';
import { problem, type ProblemError } from '../problems.ts';
import type { AppEnv } from './context.ts';
import { findOrganization } from './path.ts';

/** When nothing else is said, in seconds. */
const USUAL_RETRY_AFTER_SECONDS = 60;

function underMaintenance(retryAfterSeconds: number): ProblemError {
  return problem('maintenance', 'The service is down for maintenance. Try again later.', {
    retry_after: String(retryAfterSeconds),
  });
}

/** Answers 503 while the deployment, or the organization in the path, is under maintenance. */
export const maintenance = createMiddleware<AppEnv>(async function maintenance(c, next) {
  const { MAINTENANCE: deployment } = c.env;
  if (deployment !== undefined && deployment !== '' && deployment !== 'false') {
    const seconds = Number(deployment);
    throw underMaintenance(Number.isInteger(seconds) && seconds > 0 ? seconds : USUAL_RETRY_AFTER_SECONDS);
  }
  const organization = await findOrganization(c);
  if (organization?.maintenance != null) throw underMaintenance(organization.maintenance.retry_after_seconds);
  c.get('stages').lap('maintenance');
  await next();
});
