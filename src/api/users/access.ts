import { allows, type Caller, type Permission } from '../../access/permissions.ts';
import { isShown, type OwnerPreferences } from '../../access/visibility.ts';
import { problem } from '../../problems.ts';
import type { User } from '../../registry/organization.ts';
import type { RegistryReader } from '../../registry/reader.ts';

/** Throws 403 unless a permission holds on a user. To be called before the user is looked up. */
export function requireOnUser(
  { organization, grants }: Caller,
  permission: Permission,
  user_id: string,
): void {
  if (allows(grants, permission, { org_id: organization, user_id })) return;
  throw problem('permission_missing', `This requires the permission ${permission} on the user.`);
}

/** Returns a user; null for a guest who asks about themselves. Throws `user_not_found` (404) if there is none. */
export async function findUser(registry: RegistryReader, caller: Caller, id: string): Promise<User | null> {
  const user = await registry.user(caller.organization, id);
  if (user !== null || caller.user_id === id) return user;
  throw problem('user_not_found', 'There is no such user in this organization.');
}

/** Returns whether a user lets the caller see something of theirs. */
export async function isShownTo(
  registry: RegistryReader,
  caller: Caller,
  owner: string,
  preference: keyof OwnerPreferences,
): Promise<boolean> {
  const preferences = await registry.preferences(caller.organization, owner);
  return isShown(caller, owner, preferences[preference]);
}
