/** The Directory objects of an organization, seen as one. */
import { usersWithin, type Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { Directory } from './directory.ts';
import { shardOf } from './position.ts';
import type { ConversationSummary, PageQuery } from './summary.ts';

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
    shards.set(shard, [...(shards.get(shard) ?? []), user]);
  }
  return shards;
}

/** A page of conversations, and the token with which the next one begins; `null` when there is none. */
export interface ConversationPage {
  conversations: ConversationSummary[];
  next: number | null;
}

/** Asks every shard concerned for a page from the token on, and merges what they answer. */
export async function listConversations(
  env: Directories,
  organization: ShardedOrganization,
  query: PageQuery,
  caller: Caller,
): Promise<ConversationPage> {
  const users = narrowed(query.user_ids, usersWithin(caller.grants, 'Conversation:GetConversation'));
  // One more than the page, to know whether there is more.
  const limit = query.limit + 1;
  const parts = await Promise.all(
    Array.from(plan(organization, users), async ([shard, user_ids]) => {
      const part = await directoryShard(env, organization.id, shard).page(
        { ...query, user_ids, limit },
        caller,
      );
      // RPC types turn tuples into arrays; the values are what the shard returned.
      return part as unknown as ConversationSummary[];
    }),
  );
  const direction = query.ascending ? 1 : -1;
  const merged = parts.flat().sort((a, b) => (a.position - b.position) * direction);
  const conversations = merged.slice(0, query.limit);
  const last = conversations.at(-1);
  return { conversations, next: merged.length > query.limit && last !== undefined ? last.position : null };
}
