/** Decisions about roles. */
import { DEFAULT_ROLES } from '../../../access/default-roles.ts';
import { problem } from '../../../problems.ts';
import { variableIssues } from '../../checks/people.ts';
import { MAX_ROLES, type Organization, type Role } from '../../organization.ts';
import type { Actor, CommandOf, Decision, RegistryState, Write } from '../commands.ts';
import { hasRole, organizationOf, requireNoLessThan, requirePermission } from './access.ts';
import { bodyProblem } from './issues.ts';

/** Throws 422 with every grant whose conditions name what is not there. */
function requireMeaning(state: RegistryState, grants: Role['permission_grants']): void {
  const services = new Set(state.catalog().services.map(({ id }) => id));
  const issues = grants.flatMap((grant, index) =>
    variableIssues(grant, ['permission_grants', index], services),
  );
  if (issues.length > 0) throw bodyProblem(issues);
}

function putOrganization(organization: Organization): Write {
  return { type: 'put', name: { kind: 'organization', id: '', version: 0 }, value: organization };
}

export function createRole(state: RegistryState, actor: Actor, command: CommandOf<'create-role'>): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'Role:CreateRole');
  const { type: _type, ...role } = command;
  requireNoLessThan(organization, actor, role.permission_grants);
  if (hasRole(organization, role.name) || role.name in Object.prototype) {
    throw problem('role_exists', 'There is a role of this name already, or the name is reserved.');
  }
  if (organization.roles.length >= MAX_ROLES) {
    throw problem('quota_reached', `An organization has at most ${MAX_ROLES} roles of its own.`);
  }
  requireMeaning(state, role.permission_grants);
  return {
    writes: [
      putOrganization({ ...organization, roles: [...organization.roles, role] }),
      { type: 'tell', kind: 'organization', users: [actor.user_id] },
    ],
    about: { kind: 'role', id: role.name },
  };
}

export function modifyRole(state: RegistryState, actor: Actor, command: CommandOf<'modify-role'>): Decision {
  const organization = organizationOf(state, actor);
  requirePermission(actor, 'Role:ModifyRole');
  const { type: _type, name, ...changes } = command;
  if (Object.hasOwn(DEFAULT_ROLES, name)) {
    throw problem('role_reserved', `The role "${name}" is the same in every organization.`);
  }
  const known = organization.roles.find((role) => role.name === name);
  if (known === undefined) throw problem('role_not_found', `There is no role "${name.slice(0, 100)}".`);
  // Only descriptions change without a question of power: what a role grants, its users are granted.
  if (changes.permission_grants !== undefined || changes.frontend_view !== undefined) {
    requireNoLessThan(organization, actor, known.permission_grants);
    requireNoLessThan(organization, actor, changes.permission_grants ?? []);
    requireMeaning(state, changes.permission_grants ?? []);
  }
  const roles = organization.roles.map((role) => (role === known ? { ...known, ...changes } : role));
  return {
    writes: [
      putOrganization({ ...organization, roles }),
      { type: 'tell', kind: 'organization', users: [actor.user_id, ...state.usersOf(name)] },
    ],
    about: { kind: 'role', id: name },
  };
}
