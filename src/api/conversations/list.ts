import * as z from 'zod';
import { allows, isSelf, type Caller } from '../../access/permissions.ts';
import { ANALYSES } from '../../conversation/analysis.ts';
import { ConversationsAnswer, type ConversationInstance } from '../../contract/conversations.ts';
import type { ConversationSummary } from '../../directory/summary.ts';
import { listVisibleConversations } from '../../directory/visible.ts';
import { isLikelyVisitor } from '../../identifiers.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { atMost, listOfAtMost } from '../../registry/primitives.ts';
import { operation, signedIn } from '../operation.ts';
import {
  COMMON_ANSWERS,
  CommonHeaders,
  ContinuationToken,
  identifiers,
  MAX_IDENTIFIERS,
  OrganizationParams,
  pageLimit,
  sortBy,
  tagFilter,
} from '../parameters.ts';

/** A user is named by 24 digits; a guest has the name of an organization, of up to 63 characters, in front of them. */
const MAX_USER_ID_LENGTH = 128;

/** A conversation as this caller may see it: what a permission is missing for is empty. */
function shownTo(caller: Caller, summary: ConversationSummary): ConversationInstance {
  const { versions, user_id, service_id } = summary;
  const attributes = { org_id: caller.organization, user_id, service_id };
  const message = { ...attributes, message_type: 'agent-message' };
  return {
    id: summary.id,
    user_id,
    created_at: new Date(summary.created_at).toISOString(),
    is_finished: summary.is_finished,
    is_analyzed: summary.completed_post_processings.length === ANALYSES.length,
    completed_post_processings: summary.completed_post_processings,
    final_message: allows(caller.grants, 'Conversation:GetMessage', message) ? summary.final_message : '',
    service_id,
    version_set_info: allows(caller.grants, 'Service:GetVersionSet', attributes)
      ? {
          name: versions.name,
          agent_version_info: versions.agent,
          service_hierarchical_state_machine_version_info: versions.graph,
          llm_model_preferences: versions.llm_model_preferences,
        }
      : null,
    num_messages: summary.num_messages,
    tags: summary.tags,
  };
}

/** Returns the users that a list asks for, with the visitors that each of them has adopted. */
async function withAdopted(
  registry: RegistryReader,
  caller: Caller,
  users: readonly string[],
): Promise<string[]> {
  const others = users.filter((id) => !isSelf(caller, id) && !isLikelyVisitor(id));
  const known = await registry.users(caller.organization, others);
  const adoptedBy = (id: string) => (id === caller.user_id ? caller : known.get(id))?.adopted ?? [];
  return [...new Set(users.flatMap((id) => [id, ...adoptedBy(id)]))];
}

/** Lists conversations, page by page. */
export const getConversations = operation(
  {
    id: 'get-conversations',
    tag: 'Conversation',
    summary: 'Get conversations',
    description:
      'Lists the conversations that fit all filters, the newest first unless sorted otherwise. Those that another user ' +
      'keeps to themselves (`conversations_visible_to_admins`) are left out. A page may be short, and even empty, while ' +
      '`has_more` is true: the token leads on.',
    method: 'get',
    path: '/v1/{organization}/conversation/',
    credentials: 'user',
    rateLimit: 15,
    access: {
      requires: [],
      impactedBy: [
        { permission: 'Conversation:GetConversation', effect: 'Only conversations with it are listed.' },
        { permission: 'Conversation:GetMessage', effect: '`final_message` is empty without it.' },
        { permission: 'Service:GetVersionSet', effect: '`version_set_info` is null without it.' },
      ],
    },
    params: OrganizationParams,
    query: z.object({
      user_id: listOfAtMost(atMost(MAX_USER_ID_LENGTH), MAX_IDENTIFIERS).default([]).meta({
        description: 'Only conversations of these users, and of visitors that they have adopted.',
        uniqueItems: true,
      }),
      service_id: identifiers({ description: 'Only conversations of these services.' }),
      is_finished: z.boolean().nullish().meta({ description: 'Only finished, or only unfinished ones.' }),
      id: identifiers({ description: 'Only these conversations.' }),
      limit: pageLimit(150, 150, { description: 'The most conversations to return.' }),
      continuation_token: ContinuationToken,
      sort_by: sortBy(['created_at'], { description: '`+created_at` or `-created_at`.' }),
      tag: tagFilter({
        description: 'Only conversations with all of these tags: `key:value`, `key:*` or `key:`.',
      }),
    }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of conversations.',
        content: { type: 'application/json', schema: ConversationsAnswer },
      },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, query, answer }) => {
    const { caller } = signedIn(c);
    const users = query.user_id.length > 0 ? await withAdopted(registry, caller, query.user_id) : null;
    const page = await listVisibleConversations(
      env,
      registry,
      organization,
      {
        user_ids: users,
        service_ids: query.service_id,
        ids: query.id,
        is_finished: query.is_finished ?? null,
        tags: query.tag,
        ascending: query.sort_by[0]?.ascending ?? false,
        after: query.continuation_token,
        limit: query.limit,
      },
      caller,
    );
    return answer({
      conversations: page.conversations.map((summary) => shownTo(caller, summary)),
      has_more: page.next !== null,
      continuation_token: page.next,
    });
  },
);
