import type { Caller, Permission } from '../access/permissions.ts';
import { success, type Outcome } from '../problems.ts';
import { conversationNotFound, refuseAccess, refuseReading, refuseTurn } from './admission.ts';
import type { OwnerVisibility } from './owner.ts';
import type { ConversationRecord } from './records.ts';
import { messageTypesOf, type InteractRequest } from './requests.ts';
import type { ConversationStore } from './store.ts';
import type { RunningTurn } from './turns/running-turn.ts';

/** The parts of a request that decide whether its turn may begin. */
export type TurnQuestion = Pick<InteractRequest, 'caller' | 'message' | 'external_events' | 'refusal'>;

/**
 * Decides what a caller may do with the conversation as it stands. `visible` is the answer of `shownTo`, which is asked
 * first: the decisions await nothing, so that they still hold when they are acted upon.
 */
export class ConversationAccess {
  readonly #store: ConversationStore;
  readonly #owner: OwnerVisibility;
  readonly #running: RunningTurn;

  constructor(store: ConversationStore, owner: OwnerVisibility, running: RunningTurn) {
    this.#store = store;
    this.#owner = owner;
    this.#running = running;
  }

  /** Returns whether the owner of the conversation shows it to the caller. */
  shownTo(caller: Caller): Promise<boolean> {
    return this.#owner.shownTo(caller);
  }

  /** Returns the conversation for a caller who may see it and has all the permissions. */
  open(caller: Caller, visible: boolean, permissions: readonly Permission[]): Outcome<ConversationRecord> {
    const record = this.#store.load();
    if (record === null) return { ok: false, problem: conversationNotFound() };
    const refused = refuseAccess(record, caller, visible, permissions);
    if (refused !== null) return { ok: false, problem: refused };
    // A conversation without a committed turn is known only to the turn that makes it.
    if (record.state === 'creating') {
      return { ok: false, problem: this.#running.refusal() ?? conversationNotFound() };
    }
    return success(record);
  }

  /** Returns the conversation for a caller who may see it; one that is being created, too, while its first turn runs: to follow that turn. */
  openTurn(caller: Caller, visible: boolean): Outcome<ConversationRecord> {
    const record = this.#store.load();
    if (record?.state !== 'creating' || this.#running.live === null) return this.open(caller, visible, []);
    const refused = refuseAccess(record, caller, visible, []);
    return refused === null ? success(record) : { ok: false, problem: refused };
  }

  /** Returns the conversation, as `openTurn` does, for a caller who may read what was said in it. */
  openEvents(caller: Caller, visible: boolean): Outcome<ConversationRecord> {
    const opened = this.openTurn(caller, visible);
    const refused = opened.ok ? refuseReading(opened.value, caller) : null;
    return refused === null ? opened : { ok: false, problem: refused };
  }

  /** Returns the conversation for a caller who may take this turn in it, whether it is free for it or not. */
  forTurn(turn: TurnQuestion, visible: boolean): Outcome<ConversationRecord> {
    const record = this.#store.load();
    if (record === null) return { ok: false, problem: conversationNotFound() };
    const refused = refuseTurn(record, turn.caller, visible, messageTypesOf(turn)) ?? turn.refusal;
    if (refused !== null) return { ok: false, problem: refused };
    if (record.state === 'creating' && !this.#running.isRunning) {
      return { ok: false, problem: conversationNotFound() };
    }
    return success(record);
  }
}
