import { failure, success, type Outcome, type Problem } from '../../problems.ts';
import type { ConversationRecord } from '../records.ts';
import type { Recordings } from '../recordings.ts';
import { recordingOf, type InteractRequest } from '../requests.ts';
import type { ConversationStore } from '../store.ts';
import type { Decision, RefusalCode } from './arrival.ts';
import type { KeyedTurns } from './keyed-turns.ts';
import type { LiveTurn, TurnAudience } from './live-turn.ts';
import { ReaderStream } from './reader-stream.ts';
import type { RunningTurn } from './running-turn.ts';
import { claimSubmission } from './submissions.ts';
import { answerOf, type TurnAnswer } from './turn-answer.ts';
import type { TurnRunner } from './turn-runner.ts';
import type { TurnStreams } from './turn-streams.ts';
import { refuseWaiting, WaitingRequests, type WaitingRequest } from './waiting-requests.ts';

const GONE = failure('conversation_not_found', 'There is no such conversation.').problem;

/** The parts of the entrance. */
export interface EntranceParts {
  waitUntil: (work: Promise<unknown>) => void;
  store: ConversationStore;
  recordings: Recordings;
  running: RunningTurn;
  keys: KeyedTurns;
  runner: TurnRunner;
  streams: TurnStreams;
}

