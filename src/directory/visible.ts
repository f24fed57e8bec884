/** The list of conversations as its caller may see it: what owners keep from others is left out. */
import { usersWithin, type Caller } from '../access/permissions.ts';
import { isShown, preferencesOf } from '../access/visibility.ts';
import type { Env } from '../bindings.ts';
import { MAX_PAGE_BYTES } from '../pages.ts';
import type { Organization } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { bytesOf, listConversations, MAX_ROUNDS } from './client.ts';
import type { ConversationPage } from './merge.ts';
import type { ConversationSummary, ListQuery } from './summary.ts';

/** The fewest conversations that a round looks at: short pages would hardly get on among many that are kept back. */
const MIN_ROUND = 50;

/** Whether a query can only find the caller's own conversations, which they always see. */
function concernsOnlyThemselves({ user_ids }: Pick<ListQuery, 'user_ids'>, caller: Caller): boolean {
  return [user_ids, usersWithin(caller.grants, 'Conversation:GetConversation')].some(
    (users) => users?.every((user) => user === caller.user_id) === true,
  );
}

/** The conversations of some whose owners show them to the caller. Owners are read once each, and together. */
async function shownOf(
  found: readonly ConversationSummary[],
  registry: RegistryReader,
  organization: Organization,
  caller: Caller,
): Promise<ConversationSummary[]> {
  const others = new Set(found.map(({ user_id }) => user_id).filter((id) => id !== caller.user_id));
  const owners = await registry.users(organization.id, [...others]);
  return found.filter(({ user_id }) => {
    const stated = owners.get(user_id)?.preferences;
    const preferences = preferencesOf(stated, organization.default_user_preferences);
    return isShown(caller, user_id, preferences.conversations_visible_to_admins);
  });
}

/**
 * Lists conversations that the caller may see. Where no user of the organization decides themselves, its own
 * preference decides alone and no owner is looked at; else the owners on a page are (docs/access.md).
 */
export async function listVisibleConversations(
  env: Pick<Env, 'DIRECTORY'>,
  registry: RegistryReader,
  organization: Organization,
  query: ListQuery,
  caller: Caller,
): Promise<ConversationPage> {
  const page = (changes: Partial<ListQuery>, rounds?: number) =>
    listConversations(env, organization, { ...query, ...changes }, caller, rounds);
  if (concernsOnlyThemselves(query, caller)) return page({});
  if (!(await registry.usersStatePreferences(organization.id))) {
    const { conversations_visible_to_admins: visible } = organization.default_user_preferences;
    if (visible) return page({});
    const own = query.user_ids === null || query.user_ids.includes(caller.user_id);
    return page({ user_ids: own ? [caller.user_id] : [] });
  }
  const shown: ConversationSummary[] = [];
  let bytes = 0;
  let next: number | null = query.after;
  // One more than the page, to know whether there is more.
  const limit = Math.max(query.limit + 1, MIN_ROUND);
  for (let round = 0; round < MAX_ROUNDS && next !== null && shown.length <= query.limit; round += 1) {
    // A page that is not full after the last round comes back short, and says that there is more.
    const part = await page({ after: next, limit }, 1);
    const found = await shownOf(part.conversations, registry, organization, caller);
    shown.push(...found);
    next = part.next;
    bytes += bytesOf(found);
    if (bytes > MAX_PAGE_BYTES / 2) break;
  }
  const conversations = shown.slice(0, query.limit);
  const last = conversations.at(-1);
  if (shown.length > query.limit && last !== undefined) return { conversations, next: last.position };
  return { conversations, next };
}
