import * as z from 'zod';
import { CreateRoleAnswer } from '../../contract/roles.ts';
import type { Role } from '../../registry/organization.ts';
import { Name } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { roleId } from './identifiers.ts';
import { Description, FrontendView, Grants } from './schemas.ts';

const CreateRoleBody = z
  .object({
    role_name: Name.meta({ description: 'The name of the role.' }),
    description: Description,
    permission_grants: Grants,
    frontend_view: FrontendView,
  })
  .meta({ id: 'CreateRoleRequest' });

export const createRole = operation(
  {
    id: 'create-role',
    tag: 'Role',
    summary: 'Create a role',
    description: 'Creates a role. It grants no more than the role of the caller.',
    method: 'post',
    path: '/v1/{organization}/role/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [
        {
          permission: 'Role:CreateRole',
          on: 'the organization, and a role that grants no less than the new one',
        },
      ],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: CreateRoleBody,
    answers: {
      201: { description: 'The role.', content: { type: 'application/json', schema: CreateRoleAnswer } },
      400: { description: 'The organization has as many roles as it can.' },
      404: { description: 'The organization does not exist.' },
      409: { description: 'There is a role of this name.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, body, answer }) => {
    const { role_name: name, description, frontend_view } = body;
    const permission_grants = body.permission_grants as Role['permission_grants'];
    const role = { type: 'create-role', name, description, frontend_view, permission_grants } as const;
    await change(c, 'create-role', role, body);
    const told = { role_id: await roleId(organization.id, name) };
    return answer(told);
  },
);
