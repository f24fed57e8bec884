import { allows, type Caller } from '../../access/permissions.ts';
import type { Env } from '../../bindings.ts';
import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import { failure, problem, success, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import { ownerOf } from '../adopter.ts';
import { conversationNotFound, refuseAccess } from '../admission.ts';
import { SAFETY_NET_MS } from '../alarm.ts';
import { directoryFor } from '../directory-report.ts';
import type { Foundation } from '../foundation.ts';
import type { ConversationRecord } from '../records.ts';
import type { RunningTurn } from '../turns/running-turn.ts';
import { forgetElsewhere, forgetMemories } from './elsewhere.ts';
import { LATE_RECORDINGS_MS, ownerDigest, TOMBSTONE_MS, type Erased, type Tombstone } from './tombstone.ts';

/** Time that one step may take, in milliseconds. After that it is repeated by the alarm. */
const STEP_MS = 20_000;

/** The parts that an erasure needs. */
export interface ErasureParts extends Pick<
  Foundation,
  'store' | 'messages' | 'recordings' | 'registry' | 'rollBack' | 'alarm' | 'spending'
> {
  env: Env;
  access: ConversationAccess;
  running: RunningTurn;
}

/**
 * Reason of an erasure that no caller asks for: the user is erased, or the time of the conversation is over. `of_visitor` is
 * true where the time is that of visitors, because the identifier of the user is likely one of a visitor.
 */
export type ErasureCause = { type: 'user' } | { type: 'retention'; before: number; of_visitor?: boolean };

/**
 * Outcome of such an erasure. `unknown` if there is no conversation, `busy` if it is to be asked for again soon,
 * `registered` if the user is no visitor after all.
 */
export type CausedErasure =
  { kind: 'erased'; erased: Erased } | { kind: 'unknown' | 'busy' | 'younger' | 'registered' };

/**
 * Erases the conversation, step by step: it refuses everything from the first step on, leaves the list, then its
 * recordings, memories and the copies of what was learnt from it are removed, and last everything that is stored here.
 * Every step may be repeated; the alarm goes on after a crash.
 */
export class Erasure {
  readonly #parts: ErasureParts;

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** Erases the conversation for a caller who may. Returns what was removed; 409 while it is still at work. */
  async erase(caller: Caller): Promise<Outcome<Erased>> {
    const { access, store } = this.#parts;
    const { notes } = store;
    const visible = await access.shownTo(caller);
    const owner = await ownerDigest(notes.tombstone?.id ?? '', caller.user_id);
    if (store.load() !== null) {
      const opened = access.open(caller, visible, ['Conversation:DeleteConversation']);
      if (!opened.ok) return opened;
      this.#begin(false);
    }
    const erasing = store.erasing();
    if (erasing === null) return toldAgain(notes.tombstone, caller, owner);
    const refused = refuseAccess(erasing, caller, true, ['Conversation:DeleteConversation']);
    if (refused !== null) return { ok: false, problem: refused };
    const erased = await this.#steps(erasing).catch((error: unknown) => {
      logError('erasure_interrupted', error, { conversation_id: erasing.identity.id });
      return null;
    });
    if (erased !== null) return success(erased);
    return failure('operation_in_progress', 'The conversation is being erased. Ask again for its receipt.', {
      retry_after: '5',
    });
  }

  /** Erases the conversation for the registry or the list, which have decided that it goes. */
  async eraseFor(cause: ErasureCause): Promise<CausedErasure> {
    const { store, running, rollBack } = this.#parts;
    if (cause.type === 'retention' && cause.of_visitor === true && (await this.#isRegistered()))
      return { kind: 'registered' };
    const record = store.load();
    if (record !== null) {
      if (cause.type === 'retention' && record.last_at >= cause.before) return { kind: 'younger' };
      if (running.isRunning && (cause.type === 'retention' || running.live === null)) return { kind: 'busy' };
      if (record.state === 'creating') {
        await this.#abandonTurn();
        await rollBack.run();
        return { kind: store.load() === null ? 'unknown' : 'busy' };
      }
      this.#begin(cause.type === 'user');
    }
    const erasing = store.erasing();
    const { tombstone } = store.notes;
    if (erasing === null) {
      return tombstone === null ? { kind: 'unknown' } : { kind: 'erased', erased: erasedOf(tombstone) };
    }
    const erased = await this.#steps(erasing);
    return erased === null ? { kind: 'busy' } : { kind: 'erased', erased };
  }

  /** Returns whether the user has a document, which no visitor has, or is a visitor that such a user has adopted. */
  async #isRegistered(): Promise<boolean> {
    const { env, store, registry } = this.#parts;
    const record = store.load();
    if (record === null) return false;
    const { organization, user_id } = record.identity;
    if ((await registry.users(organization, [user_id])).size > 0) return true;
    return (await ownerOf(env, record.identity, user_id)) !== user_id;
  }

  /** Goes on where a crash interrupted, or looks after the tombstone. Returns false if there is nothing to do. */
  async resume(): Promise<boolean> {
    const { store, alarm } = this.#parts;
    const erasing = store.erasing();
    if (erasing !== null) {
      // Should the object die in this run, this alarm is set.
      alarm.arm(SAFETY_NET_MS);
      await this.#steps(erasing);
      return true;
    }
    const { tombstone } = store.notes;
    if (tombstone === null) return false;
    await this.#tend(tombstone);
    return true;
  }

  /** Has every request be refused from now on, and ends the turn that runs. It awaits nothing. */
  #begin(withUser: boolean): void {
    const { store, alarm, messages } = this.#parts;
    store.markErasing(() => {
      if (withUser) store.notes.markWithUser();
    });
    alarm.arm(SAFETY_NET_MS);
    messages.forget();
    this.#parts.running.live?.abandon(problem('conversation_erased', 'The conversation was erased.'));
  }

  async #abandonTurn(): Promise<void> {
    const { live } = this.#parts.running;
    if (live === null) return;
    live.abandon(problem('conversation_erased', 'The conversation was erased.'));
    await inTime(STEP_MS, live.ended);
  }

  /** Does every step. Returns null if some of it is left for the alarm. */
  async #steps(record: ConversationRecord): Promise<Erased | null> {
    const { env, store, recordings, running, spending } = this.#parts;
    const { identity } = record;
    const { id, user_id } = identity;
    // The turn that was told to end may still be removing what it left.
    if (running.live !== null) await inTime(STEP_MS, running.live.ended);
    // The totals of the organization stay: they have no text, and no identifier of the user.
    await inTime(STEP_MS, spending.reportAll(record));
    await inTime(STEP_MS, directoryFor(env, identity).erase(id));
    await inTime(STEP_MS, recordings.eraseAll(identity, id));
    const wasAnalysed = record.analysis.status !== 'none';
    const elsewhere = { env, identity, notes: store.notes, stepMs: STEP_MS };
    const memories = wasAnalysed ? await forgetMemories(elsewhere) : 0;
    if (wasAnalysed && !(await forgetElsewhere(elsewhere))) return null;
    const owner = await ownerDigest(id, user_id);
    return store.erasing() === null ? this.#buried() : this.#bury(record, memories, owner);
  }

  #buried(): Erased | null {
    const { tombstone } = this.#parts.store.notes;
    return tombstone === null ? null : erasedOf(tombstone);
  }

  async #bury({ identity }: ConversationRecord, memories: number, owner: string): Promise<Erased> {
    const { store, alarm } = this.#parts;
    const { id, organization, jurisdiction = null } = identity;
    const { messages, recordings, hasPending } = store.contents();
    const counts = { messages, recordings, memories };
    const tombstone: Tombstone = {
      ...{ id, erased_at: Date.now(), ...counts },
      ...{ home: { organization, jurisdiction }, owner, is_swept: !hasPending },
    };
    store.forgetAll();
    const buried = store.notes.bury(tombstone);
    alarm.gone();
    alarm.arm(hasPending ? LATE_RECORDINGS_MS : TOMBSTONE_MS);
    await buried;
    return erasedOf(tombstone);
  }

  /** Removes recordings that arrived late, and the tombstone when its time is over. */
  async #tend(tombstone: Tombstone): Promise<void> {
    const { alarm, recordings, store } = this.#parts;
    const left = tombstone.erased_at + TOMBSTONE_MS - Date.now();
    if (!tombstone.is_swept) {
      await recordings.eraseAll(tombstone.home, tombstone.id);
      store.notes.swept(tombstone);
    }
    if (left > 0) alarm.arm(left);
    else await store.clear();
  }
}

function erasedOf({ id, erased_at, messages, recordings, memories }: Tombstone): Erased {
  return { id, erased_at, messages, recordings, memories };
}

/** Returns the receipt of an erasure once more: to its user, and to a caller who may erase every conversation. */
function toldAgain(tombstone: Tombstone | null, caller: Caller, owner: string): Outcome<Erased> {
  const { grants, organization: org_id, user_id } = caller;
  if (tombstone === null) return { ok: false, problem: conversationNotFound() };
  const own = tombstone.owner === owner ? { user_id } : {};
  const mayErase = allows(grants, 'Conversation:DeleteConversation', { org_id, ...own });
  return mayErase ? success(erasedOf(tombstone)) : { ok: false, problem: conversationNotFound() };
}
