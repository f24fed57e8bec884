import { isAdministrator } from '../access/administrators.ts';
import type { Caller } from '../access/permissions.ts';
import { isDevelopment, type Env } from '../bindings.ts';
import { problem } from '../problems.ts';

/**
 * Refuses a caller who is no administrator, of a service where one is named: what the workbench shows, such as the
 * prompts of a graph, is for those who build the agent. A development deployment gives everybody the token of every
 * user, so that nothing is refused there. To be called when it is known that the caller may know of the thing.
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
