import type { Caller } from '../../access/permissions.ts';
import { failure, outcomeOf, success, type Outcome, type Problem } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import type { ConversationIdentity, ConversationRecord } from '../records.ts';
import { recordingOf, type InteractRequest } from '../requests.ts';
import type { ActionFilter } from './action-filter.ts';
import { decide, type Decision, type KeyMatch, type Standing } from './arrival.ts';
import type { KeyRecord } from './idempotency.ts';
import type { KeyedTurns } from './keyed-turns.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnAnswer } from './turn-answer.ts';
import type { TurnEntrance } from './turn-entrance.ts';
import { registryInTime } from './registry-in-time.ts';
import type { TurnParts } from './turn-run.ts';
import type { TurnRunner } from './turn-runner.ts';

/** The parts that interactions need. */
export interface InteractionParts {
  waitUntil: (work: Promise<unknown>) => void;
  access: ConversationAccess;
  running: RunningTurn;
  keys: KeyedTurns;
  runner: TurnRunner;
  entrance: TurnEntrance;
  turns: TurnParts;
}

/** A request whose caller may take the turn, and what is to be done with it. */
interface Arrival {
  record: ConversationRecord;
  decision: Decision;
}

/** Answers requests for the next turn of a conversation. */
export class Interactions {
  readonly #parts: InteractionParts;

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /**
   * Returns the stream of the turn, or the problem. A recording that no turn takes is removed. Nothing is decided about
   * the request before `admitted` resolves, so that a refused one changes no answer to another request.
   */
  async interact(
    request: InteractRequest,
    filter: ActionFilter,
    admitted: Promise<boolean> = Promise.resolve(true),
  ): Promise<Outcome<TurnAnswer>> {
    const outcome = await outcomeOf(this.#interact(request, filter, admitted));
    const recording = recordingOf(request.message);
    if (recording !== null && recording.key !== '' && (!outcome.ok || outcome.value.repeats === true)) {
      const { request_id } = request.caller;
      this.#parts.waitUntil(this.#parts.runner.discard([recording.key], { request_id }));
    }
    return outcome;
  }

  async #interact(
    request: InteractRequest,
    filter: ActionFilter,
    admitted: Promise<boolean>,
  ): Promise<Outcome<TurnAnswer>> {
    const { caller } = request;
    const { access, entrance } = this.#parts;
    const visible = await access.shownTo(caller);
    if (!(await admitted)) return failure('rate_limit_exceeded', 'The request was not admitted.');
    let arrival = this.#arrive(request, visible);
    if (!arrival.ok) return arrival;
    const isNew = !['attach', 'replay', 'refuse'].includes(arrival.value.decision.kind);
    if (isNew) {
      const { record, decision } = arrival.value;
      const refused = await this.#refusal(record.identity, request, decision);
      if (refused !== null) return { ok: false, problem: refused };
      // Another turn may have begun meanwhile.
      arrival = this.#arrive(request, await access.shownTo(caller));
      if (!arrival.ok) return arrival;
    }
    const { record, decision } = arrival.value;
    const resumes = request.resumes === true ? { resumes: request.resumes } : {};
    return entrance.enter(decision, record, request, { caller, filter, ...resumes });
  }

  /** Returns the problem of a turn that the registry refuses, or that its budgets refuse; null when it may begin. */
  async #refusal(
    identity: ConversationIdentity,
    { response_format, message }: InteractRequest,
    { kind }: Decision,
  ): Promise<Problem | null> {
    const { voice, spending, deadlineMs } = this.#parts.turns;
    if (response_format === 'voice') {
      const mute = await registryInTime(deadlineMs, voice.refuseSpeaking(identity));
      if (mute !== null) return mute;
    }
    // A turn that waits gets its lease when it begins.
    if (kind !== 'begin') return null;
    const texts = message !== null && 'text' in message ? [message.text] : [];
    return registryInTime(deadlineMs, spending.refusal(identity, texts));
  }

  /** Decides about a request. It awaits nothing, so that the decision still holds when it is acted upon. */
  #arrive(request: InteractRequest, visible: boolean): Outcome<Arrival> {
    const allowed = this.#parts.access.forTurn(request, visible);
    if (!allowed.ok) return allowed;
    const record = allowed.value;
    const { live } = this.#parts.running;
    const arriving = {
      match: this.#match(request.key, record),
      if_busy: request.if_busy ?? record.identity.busy_policy ?? 'reject',
      hasMessage: request.message !== null,
      sameFormat: live?.turn.start.response_format === request.response_format,
    };
    return success({ record, decision: decide(arriving, this.#standing(record)) });
  }

  #match(key: KeyRecord | null, record: ConversationRecord): KeyMatch {
    const { keys, running, entrance } = this.#parts;
    if (key === null) return { of: 'nothing' };
    const waiting = entrance.waiting.find(key[0]);
    if (waiting !== null) return { of: 'waiting', sameContent: waiting.request.key?.[1] === key[1] };
    return keys.match(key, record, running.live);
  }

  #standing({ state }: ConversationRecord): Standing {
    const { running, entrance } = this.#parts;
    const { isFull } = entrance.waiting;
    const { live } = running;
    if (live !== null) {
      const isFirst = state === 'creating';
      return { state: isFirst ? 'creating' : 'open', running: live.state, isLineFull: isFull };
    }
    if (running.isRunning || state === 'creating') {
      return { state: 'reserving', running: null, isLineFull: isFull };
    }
    return { state, running: null, isLineFull: isFull };
  }

  /**
   * Prepares for a message that is spoken: returns the key under which its recording is to be stored, or null when the
   * request was sent before, so that the recording is known. Refuses what would be refused of the message itself, before
   * anything of the recording is taken.
   */
  async expectRecording(
    caller: Caller,
    key: string | null = null,
    if_busy?: InteractRequest['if_busy'],
  ): Promise<Outcome<{ key: string | null }>> {
    // The type of the message may stand behind the recording, so that it is looked at when the turn begins.
    const turn = { caller, message: null, external_events: [], refusal: null };
    const { access, entrance } = this.#parts;
    const allowed = access.forTurn(turn, await access.shownTo(caller));
    if (!allowed.ok) return allowed;
    const record = allowed.value;
    const match = this.#match(key === null ? null : [key, ''], record);
    if (match.of !== 'nothing') return success({ key: null });
    const policy = if_busy ?? record.identity.busy_policy ?? 'reject';
    const arriving = { match, if_busy: policy, hasMessage: true, sameFormat: true };
    const decision = decide(arriving, this.#standing(record));
    if (decision.kind === 'refuse') return { ok: false, problem: entrance.refusal(decision.code) };
    return outcomeOf(this.#expect(record.identity));
  }

  async #expect(identity: ConversationIdentity): Promise<Outcome<{ key: string }>> {
    const { voice, recordings, deadlineMs } = this.#parts.turns;
    const mute = await registryInTime(deadlineMs, voice.refuseListening(identity));
    if (mute !== null) return { ok: false, problem: mute };
    return success({ key: recordings.expect(identity) });
  }
}
