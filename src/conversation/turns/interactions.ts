import type { Caller } from '../../access/permissions.ts';
import type { ActionFilter } from './action-filter.ts';
import { inTime } from '../../deadline.ts';
import { failure, outcomeOf, problem, success, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import { refuseExternalEvents } from '../admission.ts';
import type { ConversationIdentity } from '../records.ts';
import { recordingOf, type InteractRequest } from '../requests.ts';
import { earliestLastAt } from './message-stamps.ts';
import { ReaderStream } from './reader-stream.ts';
import { answerOf, type TurnAnswer } from './turn-answer.ts';
import type { TurnParts } from './turn-run.ts';
import type { TurnRunner } from './turn-runner.ts';

/** Waits for the registry no longer than a turn may take. */
export function registryInTime<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  return inTime(deadlineMs, work, () =>
    problem('registry_unavailable', 'The registry did not answer in time. Try again.'),
  );
}

/** The parts that interactions need. */
export interface InteractionParts {
  waitUntil: (work: Promise<unknown>) => void;
  access: ConversationAccess;
  runner: TurnRunner;
  turns: TurnParts;
}

/** Decides whether the next turn of a conversation may begin, and begins it. */
export class Interactions {
  readonly #parts: InteractionParts;

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Begins a turn and returns its stream, or the problem. A recording that is refused is removed. */
  async interact(request: InteractRequest, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const outcome = await outcomeOf(this.#interact(request, filter));
    const recording = recordingOf(request.message);
    if (!outcome.ok && recording !== null) {
      const { request_id } = request.caller;
      this.#parts.waitUntil(this.#parts.runner.discard([recording.key], { request_id }));
    }
    return outcome;
  }

  async #interact(request: InteractRequest, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const { caller, sender, message, external_events, response_format } = request;
    const { access, runner, turns } = this.#parts;
    let allowed = access.forTurn(request, await access.shownTo(caller));
    if (!allowed.ok) return allowed;
    if (response_format === 'voice') {
      const mute = await this.#registryInTime(turns.voice.refuseSpeaking(allowed.value.identity));
      if (mute !== null) return { ok: false, problem: mute };
      // Another turn may have begun meanwhile.
      allowed = access.forTurn(request, await access.shownTo(caller));
      if (!allowed.ok) return allowed;
    }
    const record = allowed.value;
    const untimely = refuseExternalEvents(external_events, earliestLastAt(record), Date.now());
    if (untimely !== null) return { ok: false, problem: untimely };
    const recording = recordingOf(message);
    if (recording !== null && !turns.recordings.claim(recording.key)) {
      return failure('body_stalled', 'The recording took too long to arrive.');
    }
    const submission = { message, sender, external_events, key: null };
    const start = { submissions: [submission], response_format, returning: false };
    const audience = { caller, filter };
    const live = runner.begin(record, start, audience);
    const stream = new ReaderStream({ format: response_format });
    live.follow(stream, audience, live.turn.taken);
    return success(answerOf(live, stream.readable));
  }

  /**
   * Prepares for a message that is spoken: returns the key under which its recording is to be stored. Refuses what would
   * be refused of the message itself, before anything of the recording is taken.
   */
  async expectRecording(caller: Caller): Promise<Outcome<{ key: string }>> {
    // The type of the message may stand behind the recording, so that it is looked at when the turn begins.
    const turn = { caller, message: null, external_events: [], refusal: null };
    const { access } = this.#parts;
    const allowed = access.forTurn(turn, await access.shownTo(caller));
    if (!allowed.ok) return allowed;
    return outcomeOf(this.#expect(allowed.value.identity));
  }

  async #expect(identity: ConversationIdentity): Promise<Outcome<{ key: string }>> {
    const { voice, recordings } = this.#parts.turns;
    const mute = await this.#registryInTime(voice.refuseListening(identity));
    if (mute !== null) return { ok: false, problem: mute };
    return success({ key: recordings.expect(identity) });
  }

  #registryInTime<T>(work: Promise<T>): Promise<T> {
    return registryInTime(this.#parts.turns.deadlineMs, work);
  }
}
