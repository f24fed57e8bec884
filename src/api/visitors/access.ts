import type { Context } from 'hono';
import { publicOrigin } from '../../deployment/addresses.ts';
import type { AppEnv } from '../../edge/context.ts';
import { visitedService } from '../../edge/visitors.ts';
import { problem } from '../../problems.ts';
import type { Service, Visitors } from '../../registry/services.ts';

/** Returns the origin of the page that asks; null if no page asks. */
export function pageOrigin(c: Context<AppEnv>): string | null {
  return c.req.header('origin') ?? null;
}

/**
 * Returns a service that takes visitors, for a page that may send them. Throws `visitors_not_allowed` (404) or
 * `origin_not_allowed` (403). The pages of this deployment may always: what they show is the operator's own choice.
 */
export async function serviceForVisitors(
  c: Context<AppEnv>,
  serviceId: string,
): Promise<{ service: Service; visitors: Visitors }> {
  const organization = c.get('organization');
  const visited = await visitedService(c, organization.id, serviceId);
  if (visited === null) throw problem('visitors_not_allowed', 'There is no such service for visitors.');
  const origin = pageOrigin(c);
  const { origins } = visited.visitors;
  const isOwn = origin === publicOrigin(c.env, c.req.url);
  if (origin !== null && !isOwn && !(origins ?? organization.allowed_origins).includes(origin)) {
    throw problem('origin_not_allowed', `Pages of ${origin.slice(0, 300)} may not send visitors here.`);
  }
  return visited;
}
