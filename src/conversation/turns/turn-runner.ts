import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import { logConversationChange } from '../audit.ts';
import type { ConversationWriter } from '../conversation-writer.ts';
import type { ConversationRecord } from '../records.ts';
import type { RollBack } from '../roll-back.ts';
import type { Spending } from '../spending/spending.ts';
import type { AcceptedTurns } from './accepted-turns.ts';
import { LiveTurn, type TurnAudience } from './live-turn.ts';
import type { KeyedTurns } from './keyed-turns.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnReports } from './turn-reports.ts';
import { TurnRun, type TurnParts } from './turn-run.ts';
import { completeEvent, failureEvent, type CompleteEvent, type FailureEvent } from './end-events.ts';
import { Turn, type TurnStart } from './turn.ts';

/** The longest time that the end of a failed turn waits for what it left to be removed, in milliseconds. */
const CLEANUP_WAIT_MS = 3_000;

/** A turn as it was accepted, when it is run again. */
type AcceptedTurn = NonNullable<ReturnType<AcceptedTurns['pending']>>;

/** The parts that carry turns out. */
export interface RunnerParts {
  /** Keeps the object awake until a turn is over. */
  waitUntil: (work: Promise<unknown>) => void;
  turns: TurnParts;
  running: RunningTurn;
  writer: ConversationWriter;
  rollBack: RollBack;
  keys: KeyedTurns;
  accepted: AcceptedTurns;
  reports: TurnReports;
  spending: Spending;
}

/**
 * Carries a turn out, to its commit or its failure. The turn belongs to the object: it goes on when the client has
 * left, and always ends its stream with `interaction-complete` or `error`.
 */
export class TurnRunner {
  readonly #parts: RunnerParts;
  /** Called in the tick in which a turn has ended and the next one may begin. */
  onFree: () => void = () => undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /**
   * Begins a turn. It awaits nothing: the next request finds the turn running. `before` is the turn as it was accepted,
   * when it is run again.
   */
  begin(
    record: ConversationRecord,
    start: TurnStart,
    audience: TurnAudience,
    before: AcceptedTurn | null = null,
  ): LiveTurn {
    const live = new LiveTurn(new Turn(record, start, Date.now(), before), audience);
    this.#parts.running.begin(live);
    this.#parts.accepted.accept(live);
    this.#parts.waitUntil(this.#complete(live));
    return live;
  }

  /** Notes that a turn has taken a further message: it is run again with it when its process dies. */
  accept(live: LiveTurn): void {
    this.#parts.accepted.accept(live);
  }

  /** Reports a request that waited in vain for another turn to end. */
  reportRefused(...refused: Parameters<TurnReports['refused']>): void {
    this.#parts.reports.refused(...refused);
  }

  /** Removes recordings that came to nothing. What cannot be removed soon, the alarm removes later. */
  async discard(keys: readonly string[], about: { request_id: string }): Promise<void> {
    await this.#soon(this.#parts.turns.recordings.discard(keys), 'recordings_not_removed', about);
  }

  async #complete(live: LiveTurn): Promise<void> {
    const { turns, running, reports } = this.#parts;
    const { interactionId, recordingKeys } = live.turn;
    const end = await this.#result(live).catch((error: unknown) => this.#fail(error, live));
    turns.recordings.letGo(recordingKeys);
    reports.ended(live, end);
    // Free in the tick in which the clients are told, so that they may go on at once.
    running.end(interactionId, end.type === 'error' ? end.code : null);
    try {
      this.onFree();
    } finally {
      live.end(end);
    }
  }

  /** Runs and commits a turn. Returns its last event. */
  async #result(live: LiveTurn): Promise<CompleteEvent> {
    const { turn, record, audience } = live;
    const { turns, writer, keys, spending } = this.#parts;
    const { caller } = audience;
    const finished = await new TurnRun(live, turns).finish();
    const changes = { ...finished.changes, spending: spending.committed(record.identity) };
    const committed = writer.commit({ ...finished, changes });
    const operation = record.state === 'creating' ? 'create-conversation' : 'interact-with-conversation';
    logConversationChange(operation, record.identity, caller, { interaction_id: turn.interactionId });
    live.readers.flush();
    const { agentMessage, interaction } = finished;
    keys.committed(interaction);
    await writer.settle(committed, caller.request_id, agentMessage.text);
    spending.afterTurn(committed);
    return completeEvent(finished, committed);
  }

  /** Undoes a turn that came to nothing. Returns the event that says what happened, and no more. */
  async #fail(error: unknown, live: LiveTurn): Promise<FailureEvent> {
    const { turn, record, audience } = live;
    const about = { request_id: audience.caller.request_id, conversation_id: record.identity.id };
    const end = failureEvent(error);
    logError('turn_failed', error, { ...about, code: end.code });
    this.#parts.accepted.forget(live);
    this.#parts.spending.failed(record.identity, record.state);
    if (record.state === 'creating') {
      this.#parts.rollBack.turnFailed();
      await this.#soon(this.#parts.rollBack.run(), 'roll_back_failed', about);
    } else if (turn.recordingKeys.length > 0) {
      await this.discard(turn.recordingKeys, about);
    }
    return end;
  }

  /** Waits a moment for what the alarm does as well. */
  async #soon(work: Promise<void>, event: string, about: Record<string, string>): Promise<void> {
    await inTime(CLEANUP_WAIT_MS, work).catch((error: unknown) => logError(event, error, about));
  }
}
