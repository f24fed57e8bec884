import * as z from 'zod';
import { AssignRoleAnswer } from '../../contract/roles.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { UserId } from '../users/fields.ts';
import { roleId } from './identifiers.ts';
import { RoleParams } from './schemas.ts';

const AssignRoleBody = z
  .object({ user_id: UserId.meta({ description: 'The user to give the role to.' }) })
  .meta({ id: 'AssignRoleRequest' });

export const assignRole = operation(
  {
    id: 'assign-role',
    tag: 'Role',
    summary: 'Assign a role',
    description: 'Gives a user another role, which holds from their next request on.',
    method: 'post',
    path: '/v1/{organization}/role/{role_name}/assign',
    credentials: 'user',
    rateLimit: 1000,
    access: {
      requires: [
        {
          permission: 'User:UpdateUserInfo',
          on: 'the user, and a role that grants more than the one that is given and no less than the one they had',
        },
      ],
      impactedBy: [],
    },
    params: RoleParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: AssignRoleBody,
    answers: {
      200: { description: 'The role.', content: { type: 'application/json', schema: AssignRoleAnswer } },
      400: { description: 'The user is the last administrator.' },
      404: { description: 'The organization, the role or the user does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, params: { role_name: role }, body, answer }) => {
    await change(c, 'assign-role', { type: 'assign-role', id: body.user_id, role }, body);
    const told = { role_id: await roleId(organization.id, role) };
    return answer(told);
  },
);
