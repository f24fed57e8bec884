import type { ActionFilter } from './turns/action-filter.ts';
import { logError } from '../log.ts';
import { failure, outcomeOf, success, type Outcome } from '../problems.ts';
import type { Alarm } from './alarm.ts';
import { progressOf, type DirectoryReport } from './directory-report.ts';
import type { CreateRequest } from './requests.ts';
import { mayBegin, standingOfNothing, type Standing } from './reservation.ts';
import type { RollBack } from './roll-back.ts';
import type { ConversationStore } from './store.ts';
import { registryInTime } from './turns/registry-in-time.ts';
import { ReaderStream } from './turns/reader-stream.ts';
import type { RunningTurn } from './turns/running-turn.ts';
import { answerOf, type TurnAnswer } from './turns/turn-answer.ts';
import type { TurnParts } from './turns/turn-run.ts';
import type { TurnRunner } from './turns/turn-runner.ts';

/** The parts that a creation needs. */
export interface CreationParts {
  store: ConversationStore;
  running: RunningTurn;
  runner: TurnRunner;
  turns: TurnParts;
  rollBack: RollBack;
  report: DirectoryReport;
  alarm: Alarm;
}

/** Makes the conversation: it exists once its first turn is committed. */
export class Creation {
  readonly #parts: CreationParts;

  constructor(parts: CreationParts) {
    this.#parts = parts;
  }

  /** Begins the first turn and returns its answer, or the problem; then the user's place is given back. */
  async create(request: CreateRequest, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const { running, store, rollBack } = this.#parts;
    const busy = running.refusal();
    if (busy !== null) return { ok: false, problem: busy };
    if (store.isErased()) {
      // A create that was sent again with its key: the conversation does not come back.
      await rollBack.giveBack(request.identity, request.caller.request_id);
      return failure('conversation_erased', 'The conversation of this create was erased.');
    }
    if (store.load() !== null) return failure('operation_in_progress', 'The conversation exists already.');
    const { id } = request.identity;
    const { request_id } = request.caller;
    running.reserve(id, Date.now());
    const outcome = await outcomeOf(this.#begin(request, filter)).catch((error: unknown) => {
      logError('create_failed', error, { request_id, conversation_id: id });
      return failure('internal_error', 'The conversation could not be created. Try again.');
    });
    if (!outcome.ok) {
      running.end(id);
      // The alarm undoes what was stored.
      if (store.load() === null) await rollBack.giveBack(request.identity, request_id);
    }
    return outcome;
  }

  /** Marks the conversation as being created, and begins its first turn. */
  async #begin(request: CreateRequest, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const { caller, identity, tags, message, sender, response_format, place, key } = request;
    const { store, rollBack, runner, turns } = this.#parts;
    if (!mayBegin(place.created_at, Date.now())) {
      return failure('operation_in_progress', 'The create took too long to begin. Try again.');
    }
    if (response_format === 'voice') {
      const mute = await registryInTime(turns.deadlineMs, turns.voice.refuseSpeaking(identity));
      if (mute !== null) return { ok: false, problem: mute };
    }
    const texts = message !== null && 'text' in message ? [message.text] : [];
    const refused = await registryInTime(turns.deadlineMs, turns.spending.refusal(identity, texts));
    if (refused !== null) return { ok: false, problem: refused };
    const record = store.begin(identity, tags);
    rollBack.watch();
    const { created_at, returning } = place;
    const submission = { message, sender, external_events: [], key };
    const start = { submissions: [submission], response_format, returning };
    const audience = { caller, filter };
    const live = runner.begin({ ...record, last_at: created_at }, start, audience);
    const stream = new ReaderStream({ format: response_format });
    live.follow(stream, audience, live.turn.taken);
    return success(answerOf(live, stream.readable));
  }

  /**
   * Returns how this conversation, whose place was reserved at `createdAt` (milliseconds since 1970), stands, for a create
   * of the same user and service that finds it in its way. One whose create died is gone, and is removed after the answer.
   */
  standing(createdAt: number): Standing {
    const { store, running, report, alarm } = this.#parts;
    const record = store.load();
    if (record !== null && record.state !== 'creating') {
      return { kind: record.state, progress: progressOf(record, report.finalMessage()) };
    }
    if (running.isRunning) return { kind: 'creating' };
    if (record === null) return standingOfNothing(createdAt, Date.now());
    alarm.arm(0);
    return { kind: 'gone' };
  }
}
