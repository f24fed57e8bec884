/** Client of the Directory objects of an organization. */
import { usersWithin, type Caller } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { homeOf, type Jurisdiction } from '../home.ts';
import { logError } from '../log.ts';
import { directoryOf } from '../objects.ts';
import { MAX_PAGE_BYTES } from '../pages.ts';
import { problem } from '../problems.ts';
import { utf8Length } from '../text.ts';
import type { Directory } from './directory.ts';
import { mergePages, type ConversationPage } from './merge.ts';
import { TOO_MANY_PAGES } from './page-queue.ts';
import { shardOf } from './list-position.ts';
import type { ConversationSummary, DirectoryPage, ListQuery, PageQuery, UserStats } from './summary.ts';

/** Time that a request waits for a shard, in milliseconds. */
const DIRECTORY_WAIT_MS = 10_000;
/** Maximum number of requests to each shard for one page. */
export const MAX_ROUNDS = 5;

type Directories = Pick<Env, 'DIRECTORY' | 'JURISDICTIONS'>;

/** An organization with the number of its shards. */
export interface ShardedOrganization {
  id: string;
  jurisdiction?: Jurisdiction | null;
  directory_shards: number;
}

/** Returns the `Directory` object of a user's conversations. */
export function directoryOfUser(
  env: Directories,
  organization: ShardedOrganization,
  userId: string,
): DurableObjectStub<Directory> {
  return directoryOf(env, homeOf(organization), shardOf(userId, organization.directory_shards));
}

/** Returns the users of a query: those asked for that the caller may see. Null means all users. */
function narrowed(asked: string[] | null, within: string[] | null): string[] | null {
  if (asked === null || within === null) return asked ?? within;
  const allowed = new Set(within);
  return asked.filter((user) => allowed.has(user));
}

/** Returns the shards of the users, each with its users; every shard with null if `users` is null. */
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

/** Tells whether the user has finished a conversation of the service before. False if the list does not answer. */
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

/** Returns one shard's part of a page. Throws `service_overloaded` if the shard does not answer, or is too busy. */
async function shardPage(
  directory: DurableObjectStub<Directory>,
  query: PageQuery,
  caller: Caller,
): Promise<DirectoryPage> {
  try {
    // RPC types turn tuples into arrays; the values are what the shard returned.
    return (await inTime(DIRECTORY_WAIT_MS, directory.page(query, caller))) as unknown as DirectoryPage;
  } catch (error) {
    if (error instanceof Error && error.message === TOO_MANY_PAGES) {
      throw problem('service_overloaded', `${TOO_MANY_PAGES} Try again later.`);
    }
    logError('directory_unavailable', error, { request_id: caller.request_id });
    throw problem('service_overloaded', 'The list of conversations did not answer in time. Try again.');
  }
}

/** Returns what users did, by user; those who have no conversation are left out. Throws 503 when a shard does not answer. */
export async function statsOfUsers(
  env: Directories,
  organization: ShardedOrganization,
  users: readonly string[],
  request_id: string,
): Promise<Map<string, UserStats>> {
  const shards = [...plan(organization, [...users])];
  const asked = shards.map(async ([shard, ids]) => {
    const stats = directoryOf(env, homeOf(organization), shard).stats(ids ?? []);
    return inTime(DIRECTORY_WAIT_MS, stats as Promise<UserStats[]>);
  });
  try {
    const parts = await Promise.all(asked);
    return new Map(parts.flat().map((stats) => [stats.user_id, stats]));
  } catch (error) {
    logError('directory_unavailable', error, { request_id });
    throw problem('service_overloaded', 'The list of conversations does not answer now. Try again.');
  }
}

/** Returns the approximate size of conversations in bytes: that of their long texts. */
export function bytesOf(conversations: readonly ConversationSummary[]): number {
  return utf8Length(
    conversations.map(({ final_message, tags }) => final_message + JSON.stringify(tags)).join(''),
  );
}

/** Returns the shards that may have conversations after the position. */
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
 * Lists conversations from the position `query.after` on: asks the shards of the query, and merges their answers. A
 * search that finds little continues, for at most `maxRounds` rounds. After that the page is short, and `next` tells
 * where the next page begins. Throws `service_overloaded` if a shard does not answer.
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
        shardPage(directoryOf(env, homeOf(organization), shard), { ...asked, user_ids }, caller),
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
