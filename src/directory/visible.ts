/** Lists the conversations that the caller may see, without those that their owners hide from other users. */
import { isSelf, usersWithin, type Caller } from '../access/permissions.ts';
import { isShown, preferencesOf } from '../access/visibility.ts';
import type { Env } from '../bindings.ts';
import { MAX_PAGE_BYTES } from '../pages.ts';
import type { Organization } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { bytesOf, listConversations, MAX_ROUNDS } from './client.ts';
import type { ConversationPage } from './merge.ts';
import type { ConversationSummary, ListQuery } from './summary.ts';

/**
 * Minimum number of conversations in a round. With less, a search among many hidden conversations would need many
 * rounds.
 */
const MIN_ROUND = 50;

/** Tells whether a query can find only the caller's own conversations, which the caller always sees. */
function concernsOnlyThemselves({ user_ids }: Pick<ListQuery, 'user_ids'>, caller: Caller): boolean {
  return [user_ids, usersWithin(caller.grants, 'Conversation:GetConversation')].some(
    (users) => users?.every((user) => isSelf(caller, user)) === true,
  );
}

/** Returns the conversations whose owners show them to the caller. Reads each owner once, all at the same time. */
async function shownOf(
  found: readonly ConversationSummary[],
  registry: RegistryReader,
  organization: Organization,
  caller: Caller,
): Promise<ConversationSummary[]> {
  const others = new Set(found.map(({ user_id }) => user_id).filter((id) => !isSelf(caller, id)));
  const owners = await registry.users(organization.id, [...others]);
  return found.filter(({ user_id }) => {
    const stated = owners.get(user_id)?.preferences;
    const preferences = preferencesOf(stated, organization.default_user_preferences);
    return isShown(caller, user_id, preferences.conversations_visible_to_admins);
  });
}

/**
 * Lists conversations that the caller may see. If no user of the organization has stated a preference, the
 * organization's preference decides for all, and no owner is read. Else the owners on a page are read (docs/access.md).
 */
export async function listVisibleConversations(
  env: Pick<Env, 'DIRECTORY' | 'JURISDICTIONS'>,
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
    const own = [caller.user_id, ...(caller.adopted ?? [])];
    return page({ user_ids: own.filter((id) => query.user_ids?.includes(id) ?? true) });
  }
  const shown: ConversationSummary[] = [];
  let bytes = 0;
  let next: number | null = query.after;
  // One more than the page shows whether more follow.
  const limit = Math.max(query.limit + 1, MIN_ROUND);
  for (let round = 0; round < MAX_ROUNDS && next !== null && shown.length <= query.limit; round += 1) {
    // A page that is not full after the last round is short, and has a token for the next one.
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
