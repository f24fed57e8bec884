import * as z from 'zod';
import { ChangesAnswer } from '../../contract/changes.ts';
import { readChanges } from '../../registry/object/client.ts';
import { atMost, MAX_NAME_LENGTH } from '../../registry/primitives.ts';
import { actorOf } from '../management.ts';
import { operation } from '../operation.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  ContinuationToken,
  OrganizationParams,
  pageLimit,
} from '../parameters.ts';

const Filter = atMost(MAX_NAME_LENGTH).default('');

export const getChanges = operation(
  {
    id: 'get-changes',
    isExtension: true,
    tag: 'Organization',
    summary: 'Get changes',
    description:
      'Lists the changes of the organization, its people, services, agents and graphs, the newest first. Values are not ' +
      'told.',
    method: 'get',
    path: '/v1/{organization}/organization/changes/',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Organization:GetChanges', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: z.object({
      user_id: Filter.meta({ description: 'Only changes by this user.' }),
      kind: Filter.meta({ description: 'Only changes of this kind of thing, such as `user` or `graph`.' }),
      id: Filter.meta({ description: 'Only changes of the thing with this identifier.' }),
      limit: pageLimit(100, 50, { description: 'The most changes to return.' }),
      continuation_token: ContinuationToken,
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of changes.',
        content: { type: 'application/json', schema: ChangesAnswer },
      },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, query: { user_id: actor, kind, id, limit, continuation_token: before }, answer }) => {
    const { entries, next } = await readChanges(env, actorOf(c), { actor, kind, id, limit, before });
    const changes = entries.map(({ seq, at, actor: user_id, ...change }) => ({
      revision: seq,
      at: new Date(at).toISOString(),
      user_id,
      ...change,
    }));
    return answer({ changes, has_more: next !== null, continuation_token: next });
  },
);
