/** Checks of permissions for decisions. */
import { DEFAULT_ROLES } from '../../../access/default-roles.ts';
import {
  allows,
  type Attributes,
  type Permission,
  type PermissionGrant,
} from '../../../access/permissions.ts';
import { grantsNoMoreThan, isLessPermissive } from '../../../access/permissiveness.ts';
import { problem } from '../../../problems.ts';
import type { Organization } from '../../organization.ts';
import { roleGrants } from '../../reader.ts';
import type { Actor, RegistryState } from '../commands.ts';

/** The user identifier of the deployment's operator, in the audit. */
export const OPERATOR = 'operator';

/** Throws 403 unless the actor has a permission on something of their organization. */
export function requirePermission(
  actor: Actor,
  permission: Permission,
  about: Omit<Attributes, 'org_id'> = {},
): void {
  if (
    actor.user_id === OPERATOR ||
    allows(actor.grants, permission, { org_id: actor.organization, ...about })
  )
    return;
  throw problem('permission_missing', `This requires the permission ${permission}.`);
}

/** Returns the organization. Throws 404 where there is none (any more). */
export function organizationOf(state: RegistryState, actor: Actor): Organization {
  const organization = state.organization();
  if (organization !== null) return organization;
  throw problem('organization_not_found', `There is no organization "${actor.organization}".`);
}

/** Throws 404 where an organization has no role of the name. */
export function requireRole(organization: Organization, name: string): void {
  if (hasRole(organization, name)) return;
  throw problem('role_not_found', `There is no role "${name.slice(0, 100)}".`);
}

export function hasRole(organization: Organization, name: string): boolean {
  return Object.hasOwn(DEFAULT_ROLES, name) || organization.roles.some((role) => role.name === name);
}

/**
 * Returns grants with their condition on the organization written in one way. A role holds in its organization alone, so
 * a grant without that condition says the same as one with it.
 */
function inOrganization({ id }: Organization, grants: readonly PermissionGrant[]): PermissionGrant[] {
  const own = { type: 'Equals', value: '{self_org_id}' } as const;
  return grants.map((grant) => {
    const { org_id } = grant.conditions;
    const isOwn = org_id === undefined || (org_id.type === 'Equals' && org_id.value === id);
    return isOwn ? { ...grant, conditions: { ...grant.conditions, org_id: own } } : grant;
  });
}

function ownGrants(organization: Organization, { role }: Actor): PermissionGrant[] {
  return role === undefined ? [] : inOrganization(organization, roleGrants(organization, role));
}

/** Throws 403 unless the actor's role grants more than grants that they are about to give. */
export function requireMoreThan(
  organization: Organization,
  actor: Actor,
  grants: readonly PermissionGrant[],
): void {
  const given = inOrganization(organization, grants);
  if (actor.user_id === OPERATOR || isLessPermissive(given, ownGrants(organization, actor))) return;
  throw problem('permission_missing', 'This requires a role that grants more than the role that is given.');
}

/** Throws `permission_missing` (403) if grants give something that the actor's role does not give. */
export function requireNoLessThan(
  organization: Organization,
  actor: Actor,
  grants: readonly PermissionGrant[],
): void {
  const given = inOrganization(organization, grants);
  if (actor.user_id === OPERATOR || grantsNoMoreThan(given, ownGrants(organization, actor))) return;
  throw problem('permission_missing', 'This requires a role that grants no less.');
}

/** Returns whether users of a role may remove any user: those who administer an organization's people. */
function administers(grants: readonly PermissionGrant[], org_id: string): boolean {
  return grants.some(
    ({ permission_name, conditions: { org_id: condition, ...others } }) =>
      permission_name === 'User:DeleteUser' &&
      Object.keys(others).length === 0 &&
      (condition === undefined ||
        (condition.type === 'Equals' && ['{self_org_id}', org_id].includes(String(condition.value)))),
  );
}

/** Throws 400 where a user is the last one who administers the organization's people. */
export function requireAnotherAdministrator(
  state: RegistryState,
  organization: Organization,
  { id, role }: { id: string; role: string },
): void {
  if (!administers(roleGrants(organization, role), organization.id)) return;
  const roles = [...Object.keys(DEFAULT_ROLES), ...organization.roles.map(({ name }) => name)];
  const others = roles
    .filter((name) => administers(roleGrants(organization, name), organization.id))
    .some((name) => state.usersOf(name).some((user) => user !== id));
  if (others) return;
  throw problem('last_administrator', 'The user is the last administrator: publish another one first.');
}
