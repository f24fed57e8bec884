import * as z from 'zod';
import { MemoriesAnswer } from '../../contract/users.ts';
import { allows } from '../../access/permissions.ts';
import { homeOf } from '../../home.ts';
import { memoryOf } from '../../objects.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, ContinuationToken, identifiers, sortBy } from '../parameters.ts';
import { findUser, isShownTo } from './access.ts';
import { UserParams } from './fields.ts';

const MAX_PAGE = 50;

export const getMemories = operation(
  {
    id: 'get-memories',
    tag: 'User',
    summary: 'Get memories',
    description: 'Lists what a user said about themselves in finished conversations, the newest first.',
    method: 'get',
    path: '/v1/{organization}/user/{user_id}/memory',
    credentials: 'user',
    rateLimit: 40,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'Conversation:GetMessage',
          effect:
            'Memories are listed with it alone, on user messages of the user, who lets others see conversations.',
        },
      ],
    },
    params: UserParams,
    query: z.object({
      id: identifiers({ description: 'Only these memories.' }),
      conversation_id: identifiers({ description: 'Only memories of these conversations.' }),
      limit: z
        .int()
        .min(0)
        .max(MAX_PAGE)
        .default(MAX_PAGE)
        .meta({ description: 'The most memories to return.' }),
      continuation_token: ContinuationToken,
      sort_by: sortBy(['conversation_id', 'created_at'], {
        description: '`conversation_id` and `created_at`, each with `+` or `-` before it.',
      }),
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of memories.',
        content: { type: 'application/json', schema: MemoriesAnswer },
      },
      404: { description: 'The organization or the user does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, params: { user_id }, query, answer }) => {
    const { caller } = signedIn(c);
    const about = { org_id: organization.id, user_id, message_type: 'user-message' };
    // A caller whose permission does not reach the user learns nothing of them, not even whether they exist.
    const reaches = allows(caller.grants, 'Conversation:GetMessage', about);
    if (reaches) await findUser(registry, caller, user_id);
    const isShown =
      reaches && (await isShownTo(registry, caller, user_id, 'conversations_visible_to_admins'));
    const page = isShown
      ? await memoryOf(env, homeOf(organization), user_id).list({
          ids: query.id,
          conversation_ids: query.conversation_id,
          sort: query.sort_by,
          after: query.continuation_token,
          limit: query.limit,
        })
      : { memories: [], next: null };
    const told = {
      memories: page.memories.map(({ id, created_at, conversation_id, message_ids, text }) => ({
        id,
        created_at: new Date(created_at).toISOString(),
        conversation_id,
        references: message_ids,
        content: text,
        context: '',
      })),
      has_more: page.next !== null,
      continuation_token: page.next,
    };
    return answer(told);
  },
);
