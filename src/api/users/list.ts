import * as z from 'zod';
import { UsersAnswer } from '../../contract/users.ts';
import type { Env } from '../../bindings.ts';
import { REVISION_HEADER } from '../../edge/credentials.ts';
import { invalidRequest } from '../../edge/input.ts';
import type { Organization } from '../../registry/organization.ts';
import { readUsers } from '../../registry/object/client.ts';
import type { Actor } from '../../registry/object/commands.ts';
import { USER_SORT_FIELDS, type UserQuery, type UserSortField } from '../../registry/object/user-queries.ts';
import { listOfAtMost } from '../../registry/primitives.ts';
import { actorOf } from '../management.ts';
import { operation } from '../operation.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  ContinuationToken,
  OrganizationParams,
  sortBy,
} from '../parameters.ts';
import { UserEmail, UserId } from './fields.ts';
import { shownUsers } from './instance.ts';

/** The most users of a page, and the most identifiers or addresses of a filter. */
const MAX_PAGE = 100;
/** The most users that can be sorted by what they did: all of them are asked about first. */
const MAX_SORTED_BY_STATS = 2_000;

const STATS_FIELDS = [
  'user_stats.num_conversations',
  'user_stats.num_messages',
  'user_stats.last_message_time',
] as const;
type StatsField = (typeof STATS_FIELDS)[number];

type User = Awaited<ReturnType<typeof shownUsers>>[number];
type Sort = { field: UserSortField | StatsField; ascending: boolean }[];

function valueOf(user: User, field: Sort[number]['field']): string | number {
  switch (field) {
    case 'user_stats.num_conversations':
      return user.user_stats.num_conversations;
    case 'user_stats.num_messages':
      return user.user_stats.num_messages;
    case 'user_stats.last_message_time':
      return user.user_stats.last_message_time ?? '';
    case 'first_name':
    case 'last_name':
    case 'email':
      return user[field];
  }
}

/** By the first field that differs. */
function compare(sort: Sort) {
  return (a: User, b: User): number => {
    for (const { field, ascending } of sort) {
      const [left, right] = [valueOf(a, field), valueOf(b, field)];
      if (left !== right) return left < right === ascending ? -1 : 1;
    }
    return 0;
  };
}

type Page = { users: User[]; next: number | null; revision: number };

/** A page in an order that only the list of conversations knows: every user is asked about. */
async function pageByStats(
  { env, organization, actor }: { env: Env; organization: Organization; actor: Actor },
  query: Omit<UserQuery, 'sort'>,
  sort: Sort,
): Promise<Page> {
  const all = await readUsers(env, actor, { ...query, sort: [], after: 0, limit: MAX_SORTED_BY_STATS });
  if (all.next !== null) {
    throw invalidRequest([
      {
        loc: ['query', 'sort_by'],
        msg: `more than ${MAX_SORTED_BY_STATS} users cannot be sorted by what they did: filter them first`,
        type: 'value_error',
      },
    ]);
  }
  const users = (await shownUsers(env, organization, all.users, actor.request_id)).sort(compare(sort));
  const end = query.after + query.limit;
  return {
    users: users.slice(query.after, end),
    next: users.length > end ? end : null,
    revision: all.revision,
  };
}

export const getUsers = operation(
  {
    id: 'get-users',
    tag: 'User',
    summary: 'Get users',
    description:
      'Lists the users that fit all filters, those who came first first. A user is listed as soon as they are created.',
    method: 'get',
    path: '/v1/{organization}/user/',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [],
      impactedBy: [{ permission: 'User:GetUserInfo', effect: 'Only users with it are listed.' }],
    },
    params: OrganizationParams,
    query: z.object({
      user_id: listOfAtMost(UserId, MAX_PAGE).default([]).meta({ description: 'Only these users.' }),
      email: listOfAtMost(UserEmail, MAX_PAGE)
        .default([])
        .meta({ description: 'Only users with these addresses.' }),
      limit: z
        .int()
        .min(0)
        .max(MAX_PAGE)
        .default(MAX_PAGE)
        .meta({ description: 'The most users to return.' }),
      continuation_token: ContinuationToken,
      sort_by: sortBy([...USER_SORT_FIELDS, ...STATS_FIELDS], {
        description: `${[...USER_SORT_FIELDS, ...STATS_FIELDS].join(', ')}, each with \`+\` or \`-\` before it.`,
      }),
    }),
    headers: CommonHeaders,
    answers: {
      200: { description: 'A page of users.', content: { type: 'application/json', schema: UsersAnswer } },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, query, answer }) => {
    const actor = actorOf(c);
    const asked = {
      ids: [...new Set(query.user_id)],
      emails: query.email,
      text: null,
      limit: query.limit,
      after: query.continuation_token,
    };
    const own = query.sort_by.filter((entry): entry is { field: UserSortField; ascending: boolean } =>
      USER_SORT_FIELDS.some((field) => field === entry.field),
    );
    const page =
      own.length === query.sort_by.length
        ? await readUsers(env, actor, { ...asked, sort: own }).then(async ({ users, ...rest }) => ({
            ...rest,
            users: await shownUsers(env, organization, users, actor.request_id),
          }))
        : await pageByStats({ env, organization, actor }, asked, query.sort_by);
    const told = {
      users: page.users.map((user) => ({ ...user, enable_actions_access: false })),
      has_more: page.next !== null,
      continuation_token: page.next,
    };
    return answer(told, { [REVISION_HEADER]: String(page.revision) });
  },
);
