import * as z from 'zod';
import { AdoptedVisitors } from '../../contract/visitors.ts';
import { directoryOfUser } from '../../directory/client.ts';
import { problem } from '../../problems.ts';
import { atMost } from '../../registry/primitives.ts';
import { change } from '../management.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { findUser, requireOnUser } from '../users/access.ts';
import { RequestedUserParams } from '../users/fields.ts';
import { clearPlace, copyMemories, isAdopted, whileHeld, visitorOf } from './adoption.ts';

/** Longest visitor token in characters: one has about 400. */
const MAX_TOKEN_LENGTH = 2_048;

const AdoptVisitorBody = z
  .object({
    visitor_token: atMost(MAX_TOKEN_LENGTH).meta({
      description: 'The token that the browser kept as a visitor (`create-visitor`).',
    }),
    on_unfinished: z
      .enum(['reject', 'finish'])
      .default('reject')
      .meta({
        description:
          'What becomes of the unfinished conversation of the visitor, where the user has one of the same service: the ' +
          'request is refused, or it is finished.',
      }),
  })
  .meta({ id: 'AdoptVisitorRequest' });

/** Adopts a visitor: their conversations are the user's from then on. */
export const adoptVisitor = operation(
  {
    id: 'adopt-visitor',
    isExtension: true,
    tag: 'User',
    summary: 'Adopt a visitor',
    description:
      'Makes the conversations that a browser has held as a visitor those of a user who has signed in. It needs both: ' +
      'credentials for the user, and the token of the visitor, which is not accepted any more afterwards. The ' +
      'conversations keep their identifiers and the visitor as their `user_id`. Repeating it changes nothing.',
    method: 'post',
    path: '/v1/{organization}/user/{requested_user_id}/adopt',
    credentials: 'user',
    rateLimit: 10,
    access: { requires: [{ permission: 'User:UpdateUserInfo', on: 'the user' }], impactedBy: [] },
    params: RequestedUserParams,
    query: NoQuery,
    headers: ChangeHeaders,
    body: AdoptVisitorBody,
    answers: {
      200: {
        description: 'The visitors that the user has adopted.',
        content: { type: 'application/json', schema: AdoptedVisitors },
      },
      400: { description: 'The user has adopted 20 visitors already.' },
      403: { description: 'A permission is missing, or the visitor token is not valid here.' },
      404: { description: 'The organization or the user does not exist.' },
      409: {
        description:
          'Both have an unfinished conversation of the service, another user has adopted the visitor, or a related ' +
          'operation is in progress.',
      },
      422: COMMON_ANSWERS[422],
      429: COMMON_ANSWERS[429],
      503: COMMON_ANSWERS[503],
    },
  },
  async ({ c, env, registry, organization, params, body, answer }) => {
    const { caller } = signedIn(c);
    const id = params.requested_user_id;
    requireOnUser(caller, 'User:UpdateUserInfo', id);
    const user = await findUser(registry, caller, id);
    if (user === null) throw problem('user_not_found', 'There is no such user in this organization.');
    const visitor = await visitorOf(c, body.visitor_token);
    const adoption = { env, caller, organization, user, visitor };
    if (!(await isAdopted(c, adoption))) {
      await whileHeld(adoption, async () => {
        await clearPlace(adoption, body.on_unfinished);
        // Should this request die after the next step, nothing of them is missing.
        await copyMemories(adoption);
        const command = { type: 'adopt-visitor', id, visitor_id: visitor.user_id } as const;
        const { revision } = await change(c, 'adopt-visitor', command, body);
        registry.demand(organization.id, { user: revision });
      });
    }
    // What was learnt in between is copied, too.
    await copyMemories(adoption);
    const known = await registry.user(organization.id, id);
    const conversations = await directoryOfUser(env, organization, visitor.user_id).countOf(
      visitor.user_id,
      0,
    );
    return answer({ adopted: known?.adopted ?? [visitor.user_id], conversations });
  },
);
