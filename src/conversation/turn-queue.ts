import type { Caller } from '../access/permissions.ts';
import { inTime } from '../deadline.ts';
import { compileActionFilter, type ActionFilter } from './action-filter.ts';
import type { ErrorEvent } from '../contract/stream.ts';
import { logError } from '../log.ts';
import {
  failure,
  outcomeOf,
  problem,
  ProblemError,
  PROBLEMS,
  success,
  type Outcome,
  type Problem,
} from '../problems.ts';
import type * as z from 'zod';
import { conversationNotFound, refuseExternalEvents, refuseTurn } from './admission.ts';
import { actionView, type ActionView } from './action-view.ts';
import { logConversationChange } from './audit.ts';
import type { Afterwards } from './afterwards.ts';
import { EventStream } from './event-stream.ts';
import { OwnerVisibility } from './owner.ts';
import type { ConversationIdentity, ConversationRecord } from './records.ts';
import { mayBegin } from './reservation.ts';
import {
  messageTypesOf,
  recordingOf,
  type CreateRequest,
  type InteractRequest,
  type TurnRequest,
} from './requests.ts';
import { earliestLastAt } from './stamps.ts';
import type { ConversationStore } from './store.ts';
import { Turn, type FinishedTurn, type TurnOpening, type TurnParts } from './turn.ts';

/** How long the end of a turn that failed waits for what it left to be removed, in milliseconds. */
const CLEANUP_WAIT_MS = 3_000;

/** The turn that holds the conversation: nobody else gets in until it is over. */
interface RunningTurn {
  interaction_id: string;
  started_at: number;
}

/** A turn on its way, with what it was begun with. */
interface Run {
  turn: Turn;
  record: ConversationRecord;
  stream: EventStream;
  view: ActionView;
  caller: Caller;
}

/** What decides whether a turn may begin. */
type Admitted = Pick<InteractRequest, 'caller' | 'message' | 'external_events' | 'refusal'>;

/**
 * Admits one turn at a time and sees it to its end. The turn belongs to the object: it goes on when the client has
 * left, and always ends its stream with `interaction-complete` or `error`.
 */
export class TurnQueue {
  readonly #ctx: DurableObjectState;
  readonly #store: ConversationStore;
  readonly #afterwards: Afterwards;
  readonly #parts: TurnParts;
  readonly #owner: OwnerVisibility;
  #running: RunningTurn | null = null;

  constructor(ctx: DurableObjectState, store: ConversationStore, afterwards: Afterwards, parts: TurnParts) {
    this.#ctx = ctx;
    this.#store = store;
    this.#afterwards = afterwards;
    this.#parts = parts;
    this.#owner = new OwnerVisibility(store, parts.registry);
  }

  get running(): RunningTurn | null {
    return this.#running;
  }

