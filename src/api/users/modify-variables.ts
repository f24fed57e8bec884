import * as z from 'zod';
import { MAX_VARIABLES } from '../../registry/object/decide/users.ts';
import { listOfAtMost } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { RequestedUserParams, VariableName, VariableValue } from './fields.ts';

/** All the variables that a user can have, of both kinds. */
const MAX_CHANGES = 2 * MAX_VARIABLES;

const Upsert = z.object({
  name: VariableName,
  value: VariableValue,
  is_secret: z.boolean().meta({ description: 'Whether its value is never shown.' }),
});

const ModifyVariablesBody = z
  .object({
    upserts: listOfAtMost(Upsert, MAX_CHANGES).default([]).meta({ description: 'Variables to set.' }),
    deletes: listOfAtMost(z.object({ name: VariableName }), MAX_CHANGES)
      .default([])
      .meta({ description: 'Variables to remove, before `upserts` are set.' }),
  })
  .meta({ id: 'ModifyUserVariablesRequest' });

export const modifyUserVariables = operation(
  {
    id: 'modify-user-variables',
    tag: 'User',
    summary: 'Modify the variables of a user',
    description: 'Removes and sets variables of a user: all of it, or nothing.',
    method: 'post',
    path: '/v1/{organization}/user/{requested_user_id}/variable',
    credentials: 'user',
    rateLimit: 50,
    access: { requires: [{ permission: 'User:UpdateUserInfo', on: 'the user' }], impactedBy: [] },
    params: RequestedUserParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: ModifyVariablesBody,
    answers: {
      204: { description: 'The variables are changed.' },
      400: { description: 'There is no such variable, or there would be more than 20 of a kind.' },
      404: { description: 'The organization or the user does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params, body, answer }) => {
    const { upserts } = body;
    const deletes = body.deletes.map(({ name }) => name);
    const command = { type: 'modify-variables', id: params.requested_user_id, upserts, deletes } as const;
    await change(c, 'modify-user-variables', command, body);
    return answer();
  },
);
