/** The Directory objects of an organization, seen as one. */
import { usersWithin, type Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { MAX_PAGE_BYTES } from '../pages.ts';
import { problem } from '../problems.ts';
import { utf8Length } from '../text.ts';
import type { Directory } from './directory.ts';
import { mergePages, type ConversationPage } from './merge.ts';
import { shardOf } from './position.ts';
import type { ConversationSummary, DirectoryPage, ListQuery, PageQuery } from './summary.ts';

/** How long a shard may take to answer, in milliseconds. */
const DIRECTORY_WAIT_MS = 10_000;
/** How often the shards are asked for one page. */
export const MAX_ROUNDS = 5;

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

/** Returns whether the user has finished a conversation of the service before; false when the list does not answer. */
export async function hasFinished(
  env: Directories,
  organization: ShardedOrganization,
  userId: string,
  serviceId: string,
  about: Record<string, string>,
): Promise<boolean> {
  try {
    const directory = directoryOfUser(env, organization, userId);
    return await inTime(DIRECTORY_WAIT_MS, directory.hasFinished(userId, serviceId));
  } catch (error) {
    logError('directory_unavailable', error, about);
    return false;
  }
}

/** Asks one shard for its part of a page. Throws `service_overloaded` when it does not answer. */
async function shardPage(
  directory: DurableObjectStub<Directory>,
  query: PageQuery,
  caller: Caller,
): Promise<DirectoryPage> {
  try {
    // RPC types turn tuples into arrays; the values are what the shard returned.
    return (await inTime(DIRECTORY_WAIT_MS, directory.page(query, caller))) as unknown as DirectoryPage;
  } catch (error) {
    logError('directory_unavailable', error, { request_id: caller.request_id });
    throw problem('service_overloaded', 'The list of conversations does not answer now. Try again.');
  }
}

/** About what conversations weigh, in bytes: what is large in them are texts. */
export function bytesOf(conversations: readonly ConversationSummary[]): number {
  return utf8Length(
    conversations.map(({ final_message, tags }) => final_message + JSON.stringify(tags)).join(''),
  );
}

/** The shards that may have something behind a position, after they answered. */
function unfinished<Shard>(
  shards: readonly Shard[],
  parts: readonly DirectoryPage[],
  after: number,
  ascending: boolean,
): Shard[] {
  return shards.filter((_shard, index) => {
    const part = parts[index];
    const last = part?.conversations.at(-1)?.position ?? after;
    return part?.scanned_to !== null || (ascending ? last > after : last < after);
  });
}

/**
 * Asks every shard concerned for a page from the token on, and merges what they answer. A search that finds little is
 * continued, at most `maxRounds` times; after that the page is short, and its token says where the next one goes on.
 */
export async function listConversations(
  env: Directories,
  organization: ShardedOrganization,
  query: ListQuery,
  caller: Caller,
  maxRounds = MAX_ROUNDS,
): Promise<ConversationPage> {
  const users = narrowed(query.user_ids, usersWithin(caller.grants, 'Conversation:GetConversation'));
  let shards = [...plan(organization, users)];
  const conversations: ConversationSummary[] = [];
  let after = query.after;
  let bytes = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const limit = query.limit - conversations.length;
    const max_bytes = Math.ceil((MAX_PAGE_BYTES - bytes) / Math.max(shards.length, 1));
    const asked = { ...query, after, limit, max_bytes };
    const parts = await Promise.all(
      shards.map(([shard, user_ids]) =>
        shardPage(directoryShard(env, organization.id, shard), { ...asked, user_ids }, caller),
      ),
    );
    const page = mergePages(parts, limit, query.ascending);
    conversations.push(...page.conversations);
    bytes += bytesOf(page.conversations);
    const isFull = conversations.length === query.limit || bytes > MAX_PAGE_BYTES / 2;
    if (page.next === null || isFull) return { conversations, next: page.next };
    after = page.next;
    shards = unfinished(shards, parts, after, query.ascending);
  }
  return { conversations, next: after };
}
