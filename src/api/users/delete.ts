import * as z from 'zod';
import { directoryOfUser } from '../../directory/client.ts';
import { homeOf } from '../../home.ts';
import { logError } from '../../log.ts';
import { isRefusal } from '../../problems.ts';
import { change } from '../management.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders } from '../parameters.ts';
import { requireOnUser } from './access.ts';
import { RequestedUserParams } from './fields.ts';

const DeleteQuery = z.object({
  keep: z
    .enum(['conversations'])
    .optional()
    .meta({ description: 'What stays of the user, without their name.', 'x-extension': true }),
});

export const deleteUser = operation(
  {
    id: 'delete-user',
    tag: 'User',
    summary: 'Delete a user',
    description:
      'Deletes a user. Their tokens are refused from then on. Their conversations with everything in them, their memories ' +
      'and their user model are erased soon after; `get-user-erasure` tells how far that is. With `keep=conversations`, the ' +
      'conversations stay without the name of the user, under the preferences that the user stated.',
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
    query: DeleteQuery,
    headers: ChangeHeaders,
    answers: {
      204: { description: 'The user is deleted.' },
      400: { description: 'The user is the last administrator.' },
      404: { description: 'The organization or the user does not exist.' },
      409: { description: 'A related operation is in progress.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, params, query, answer }) => {
    const { caller } = signedIn(c);
    const id = params.requested_user_id;
    requireOnUser(caller, 'User:DeleteUser', id);
    const directory = () => directoryOfUser(env, organization, id);
    const user = { user_id: id, home: homeOf(organization), keeps: query.keep === 'conversations' };
    // Noted before the user is deleted: should this request die in between, the list asks whether the user was.
    await directory().requestErasure(user);
    try {
      await change(c, 'delete-user', { type: 'delete-user', id }, null);
    } catch (error) {
      if (isRefusal(error)) await directory().cancelErasure(id);
      throw error;
    }
    await directory()
      .startErasure(user)
      .catch((error: unknown) => logError('erasure_not_started', error, { request_id: caller.request_id }));
    return answer();
  },
);
