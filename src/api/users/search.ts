import * as z from 'zod';
import { SearchUsersAnswer } from '../../contract/users.ts';
import { readUsers } from '../../registry/object/client.ts';
import { atMost, listOfAtMost } from '../../registry/primitives.ts';
import { actorOf } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, OrganizationParams } from '../parameters.ts';
import { UserId } from './fields.ts';
import { shownUsers } from './instance.ts';

/** The most users that a search finds, and the most identifiers of its filter. */
const MAX_FOUND = 100;
const MAX_QUERY_LENGTH = 200;

export const searchUsers = operation(
  {
    id: 'search-users',
    tag: 'User',
    summary: 'Search users',
    description: `Finds up to ${MAX_FOUND} users whose name or address contains a text, whatever its case and accents.`,
    method: 'get',
    path: '/v1/{organization}/user/search/',
    credentials: 'user',
    rateLimit: 50,
    access: {
      requires: [],
      impactedBy: [{ permission: 'User:GetUserInfo', effect: 'Only users with it are found.' }],
    },
    params: OrganizationParams,
    query: z.object({
      query: atMost(MAX_QUERY_LENGTH).meta({ description: 'What the name or the address contains.' }),
      user_id: listOfAtMost(UserId, MAX_FOUND).default([]).meta({ description: 'Only these users.' }),
    }),
    headers: CommonHeaders,
    answers: {
      200: { description: 'The users.', content: { type: 'application/json', schema: SearchUsersAnswer } },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, query, answer }) => {
    const actor = actorOf(c);
    const { users } = await readUsers(env, actor, {
      ids: [...new Set(query.user_id)],
      emails: [],
      text: query.query,
      sort: [],
      limit: MAX_FOUND,
      after: 0,
    });
    const told = {
      users: await shownUsers(env, organization, users, actor.request_id),
    };
    return answer(told);
  },
);
