import * as z from 'zod';
import { ModifyRoleAnswer } from '../../contract/roles.ts';
import type { Role } from '../../registry/organization.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { roleId } from './identifiers.ts';
import { Description, FrontendView, Grants, RoleParams } from './schemas.ts';

const ModifyRoleBody = z
  .object({
    description: Description.nullish(),
    permission_grants: Grants.nullish(),
    frontend_view: FrontendView.nullish(),
  })
  .meta({ id: 'ModifyRoleRequest', description: 'What is null or absent stays.' });

export const modifyRole = operation(
  {
    id: 'modify-role',
    tag: 'Role',
    summary: 'Modify a role',
    description:
      'Changes a role of the organization. What it no longer grants is refused to its users from then on.',
    method: 'post',
    path: '/v1/{organization}/role/{role_name}',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [
        {
          permission: 'Role:ModifyRole',
          on: 'the organization, and a role that grants no less than it does and will',
        },
      ],
      impactedBy: [],
    },
    params: RoleParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: ModifyRoleBody,
    answers: {
      200: { description: 'The role.', content: { type: 'application/json', schema: ModifyRoleAnswer } },
      400: { description: 'The role is the same in every organization.' },
      404: { description: 'The organization or the role does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, params: { role_name: name }, body, answer }) => {
    const { description, permission_grants, frontend_view } = body;
    const changes = {
      ...(description != null && { description }),
      ...(permission_grants != null && { permission_grants: permission_grants as Role['permission_grants'] }),
      ...(frontend_view != null && { frontend_view }),
    };
    await change(c, 'modify-role', { type: 'modify-role', name, ...changes }, body);
    const told = { role_id: await roleId(organization.id, name) };
    return answer(told);
  },
);
