import type { Caller } from '../../access/permissions.ts';
import type { ActionFilter } from './action-filter.ts';
import type { ErrorEvent } from '../../contract/stream.ts';
import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import { failure, ProblemError, PROBLEMS } from '../../problems.ts';
import type * as z from 'zod';
import { logConversationChange } from '../audit.ts';
import type { ConversationWriter } from '../conversation-writer.ts';
import type { ConversationRecord } from '../records.ts';
import type { RollBack } from '../roll-back.ts';
import { actionView, type ActionView } from './action-view.ts';
import { EventStream } from './event-stream.ts';
import type { RunningTurn } from './running-turn.ts';
import { TurnRun, type TurnParts } from './turn-run.ts';
import { Turn, type TurnStart } from './turn.ts';

/** The longest time that the end of a failed turn waits for what it left to be removed, in milliseconds. */
const CLEANUP_WAIT_MS = 3_000;

/** The request that a turn is begun for: its caller, and what the caller's stream shows. */
export interface TurnAudience {
  caller: Caller;
  filter: ActionFilter;
}

/** The parts that carry turns out. */
export interface RunnerParts {
  /** Keeps the object awake until a turn is over. */
  waitUntil: (work: Promise<unknown>) => void;
  turns: TurnParts;
  running: RunningTurn;
  writer: ConversationWriter;
  rollBack: RollBack;
}

/** A turn on its way, with what it was begun with. */
interface Course {
  turn: Turn;
  record: ConversationRecord;
  stream: EventStream;
  view: ActionView;
  caller: Caller;
}

/**
 * Carries a turn out, to its commit or its failure. The turn belongs to the object: it goes on when the client has
 * left, and always ends its stream with `interaction-complete` or `error`.
 */
export class TurnRunner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Begins a turn and returns its stream. It awaits nothing: the next request finds the turn running. */
  begin(
    record: ConversationRecord,
    start: TurnStart,
    { caller, filter }: TurnAudience,
  ): ReadableStream<Uint8Array> {
    const turn = new Turn(record, start, Date.now());
    this.#parts.running.begin(turn.interactionId, turn.startedAt);
    const stream = new EventStream(start.response_format);
    if (record.state === 'creating') {
      stream.send({ type: 'conversation-created', conversation_id: record.identity.id });
    } else if (turn.sentText !== null) {
      const { id, text } = turn.sentText;
      stream.send({ type: 'user-message-available', message_id: id, user_message: text });
    }
    const view = actionView(record, caller, filter);
    this.#parts.waitUntil(this.#complete({ turn, record, stream, view, caller }));
    return stream.readable;
  }

  /** Removes recordings that came to nothing. What cannot be removed soon, the alarm removes later. */
  async discard(keys: readonly string[], about: { request_id: string }): Promise<void> {
    await this.#soon(this.#parts.turns.recordings.discard(keys), 'recordings_not_removed', about);
  }

  async #complete(course: Course): Promise<void> {
    const { turn, record, stream, view, caller } = course;
    const { turns, running, writer } = this.#parts;
    try {
      const finished = await new TurnRun(turn, turns, stream, view).finish();
      const committed = writer.commit(finished);
      const operation = record.state === 'creating' ? 'create-conversation' : 'interact-with-conversation';
      logConversationChange(operation, record.identity, caller, { interaction_id: turn.interactionId });
      stream.flush();
      const { agentMessage, interaction } = finished;
      await writer.settle(committed, caller.request_id, agentMessage.text);
      // Free before the client is told, so that it may go on at once.
      running.end(turn.interactionId);
      stream.send({
        type: 'interaction-complete',
        message_id: agentMessage.id,
        interaction_id: interaction.id,
        full_message: agentMessage.text,
        conversation_completed: committed.state === 'finished',
      });
    } catch (error) {
      stream.send(await this.#fail(error, course));
    } finally {
      turns.recordings.letGo(turn.recordingKeys);
      running.end(turn.interactionId);
      stream.end();
    }
  }

  /** Undoes a turn that came to nothing. Returns the event that says what happened, and no more. */
  async #fail(error: unknown, { turn, record, caller }: Course): Promise<z.infer<typeof ErrorEvent>> {
    const about = { request_id: caller.request_id, conversation_id: record.identity.id };
    const { code, detail } =
      error instanceof ProblemError
        ? error.problem
        : failure('turn_failed', 'The agent could not answer. Nothing was stored; try again.').problem;
    logError('turn_failed', error, { ...about, code });
    if (record.state === 'creating') {
      this.#parts.rollBack.watch();
      await this.#soon(this.#parts.rollBack.run(), 'roll_back_failed', about);
    } else if (turn.recordingKeys.length > 0) {
      await this.discard(turn.recordingKeys, about);
    }
    return { type: 'error', http_error_code: PROBLEMS[code][0], error_description: detail, code };
  }

  /** Waits a moment for what the alarm does as well. */
  async #soon(work: Promise<void>, event: string, about: Record<string, string>): Promise<void> {
    await inTime(CLEANUP_WAIT_MS, work).catch((error: unknown) => logError(event, error, about));
  }
}