/** Carries out what was decided about a request for a turn: it begins one, joins one, waits for one, or is refused. */
export class TurnEntrance {
  readonly waiting: WaitingRequests;
  readonly #parts: EntranceParts;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
    this.waiting = new WaitingRequests((late, problem) => {
      this.#report(late, problem);
      this.#discard(late);
    });
    parts.runner.onFree = () => this.#next();
  }

  /** Returns the answer to a request. What begins, joins or waits does so before anything is awaited. */
  async enter(
    decision: Decision,
    record: ConversationRecord,
    request: InteractRequest,
    audience: TurnAudience,
  ): Promise<Outcome<TurnAnswer>> {
    switch (decision.kind) {
      case 'begin':
        return this.#begin(record, request, audience);
      case 'attach':
        return decision.to === 'running'
          ? this.#attach(request, audience)
          : this.#attachWaiting(request, audience);
      case 'replay':
        return this.#replay(record, request, audience);
      case 'restart':
        return this.#restart(record, request, audience);
      case 'wait':
        return this.#wait(request, audience);
      case 'stop_and_wait':
        this.#parts.running.live?.stop(null, 'message');
        return this.#wait(request, audience);
      case 'refuse':
        return { ok: false, problem: this.refusal(decision.code) };
    }
  }

  /** Returns the problem of a request that is refused. */
  refusal(code: RefusalCode): Problem {
    const busy = this.#parts.running.refusal();
    switch (code) {
      case 'idempotency_key_reused':
        return failure(
          code,
          'The key was sent before, with another request. Use a new key for every message.',
        ).problem;
      case 'conversation_finished':
        return failure(code, 'The conversation is already finished.').problem;
      case 'operation_in_progress':
        return busy ?? failure(code, 'The conversation is busy. Try again.').problem;
      case 'line_full': {
        const waiting = String(this.waiting.length);
        const detail = `${waiting} messages wait for the running turn already. Try again later.`;
        return failure('operation_in_progress', detail, { ...busy?.extra, waiting }).problem;
      }
      case 'creating': {
        const detail = busy?.detail ?? 'The conversation is being created. Try again.';
        return failure('operation_in_progress', detail, { ...busy?.extra, retry_after: '1' }).problem;
      }
    }
  }

  #begin(record: ConversationRecord, request: InteractRequest, audience: TurnAudience): Outcome<TurnAnswer> {
    const { runner, recordings } = this.#parts;
    const claimed = claimSubmission(request, record, recordings);
    if (!claimed.ok) return claimed;
    const { response_format } = request;
    const start = { submissions: [claimed.value], response_format, returning: false };
    return this.#followed(runner.begin(record, start, audience), request, audience);
  }

  /** Follows the running turn, of which the request is a part. */
  #attach(request: InteractRequest, audience: TurnAudience): Outcome<TurnAnswer> {
    const { live } = this.#parts.running;
    if (live === null) return { ok: false, problem: this.refusal('operation_in_progress') };
    const followed = this.#followed(live, request, audience);
    return followed.ok ? success({ ...followed.value, repeats: true }) : followed;
  }

  #attachWaiting(request: InteractRequest, audience: TurnAudience): Outcome<TurnAnswer> {
    const waiting = request.key === null ? null : this.waiting.find(request.key[0]);
    if (waiting === null) return { ok: false, problem: this.refusal('operation_in_progress') };
    const stream = new ReaderStream({ format: request.response_format });
    waiting.readers.push({ audience, stream });
    return success({ readable: stream.readable, headers: {}, repeats: true });
  }

  async #replay(
    record: ConversationRecord,
    request: InteractRequest,
    audience: TurnAudience,
  ): Promise<Outcome<TurnAnswer>> {
    const { keys, streams } = this.#parts;
    const stored = request.key === null ? null : keys.stored(request.key, record);
    if (stored === null)
      return failure('interaction_not_found', 'The interaction of this key is not stored.');
    return streams.repeat(record, stored, audience);
  }

  #wait(request: InteractRequest, audience: TurnAudience): Outcome<TurnAnswer> {
    const stream = new ReaderStream({ format: request.response_format });
    this.waiting.join({ request, readers: [{ audience, stream }], since: Date.now() });
    return success({ readable: stream.readable, headers: {} });
  }

  /** Has the running walk begin anew, with the messages that wait for it and with this one. */
  #restart(
    record: ConversationRecord,
    request: InteractRequest,
    audience: TurnAudience,
  ): Outcome<TurnAnswer> {
    const { running, recordings, runner } = this.#parts;
    const { live } = running;
    const claimed = claimSubmission(request, record, recordings);
    if (!claimed.ok) return claimed;
    if (live === null) return { ok: false, problem: this.refusal('operation_in_progress') };
    const before = this.#claimWaiting(record, request.response_format);
    const submissions = before.map(({ submission }) => submission);
    const taken = live.restart([...submissions, claimed.value], Date.now());
    runner.accept(live);
    for (const [index, { waiting }] of before.entries()) {
      for (const { audience: other, stream } of waiting.readers)
        live.follow(stream, other, taken.slice(index, index + 1));
    }
    const stream = new ReaderStream({ format: request.response_format });
    live.follow(stream, audience, taken.slice(-1));
    return success(answerOf(live, stream.readable));
  }

  /** Begins the turn of the requests that wait. Called when a turn has ended, in the same tick. */
  #next(): void {
    const { store, running, runner } = this.#parts;
    const record = store.load();
    if (running.isRunning) return;
    if (record?.state !== 'open') {
      const refused = record === null ? GONE : this.refusal('conversation_finished');
      for (const waiting of this.waiting.all()) this.#refuse(waiting, refused);
      return;
    }
    while (this.waiting.length > 0) {
      const claimed = this.#claimWaiting(record);
      const [first] = claimed;
      const audience = first?.waiting.readers[0]?.audience;
      if (first === undefined || audience === undefined) continue;
      const { response_format } = first.waiting.request;
      const submissions = claimed.map(({ submission }) => submission);
      const waited_ms = Date.now() - first.waiting.since;
      const live = runner.begin(
        record,
        { submissions, response_format, returning: false, waited_ms },
        audience,
      );
      for (const [index, { waiting }] of claimed.entries()) {
        const taken = live.turn.taken.slice(index, index + 1);
        for (const reader of waiting.readers) live.follow(reader.stream, reader.audience, taken);
      }
      return;
    }
  }

  /** Takes the requests that one turn answers out of the line. Those that cannot be taken any more are refused. */
  #claimWaiting(record: ConversationRecord, format?: InteractRequest['response_format']) {
    return this.waiting.next(format).flatMap((waiting) => {
      const claimed = claimSubmission(waiting.request, record, this.#parts.recordings);
      if (claimed.ok) return [{ waiting, submission: claimed.value }];
      this.#refuse(waiting, claimed.problem);
      return [];
    });
  }

  #refuse(waiting: WaitingRequest, problem: Problem): void {
    refuseWaiting(waiting, problem);
    this.#report(waiting, problem);
    this.#discard(waiting);
  }

  /** Reports a request that waited in vain. Of a conversation that is gone nothing is reported. */
  #report({ request, since }: WaitingRequest, { code }: Problem): void {
    const record = this.#parts.store.load();
    if (record === null) return;
    const { request_id } = request.caller;
    this.#parts.runner.reportRefused(record.identity, { request_id, code, waited_ms: Date.now() - since });
  }

  /** Removes the recording of a request that no turn took. */
  #discard({ request: { message, caller } }: WaitingRequest): void {
    const recording = recordingOf(message);
    if (recording === null) return;
    const { runner, waitUntil } = this.#parts;
    waitUntil(runner.discard([recording.key], { request_id: caller.request_id }));
  }

  #followed(
    live: LiveTurn,
    { key, response_format }: InteractRequest,
    audience: TurnAudience,
  ): Outcome<TurnAnswer> {
    const keyed = key === null ? null : live.takenWith(key[0]);
    const stream = new ReaderStream({ format: response_format });
    live.follow(stream, audience, keyed === null ? live.turn.taken : [keyed]);
    return success(answerOf(live, stream.readable));
  }
}
