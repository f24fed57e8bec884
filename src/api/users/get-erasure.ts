import { UserErasureAnswer } from '../../contract/erasure.ts';
import { directoryOfUser } from '../../directory/client.ts';
import { problem } from '../../problems.ts';
import { signReceipt } from '../../signing/receipts.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { requireOnUser } from './access.ts';
import { RequestedUserParams } from './fields.ts';

/** Tells how far the erasure of a user is. */
export const getUserErasure = operation(
  {
    id: 'get-user-erasure',
    isExtension: true,
    tag: 'User',
    summary: 'Get the erasure of a user',
    description:
      'Tells how far the erasure of a user who was deleted is, and what it has removed; with a signed receipt once it is ' +
      'finished.',
    method: 'get',
    path: '/v1/{organization}/user/{requested_user_id}/erasure',
    credentials: 'user',
    rateLimit: 60,
    access: { requires: [{ permission: 'User:DeleteUser', on: 'the user' }], impactedBy: [] },
    params: RequestedUserParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The erasure.',
        content: { type: 'application/json', schema: UserErasureAnswer },
      },
      404: { description: 'The organization does not exist, or no such user was deleted.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, params, answer }) => {
    const { caller } = signedIn(c);
    const id = params.requested_user_id;
    requireOnUser(caller, 'User:DeleteUser', id);
    const erasure = await directoryOfUser(env, organization, id).erasureOf(id);
    if (erasure === null) throw problem('user_not_found', 'No user with this identifier is erased or was.');
    const { conversations, messages, recordings, memories, keeps: kept, finished_at, requested_at } = erasure;
    const counts = { conversations, messages, recordings, memories, kept };
    const finished = finished_at === null ? null : new Date(finished_at).toISOString();
    const receipt = { what: 'user', id, erased_at: finished, ...counts };
    return answer({
      state: finished === null ? 'running' : 'finished',
      conversations_left: erasure.conversations_left,
      requested_at: new Date(requested_at).toISOString(),
      finished_at: finished,
      ...counts,
      receipt: finished === null ? null : await signReceipt(env.SIGNING_KEYS, organization.id, receipt),
    });
  },
);
