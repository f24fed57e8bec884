import { utf8Length } from '../../text.ts';
import { SAFETY_NET_MS, type Alarm } from '../alarm.ts';
import type { ConversationRecord } from '../records.ts';
import type { ConversationStore } from '../store.ts';
import type { AcceptedTurn } from './accepted-turn.ts';
import type { LiveTurn } from './live-turn.ts';

/** The most bytes of an accepted turn. A larger one runs like every other, and comes to nothing with its process. */
const MAX_ACCEPTED_BYTES = 1_000_000;
/** The most times that a turn is run: one that ends its process each time is given up. */
export const MAX_RUNS = 3;

/** Notes turns that are to be run again: those of requests with a key, and all of a service that says so. */
export class AcceptedTurns {
  readonly #store: ConversationStore;
  readonly #alarm: Alarm;

  constructor(store: ConversationStore, alarm: Alarm) {
    this.#store = store;
    this.#alarm = alarm;
  }

  /** Notes a turn that begins, or that has taken a further message: one row, with the alarm that looks after it. */
  accept({ turn, record, audience: { caller } }: LiveTurn): void {
    const hasKey = turn.taken.some(({ submission: { key } }) => key !== null);
    if (turn.isFirst || !(hasKey || record.identity.recover === true)) return;
    const { request_id, organization, user_id } = caller;
    const accepted: AcceptedTurn = {
      interaction_id: turn.interactionId,
      started_at: turn.startedAt,
      submissions: turn.taken.map(({ submission }) => submission),
      response_format: turn.start.response_format,
      caller: { request_id, organization, user_id },
      stamps: turn.sentStamps,
      runs: turn.runs,
    };
    const json = JSON.stringify(accepted);
    if (utf8Length(json) > MAX_ACCEPTED_BYTES) return;
    this.#store.accept(turn.number, json);
    this.#alarm.arm(SAFETY_NET_MS);
  }

  /** Forgets a turn that came to nothing by itself. */
  forget({ turn }: LiveTurn): void {
    if (this.#store.accepted(turn.number) !== null) this.#store.forgetAccepted();
  }

  /** Returns the turn that was accepted and not stored; null when there is none. */
  pending({ last_interaction }: ConversationRecord): AcceptedTurn | null {
    const json = this.#store.accepted(last_interaction + 1);
    return json === null ? null : (JSON.parse(json) as AcceptedTurn);
  }
}
