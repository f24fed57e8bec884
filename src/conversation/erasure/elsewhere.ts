/** Removes what was learnt from a conversation that is being erased: from memories, and from other conversations. */
import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { CREATE_MS } from '../../directory/erasures.ts';
import { conversationOf, memoryOf } from '../../objects.ts';
import { ownerOf } from '../adopter.ts';
import { directoryFor } from '../directory-report.ts';
import type { ConversationIdentity } from '../records.ts';
import type { ConversationStore } from '../store.ts';

/** Other conversations of the user that forget at the same time, and the most that do in one run. */
const OTHERS_AT_ONCE = 25;
const MAX_OTHERS = 1_000;

/** The conversation that is being erased. */
export interface ErasedConversation {
  env: Env;
  identity: ConversationIdentity;
  notes: ConversationStore['notes'];
  /** Time that one step may take, in milliseconds. */
  stepMs: number;
}

/**
 * Has the memory of the user forget, and that of the user who has adopted them. Returns the number of removed memories:
 * those of a visitor were copied, and count once.
 */
export async function forgetMemories({ env, identity, stepMs }: ErasedConversation): Promise<number> {
  const { id, user_id } = identity;
  const owners = new Set([user_id, await ownerOf(env, identity, user_id)]);
  const asked = [...owners].map((owner) => memoryOf(env, identity, owner).forget(id));
  return Math.max(...(await inTime(stepMs, Promise.all(asked))));
}

/** Removes what other conversations of the user have copied. Returns false if some of it is left. */
export async function forgetElsewhere(erased: ErasedConversation): Promise<boolean> {
  const { env, identity, notes } = erased;
  // Where the user is erased, the other conversations are as well.
  if (notes.mark.with_user) return true;
  const owner = await ownerOf(env, identity, identity.user_id);
  const isDone = owner === identity.user_id || (await forgetIn(erased, identity.user_id, { cursor: 0 }));
  return isDone && forgetIn(erased, owner, notes);
}

/** Has the conversations of a user behind a cursor forget, and moves the cursor. Returns false if some are left. */
async function forgetIn(
  { env, identity, stepMs }: ErasedConversation,
  userId: string,
  from: { cursor: number },
): Promise<boolean> {
  const directory = directoryFor(env, { ...identity, user_id: userId });
  for (let done = 0; done < MAX_OTHERS; done += OTHERS_AT_ONCE) {
    const others = await inTime(stepMs, directory.conversationsOf(userId, from.cursor, OTHERS_AT_ONCE));
    const last = others.at(-1);
    if (last === undefined) return true;
    const asked = others.map(async ({ id, created_at }) => {
      const answer = await conversationOf(env, identity, id).forgetKnowledge();
      // A create that is on its way may bring the user model that was read before.
      return answer === 'done' || (answer === 'unknown' && created_at < Date.now() - CREATE_MS);
    });
    const answers = await inTime(stepMs, Promise.all(asked));
    if (answers.includes(false)) return false;
    from.cursor = last.position;
  }
  return false;
}