  /** Why nothing can be changed now: a turn is running. `null` when none is. */
  refuseWhileRunning(): Problem | null {
    if (this.#running === null) return null;
    const { interaction_id, started_at } = this.#running;
    const since = new Date(started_at).toISOString();
    const { problem } = failure(
      'operation_in_progress',
      `The interaction ${interaction_id} has been running since ${since}.`,
      { interaction_id, since },
    );
    return problem;
  }

  /** Begins a turn and answers with its stream, or says why it may not begin. */
  async take(request: TurnRequest): Promise<Outcome<ReadableStream<Uint8Array>>> {
    const filter = compileActionFilter(request.action_filter);
    if (!filter.ok) return filter;
    if (request.kind === 'create') return this.#create(request, filter.value);
    const outcome = await outcomeOf(this.#interact(request, filter.value));
    const recording = recordingOf(request.message);
    if (!outcome.ok && recording !== null) {
      const { request_id } = request.caller;
      this.#ctx.waitUntil(this.#discard([recording.key], { request_id }));
    }
    return outcome;
  }

  /**
   * Prepares for a message that is spoken: the key under which its recording is to be stored. Refuses what would be
   * refused of the message itself, before anything of the recording is taken.
   */
  async expectRecording(caller: Caller): Promise<Outcome<{ key: string }>> {
    // Of which type the message is may stand behind the recording, so that it is looked at when the turn begins.
    const turn = { caller, message: null, external_events: [], refusal: null };
    const admitted = this.#admit(turn, await this.#owner.shownTo(caller));
    if (!admitted.ok) return admitted;
    const { identity } = admitted.value;
    return outcomeOf(this.#expect(identity));
  }

  async #expect(identity: ConversationIdentity): Promise<Outcome<{ key: string }>> {
    const mute = await this.#inTime(this.#parts.voice.refuseListening(identity));
    if (mute !== null) return { ok: false, problem: mute };
    return success({ key: this.#parts.recordings.expect(identity) });
  }

  /**
   * The conversation, for a caller who may take this turn in it now. `visible` is what `#owner` says. It awaits nothing,
   * so that what is decided still holds when the turn begins.
   */
  #admit(turn: Admitted, visible: boolean): Outcome<ConversationRecord> {
    const record = this.#store.load();
    if (record === null) return { ok: false, problem: conversationNotFound() };
    const refused =
      refuseTurn(record, turn.caller, visible, messageTypesOf(turn)) ??
      turn.refusal ??
      this.refuseWhileRunning();
    if (refused !== null) return { ok: false, problem: refused };
    if (record.state === 'creating') return { ok: false, problem: conversationNotFound() };
    if (record.state === 'finished') {
      return failure('conversation_finished', 'The conversation is already finished.');
    }
    return success(record);
  }

  async #interact(
    request: InteractRequest,
    filter: ActionFilter,
  ): Promise<Outcome<ReadableStream<Uint8Array>>> {
    const { caller, sender, message, external_events, response_format } = request;
    let admitted = this.#admit(request, await this.#owner.shownTo(caller));
    if (!admitted.ok) return admitted;
    if (response_format === 'voice') {
      const mute = await this.#inTime(this.#parts.voice.refuseSpeaking(admitted.value.identity));
      if (mute !== null) return { ok: false, problem: mute };
      // Somebody else may have come in meanwhile.
      admitted = this.#admit(request, await this.#owner.shownTo(caller));
      if (!admitted.ok) return admitted;
    }
    const record = admitted.value;
    const untimely = refuseExternalEvents(external_events, earliestLastAt(record), Date.now());
    if (untimely !== null) return { ok: false, problem: untimely };
    const recording = recordingOf(message);
    if (recording !== null && !this.#parts.recordings.claim(recording.key)) {
      return failure('body_stalled', 'The recording took too long to arrive.');
    }
    const opening = { message, sender, external_events, response_format, returning: false };
    return success(this.#begin(record, opening, request, filter));
  }

  async #create(request: CreateRequest, filter: ActionFilter): Promise<Outcome<ReadableStream<Uint8Array>>> {
    const busy = this.refuseWhileRunning();
    if (busy !== null) return { ok: false, problem: busy };
    if (this.#store.load() !== null)
      return failure('operation_in_progress', 'The conversation exists already.');
    this.#running = { interaction_id: request.identity.id, started_at: Date.now() };
    const outcome = await outcomeOf(this.#createNow(request, filter)).catch((error: unknown) => {
      const { request_id } = request.caller;
      logError('create_failed', error, { request_id, conversation_id: request.identity.id });
      return failure('internal_error', 'The conversation could not be created. Try again.');
    });
    if (!outcome.ok) {
      this.#running = null;
      // What was stored, the alarm undoes.
      if (this.#store.load() === null) {
        await this.#afterwards.giveBack(request.identity, request.caller.request_id);
      }
    }
    return outcome;
  }

  /** Marks the conversation as being created, and begins its first turn. */
  async #createNow(
    request: CreateRequest,
    filter: ActionFilter,
  ): Promise<Outcome<ReadableStream<Uint8Array>>> {
    const { identity, tags, message, sender, response_format, place } = request;
    if (!mayBegin(identity.id, Date.now())) {
      return failure('operation_in_progress', 'The create took too long to begin. Try again.');
    }
    if (response_format === 'voice') {
      const mute = await this.#inTime(this.#parts.voice.refuseSpeaking(identity));
      if (mute !== null) return { ok: false, problem: mute };
    }
    const record = this.#store.begin(identity, tags);
    this.#afterwards.watch();
    const { created_at, returning } = place;
    const opening = { message, sender, external_events: [], response_format, returning };
    return success(this.#begin({ ...record, last_at: created_at }, opening, request, filter));
  }

  /** Waits for the registry no longer than a turn may take. */
  #inTime<T>(work: Promise<T>): Promise<T> {
    return inTime(this.#parts.deadlineMs, work, () =>
      problem('registry_unavailable', 'The registry did not answer in time. Try again.'),
    );
  }

  /** From here to the start of the turn nothing is awaited: whoever comes next finds it running. */
  #begin(
    record: ConversationRecord,
    opening: TurnOpening,
    request: TurnRequest,
    filter: ActionFilter,
  ): ReadableStream<Uint8Array> {
    const turn = new Turn(record, opening, Date.now());
    this.#running = { interaction_id: turn.interactionId, started_at: turn.startedAt };
    const stream = new EventStream(opening.response_format);
    if (record.state === 'creating') {
      stream.send({ type: 'conversation-created', conversation_id: record.identity.id });
    } else if (turn.opening !== null) {
      const { id, text } = turn.opening;
      stream.send({ type: 'user-message-available', message_id: id, user_message: text });
    }
    const { caller } = request;
    const view = actionView(record, caller, filter);
    this.#ctx.waitUntil(this.#complete({ turn, record, stream, view, caller }));
    return stream.readable;
  }

