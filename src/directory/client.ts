/** The Directory objects of an organization, seen as one. */
import { usersWithin, type Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import { MAX_PAGE_BYTES } from '../pages.ts';
import type { Directory } from './directory.ts';
import { shardOf } from './position.ts';
import type { ConversationSummary, DirectoryPage, PageQuery } from './summary.ts';

type Directories = Pick<Env, 'DIRECTORY'>;

/** Where an organization's conversations are listed. */
export interface ShardedOrganization {
  id: string;
  directory_shards: number;
}

export function directoryShard(
  env: Directories,
  organization: string,
  shard: number,
): DurableObjectStub<Directory> {
  return env.DIRECTORY.getByName(`${organization}/${shard}`);
}

export function directoryOfUser(
  env: Directories,
  organization: ShardedOrganization,
  userId: string,
): DurableObjectStub<Directory> {
  return directoryShard(env, organization.id, shardOf(userId, organization.directory_shards));
}

/** The users a query can concern: those asked for, within those the caller may see. */
function narrowed(asked: string[] | null, within: string[] | null): string[] | null {
  if (asked === null || within === null) return asked ?? within;
  const allowed = new Set(within);
  return asked.filter((user) => allowed.has(user));
}

/** Which shards hold the users, and which of the users each holds; every shard when the users are not bounded. */
function plan(organization: ShardedOrganization, users: string[] | null): Map<number, string[] | null> {
  const shards = new Map<number, string[] | null>();
  if (users === null) {
    for (let shard = 0; shard < organization.directory_shards; shard += 1) shards.set(shard, null);
    return shards;
  }
  for (const user of new Set(users)) {
    const shard = shardOf(user, organization.directory_shards);
    const known = shards.get(shard);
    if (known == null) shards.set(shard, [user]);
    else known.push(user);
  }
  return shards;
}

/** A page of conversations, and the token with which the next one begins; `null` when there is none. */
export interface ConversationPage {
  conversations: ConversationSummary[];
  next: number | null;
}

/**
 * Merges what the shards answered. Where the part of a shard ended before the shard did, nothing behind that is complete:
 * what other shards have there belongs to a later page.
 */
function merged(parts: readonly DirectoryPage[], { ascending, limit }: PageQuery): ConversationPage {
  const direction = ascending ? 1 : -1;
  const ends = parts.flatMap(({ scanned_to }) => scanned_to ?? []).sort((a, b) => (a - b) * direction);
  const horizon = ends[0] ?? null;
  const complete = parts
    .flatMap(({ conversations }) => conversations)
    .filter(({ position }) => horizon === null || (position - horizon) * direction <= 0)
    .sort((a, b) => (a.position - b.position) * direction);
  const conversations = complete.slice(0, limit);
  const hasMore = complete.length > limit || horizon !== null;
  return { conversations, next: hasMore ? (conversations.at(-1)?.position ?? null) : null };
}

/**
 * Asks every shard concerned for a page from the token on, and merges what they answer. A page of large conversations
 * comes back short: all the shards together answer no more than `MAX_PAGE_BYTES`, and a conversation each.
 */
export async function listConversations(
  env: Directories,
  organization: ShardedOrganization,
  query: Omit<PageQuery, 'max_bytes'>,
  caller: Caller,
): Promise<ConversationPage> {
  const users = narrowed(query.user_ids, usersWithin(caller.grants, 'Conversation:GetConversation'));
  const shards = plan(organization, users);
  const bounded = { ...query, max_bytes: Math.ceil(MAX_PAGE_BYTES / Math.max(shards.size, 1)) };
  const parts = await Promise.all(
    Array.from(shards, async ([shard, user_ids]) => {
      const part = await directoryShard(env, organization.id, shard).page({ ...bounded, user_ids }, caller);
      // RPC types turn tuples into arrays; the values are what the shard returned.
      return part as unknown as DirectoryPage;
    }),
  );
  return merged(parts, bounded);
}
