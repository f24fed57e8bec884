import * as z from 'zod';
import { RolesAnswer } from '../../contract/roles.ts';
import { DEFAULT_ROLES } from '../../access/default-roles.ts';
import { allows } from '../../access/permissions.ts';
import type { Organization, Role } from '../../registry/organization.ts';
import { atMost, listOfAtMost, MAX_NAME_LENGTH } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, identifiers, OrganizationParams } from '../parameters.ts';
import { roleIds } from './identifiers.ts';

/** An organization has hardly more roles. */
const MAX_NAMES = 200;

/** Descriptions of the roles of every organization. */
const PURPOSES: Readonly<Record<string, string>> = {
  DefaultKeyRole: 'For API keys that sign in every user.',
  DefaultAdministratorRole: 'Everything in its organization.',
  DefaultUserRole: 'Its own conversations, and how their answers come about.',
  DefaultVisitorRole: 'Its own conversations, for the public.',
};
const FOR_ADMINISTRATORS = new Set(['DefaultKeyRole', 'DefaultAdministratorRole']);

function rolesOf({ roles }: Organization): Role[] {
  const own = Object.entries(DEFAULT_ROLES).map(([name, grants]): Role => ({
    name,
    description: PURPOSES[name] ?? name,
    permission_grants: [...grants],
    frontend_view: FOR_ADMINISTRATORS.has(name) ? 'admin' : 'client',
  }));
  return [...own, ...roles];
}

export const getRoles = operation(
  {
    id: 'get_roles_v1__organization__role__get',
    tag: 'Role',
    summary: 'Get roles',
    description: 'Lists the roles of the organization: those that every organization has, then its own.',
    method: 'get',
    path: '/v1/{organization}/role/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [],
      impactedBy: [{ permission: 'Role:GetRole', effect: 'Roles are listed with it alone.' }],
    },
    params: OrganizationParams,
    query: z.object({
      return_permission_grants: z
        .boolean()
        .default(false)
        .meta({ description: 'Whether to return what they grant.' }),
      id: identifiers({ description: 'Only these roles.' }),
      name: listOfAtMost(atMost(MAX_NAME_LENGTH), MAX_NAMES)
        .default([])
        .meta({ description: 'Only roles of these names.' }),
    }),
    headers: CommonHeaders,
    answers: {
      200: { description: 'The roles.', content: { type: 'application/json', schema: RolesAnswer } },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, query, answer }) => {
    const { caller } = signedIn(c);
    const isVisible = allows(caller.grants, 'Role:GetRole', { org_id: organization.id });
    const roles = isVisible ? rolesOf(organization) : [];
    const ids = await roleIds(
      organization.id,
      roles.map(({ name }) => name),
    );
    const told = {
      roles: roles
        .map(({ name, description, permission_grants, frontend_view = 'client' }) => ({
          id: ids.get(name) ?? '',
          name,
          description,
          frontend_view,
          permission_grants: query.return_permission_grants ? permission_grants : [],
        }))
        .filter(({ id }) => query.id.length === 0 || query.id.includes(id))
        .filter(({ name }) => query.name.length === 0 || query.name.includes(name)),
    };
    return answer(told);
  },
);
