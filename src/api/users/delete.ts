import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { RequestedUserParams } from './fields.ts';

export const deleteUser = operation(
  {
    id: 'delete-user',
    tag: 'User',
    summary: 'Delete a user',
    description:
      'Deletes a user. Their tokens are refused from then on. Their conversations stay, with the preferences that ' +
      'they stated about them.',
    method: 'delete',
    path: '/v1/{organization}/user/{requested_user_id}',
    credentials: 'user',
    rateLimit: 500,
    access: {
      requires: [
        { permission: 'User:DeleteUser', on: 'the user, and a role that grants no less than theirs' },
      ],
      impactedBy: [],
    },
    params: RequestedUserParams,
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      204: { description: 'The user is deleted.' },
      400: { description: 'The user is the last administrator.' },
      404: { description: 'The organization or the user does not exist.' },
      409: { description: 'A related operation is in progress.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params, answer }) => {
    await change(c, 'delete-user', { type: 'delete-user', id: params.requested_user_id }, null);
    return answer();
  },
);
