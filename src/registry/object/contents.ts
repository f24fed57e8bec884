import type { PermissionGrant } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import { removeUnder } from '../../bucket.ts';
import { homeOf, type Home } from '../../home.ts';
import { bucketOf, budgetOf, conversationOf, directoryOf, limiterOf, memoryOf } from '../../objects.ts';
import { OPERATOR } from './decide/access.ts';
import type { Contents } from './deletion.ts';

/** Conversations that are erased at the same time, and rounds of them for each shard in one run of the alarm. */
const AT_ONCE = 25;
const MAX_ROUNDS = 40;
/** Maximum size of the part of a list that a round reads, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Grant by which every conversation of a shard is listed. */
const EVERY_CONVERSATION: PermissionGrant = {
  permission_name: 'Conversation:GetConversation',
  conditions: {},
};

type Bindings = Pick<
  Env,
  'BUDGET' | 'CONVERSATION' | 'DIRECTORY' | 'MEMORY' | 'LIMITER' | 'AUDIO' | 'JURISDICTIONS'
>;

interface Listed {
  id: string;
  user_id: string;
}

/** Erases what is kept about a user besides their conversations: memories, user model and counters. */
async function eraseUser(env: Bindings, home: Home, user: string): Promise<void> {
  await Promise.all([memoryOf(env, home, user).eraseAll(), limiterOf(env, home, user).forget()]);
}

/** Returns the next conversations of a shard, of any user. */
async function nextOf(env: Bindings, home: Home, shard: number): Promise<Listed[]> {
  const everything = { user_ids: null, service_ids: [], ids: [], is_finished: null, tags: [] };
  const caller = {
    ...home,
    user_id: OPERATOR,
    request_id: 'erasure',
    grants: [EVERY_CONVERSATION],
  };
  const query = { ...everything, ascending: true, after: 0, limit: AT_ONCE, max_bytes: MAX_BYTES };
  const page = await directoryOf(env, home, shard).page(query, caller);
  return page.conversations.map(({ id, user_id }) => ({ id, user_id }));
}

/** Erases a conversation. Returns false while a turn of it runs. One that does not exist leaves the list. */
async function eraseConversation(env: Bindings, home: Home, shard: number, id: string): Promise<boolean> {
  const { kind } = await conversationOf(env, home, id).eraseFor({ type: 'user' });
  if (kind !== 'erased' && kind !== 'unknown') return false;
  await directoryOf(env, home, shard).erase(id);
  return true;
}

/** Erases the conversations of a shard, and what is kept about their users. Returns false while something is left. */
async function eraseShard(env: Bindings, home: Home, shard: number): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const listed = await nextOf(env, home, shard);
    if (listed.length === 0) {
      await directoryOf(env, home, shard).eraseAll();
      return true;
    }
    const erased = await Promise.all(listed.map(({ id }) => eraseConversation(env, home, shard, id)));
    const users = new Set(listed.map(({ user_id }) => user_id));
    await Promise.all([...users].map((user) => eraseUser(env, home, user)));
    if (erased.includes(false)) return false;
  }
  return false;
}

/** Returns what erases the contents of an organization. */
export function contentsOf(env: Bindings): Contents {
  return {
    eraseUser: (organization, user) => eraseUser(env, homeOf(organization), user),
    async eraseConversations(organization) {
      const home = homeOf(organization);
      let isDone = true;
      for (let shard = 0; shard < organization.directory_shards; shard += 1) {
        isDone = (await eraseShard(env, home, shard)) && isDone;
      }
      if (!isDone) return false;
      // Also recordings that no conversation names, and what the organization has spent.
      await Promise.all([
        removeUnder(bucketOf(env, home), `${home.organization}/`),
        budgetOf(env, home).forget(),
      ]);
      return true;
    },
  };
}
