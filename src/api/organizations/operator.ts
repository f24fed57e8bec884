import type { Context } from 'hono';
import type { AppEnv } from '../../edge/context.ts';
import { organizationNotFound } from '../../edge/path.ts';
import type { Jurisdiction } from '../../home.ts';
import { logChange } from '../../log.ts';
import type { Actor } from '../../registry/object/commands.ts';
import { OPERATOR } from '../../registry/object/decide/access.ts';

/** Returns the operator as the actor of a change in the organization of the path. Throws 404 if the path names none. */
export function operatorOf(c: Context<AppEnv>): Actor {
  const organization = c.get('organizationId');
  if (organization === null) throw organizationNotFound(organization);
  return { organization, user_id: OPERATOR, grants: [], request_id: c.get('requestId') };
}

/**
 * Returns the operator in the jurisdiction of the organization: the published one, or the one that is stated for a new
 * organization.
 */
export async function operatorIn(
  c: Context<AppEnv>,
  stated: Jurisdiction | null | undefined,
): Promise<Actor> {
  const actor = operatorOf(c);
  const known = await c.get('registry').organization(actor.organization);
  return { ...actor, jurisdiction: known === null ? stated : known.jurisdiction };
}

/** Logs a change by the operator. */
export function logOperator(c: Context<AppEnv>, operation: string): void {
  const { organization, request_id } = operatorOf(c);
  logChange({ operation, organization, actor: OPERATOR, object: organization, request_id });
}