  async #complete(run: Run): Promise<void> {
    const { turn, record, stream, caller } = run;
    try {
      const finished = await turn.run(this.#parts, stream, run.view);
      const committed = this.#commit(finished);
      const operation = record.state === 'creating' ? 'create-conversation' : 'interact-with-conversation';
      logConversationChange(operation, record.identity, caller, { interaction_id: turn.interactionId });
      stream.flush();
      await this.#afterwards.settle(committed, caller.request_id, finished.spoken.text);
      // Free before the client is told, so that it may go on at once.
      this.#running = null;
      stream.send({
        type: 'interaction-complete',
        message_id: finished.spoken.id,
        interaction_id: finished.interaction.id,
        full_message: finished.spoken.text,
        conversation_completed: committed.state === 'finished',
      });
    } catch (error) {
      stream.send(await this.#void(error, run));
    } finally {
      this.#release(turn);
      stream.end();
    }
  }

  /** Removes the recordings of what came to nothing. What cannot be removed soon, the alarm removes later. */
  async #discard(keys: readonly string[], about: { request_id: string }): Promise<void> {
    await this.#soon(this.#parts.recordings.discard(keys), 'recordings_not_removed', about);
  }

  /** Waits a moment for what the alarm does as well. */
  async #soon(work: Promise<void>, event: string, about: Record<string, string>): Promise<void> {
    await inTime(CLEANUP_WAIT_MS, work).catch((error: unknown) => logError(event, error, about));
  }

  /** Frees the conversation and the recordings of a turn; a later turn may hold the conversation by now. */
  #release(turn: Turn): void {
    this.#parts.recordings.letGo(turn.recordingKeys);
    if (this.#running?.interaction_id === turn.interactionId) this.#running = null;
  }

  /** One transaction: the turn, and the alarm that looks after it. Tags may have changed during the turn. */
  #commit({ messages, recordings, interaction, changes }: FinishedTurn): ConversationRecord {
    const latest = this.#store.load();
    if (latest === null) throw problem('turn_failed', 'The conversation is gone.');
    const record = { ...latest, ...changes, revision: latest.revision + 1 };
    this.#store.commit({ record, messages, recordings, interaction });
    this.#parts.messages.committed(messages);
    this.#afterwards.armFor(record);
    return record;
  }

  /** A turn that came to nothing: a create is undone, and the error event says what happened, and no more. */
  async #void(error: unknown, { turn, record, caller }: Run): Promise<z.infer<typeof ErrorEvent>> {
    const about = { request_id: caller.request_id, conversation_id: record.identity.id };
    const { code, detail } =
      error instanceof ProblemError
        ? error.problem
        : failure('turn_failed', 'The agent could not answer. Nothing was stored; try again.').problem;
    logError('turn_failed', error, { ...about, code });
    if (record.state === 'creating') {
      this.#afterwards.watch();
      await this.#soon(this.#afterwards.rollBack(), 'roll_back_failed', about);
    } else if (turn.recordingKeys.length > 0) {
      await this.#discard(turn.recordingKeys, about);
    }
    return { type: 'error', http_error_code: PROBLEMS[code][0], error_description: detail, code };
  }
}
