import { success, failure, type Outcome } from '../../problems.ts';
import type { ConversationAccess } from '../access.ts';
import type { ResumeRequest } from '../requests.ts';
import type { ConversationStore } from '../store.ts';
import type { ActionFilter } from './action-filter.ts';
import type { Interactions } from './interactions.ts';
import { ReaderStream } from './reader-stream.ts';
import type { RunningTurn } from './running-turn.ts';
import { answerOf, type TurnAnswer } from './turn-answer.ts';
import type { TurnStreams } from './turn-streams.ts';

/** The parts that a resumption needs. */
export interface ResumptionParts {
  access: ConversationAccess;
  store: ConversationStore;
  running: RunningTurn;
  interactions: Interactions;
  streams: TurnStreams;
}

/** Answers a create with the unfinished conversation that it found: its stream has the shape of a create's. */
export class Resumption {
  readonly #parts: ResumptionParts;

  constructor(parts: ResumptionParts) {
    this.#parts = parts;
  }

  /**
   * Returns the turn of the message that is sent; without one, the turn that runs, or the latest one. Answers
   * `conversation_finished` when the conversation ended meanwhile.
   */
  async resume(request: ResumeRequest, filter: ActionFilter): Promise<Outcome<TurnAnswer>> {
    const { access, store, running, interactions, streams } = this.#parts;
    const { caller, message, response_format } = request;
    if (message !== null) {
      return interactions.interact(
        { ...request, kind: 'interact', external_events: [], refusal: null, resumes: true },
        filter,
      );
    }
    const opened = access.openEvents(caller, await access.shownTo(caller));
    if (!opened.ok) return opened;
    const record = opened.value;
    const { live } = running;
    if (live !== null) {
      const stream = new ReaderStream({ format: response_format });
      live.follow(stream, { caller, filter, resumes: true }, live.turn.taken);
      return success(answerOf(live, stream.readable));
    }
    if (record.state === 'finished') {
      return failure('conversation_finished', 'The conversation is already finished.');
    }
    const latest = store.interactionAt(record.last_interaction);
    if (latest === null) return failure('interaction_not_found', 'The conversation has no interaction.');
    return streams.repeat(record, { interaction: latest, message: null }, { caller, filter, resumes: true });
  }
}
