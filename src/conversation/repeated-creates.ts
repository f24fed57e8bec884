import { failure, success, type Outcome } from '../problems.ts';
import { conversationNotFound } from './admission.ts';
import type { RepeatedCreate } from './requests.ts';
import type { RollBack } from './roll-back.ts';
import type { ConversationStore } from './store.ts';
import type { ActionFilter } from './turns/action-filter.ts';
import { ReaderStream } from './turns/reader-stream.ts';
import type { RunningTurn } from './turns/running-turn.ts';
import { answerOf, type TurnAnswer } from './turns/turn-answer.ts';
import type { TurnStreams } from './turns/turn-streams.ts';

/** The parts that repeated creates need. */
export interface RepeatedCreateParts {
  store: ConversationStore;
  running: RunningTurn;
  rollBack: RollBack;
  streams: TurnStreams;
}

/** Answers creates that are sent again with their key. The key leads to the object of the conversation that it made. */
export class RepeatedCreates {
  readonly #parts: RepeatedCreateParts;

  constructor(parts: RepeatedCreateParts) {
    this.#parts = parts;
  }

  /**
   * Returns the first turn to a caller who sent the create again: the one that runs, or the stored one. Answers
   * `conversation_not_found` when there is none, so that the create is to be carried out: what a dead one left is removed.
   */
  async repeat(request: RepeatedCreate, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const { store, running, rollBack, streams } = this.#parts;
    const { key, caller, response_format } = request;
    const { live } = running;
    const reused = failure('idempotency_key_reused', 'The key was sent before, with another request.');
    if (live?.turn.isFirst === true) {
      const taken = live.takenWith(key[0]);
      if (taken?.submission.key?.[1] !== key[1]) return reused;
      const stream = new ReaderStream({ format: response_format });
      live.follow(stream, { caller, filter }, live.turn.taken);
      return success(answerOf(live, stream.readable));
    }
    if (store.load()?.state === 'creating' && !running.isRunning) await rollBack.run();
    if (store.load()?.state === 'creating' || (running.isRunning && live === null)) {
      const detail = 'The conversation is about to be created. Try again.';
      return failure('operation_in_progress', detail, { retry_after: '1' });
    }
    if (store.isErased()) {
      return failure('conversation_erased', 'The conversation of this create was erased.');
    }
    const record = store.load();
    const first = record === null ? null : store.interactionAt(1);
    if (record === null || first === null || record.identity.user_id !== caller.user_id) {
      return { ok: false, problem: conversationNotFound() };
    }
    const stored = first.idempotency.find(([digest]) => digest === key[0]);
    if (stored?.[1] !== key[1]) return reused;
    return streams.repeat(record, { interaction: first, message: null }, { caller, filter });
  }
}
