import { isAdministrator } from '../access/administrators.ts';
import type { Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import { isDevelopment } from '../deployment/switches.ts';
import { problem } from '../problems.ts';

/**
 * Refuses a caller who is not an administrator (of the service, where one is named): the workbench shows more than the
 * published API, such as the prompts of a graph. A development deployment gives out the token of every user, so nothing
 * is refused there. To be called once the caller is known to be allowed to see the thing itself.
 */
export function requireAdministrator(env: Env, caller: Caller, service_id?: string): void {
  if (isDevelopment(env)) return;
  const about = { org_id: caller.organization, ...(service_id !== undefined && { service_id }) };
  if (isAdministrator(caller.grants, about)) return;
  throw problem(
    'permission_missing',
    'This requires the permission Conversation:GetInteractionInsights on the conversations of every user.',
  );
}
