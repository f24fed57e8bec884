import type { Context } from 'hono';
import type { AppEnv } from '../../edge/context.ts';
import { organizationNotFound } from '../../edge/path.ts';
import { logChange } from '../../log.ts';
import type { Actor } from '../../registry/object/commands.ts';
import { OPERATOR } from '../../registry/object/decide/access.ts';

/** Returns the operator as the actor of a change in the organization of the path. Throws 404 if the path names none. */
export function operatorOf(c: Context<AppEnv>): Actor {
  const organization = c.get('organizationId');
  if (organization === null) throw organizationNotFound(organization);
  return { organization, user_id: OPERATOR, grants: [], request_id: c.get('requestId') };
}

/** Logs a change by the operator. */
export function logOperator(c: Context<AppEnv>, operation: string): void {
  const { organization, request_id } = operatorOf(c);
  logChange({ operation, organization, actor: OPERATOR, object: organization, request_id });
}
