import * as z from 'zod';
import { allows } from '../access/permissions.ts';
import { isShown } from '../access/visibility.ts';
import { ContinuationToken, OrganizationParams, pageLimit } from '../api/parameters.ts';
import { MemoriesAnswer } from '../contract/workbench.ts';
import { homeOf } from '../home.ts';
import { memoryOf } from '../objects.ts';
import type { MemoryPage } from '../memory/entries.ts';
import { problem } from '../problems.ts';
import { requireAdministrator } from './administrators.ts';
import { endpoint } from './endpoint.ts';

/** Memories are a sentence or two: a page of them is read at a glance and stays far below what an answer may weigh. */
const MAX_MEMORY_PAGE = 100;

/** An identifier of the API, or `{organization}_{identifier}`, as guests are called. */
const UserId = z
  .string()
  .regex(/^([a-z0-9-]{1,63}_)?[a-f0-9]{24}$/, 'must be the identifier of a user')
  .meta({ description: 'The identifier of the user.', maxLength: 88 });

/** The memories of a user who keeps their conversations to themselves: a memory quotes the messages it was learnt from. */
const NO_MEMORIES: MemoryPage = { memories: [], next: null };

/**
 * Lists the memories of a user. Permissions are checked before anything is looked up, and a user without memories
 * looks like one that does not exist, so the answer does not tell which users exist.
 */
export const getMemories = endpoint(
  {
    id: 'workbench-memories',
    path: '/workbench/api/:organization/users/:user_id/memories',
    params: OrganizationParams.extend({ user_id: UserId }),
    query: z.object({
      limit: pageLimit(MAX_MEMORY_PAGE, MAX_MEMORY_PAGE, { description: 'The most memories to return.' }),
      continuation_token: ContinuationToken,
    }),
    headers: z.object({}),
    answer: MemoriesAnswer,
  },
  async ({ env, registry, organization, caller, params, query, answer }) => {
    const { user_id } = params;
    if (!allows(caller.grants, 'User:GetUserModel', { org_id: organization.id, user_id })) {
      throw problem('permission_missing', 'This requires the permission User:GetUserModel on the user.');
    }
    requireAdministrator(env, caller);
    const preferences = await registry.preferences(organization.id, user_id);
    if (!isShown(caller, user_id, preferences.user_model_visible_to_admins)) {
      throw problem('permission_missing', 'What is remembered about this user is shown to the user alone.');
    }
    const memory = memoryOf(env, homeOf(organization), user_id);
    const quotes = isShown(caller, user_id, preferences.conversations_visible_to_admins);
    const [page, user_model] = await Promise.all([
      quotes ? (memory.page(query.continuation_token, query.limit) as Promise<MemoryPage>) : NO_MEMORIES,
      memory.model(),
    ]);
    return answer({
      user_model,
      memories: page.memories,
      has_more: page.next !== null,
      continuation_token: page.next,
    });
  },
);
