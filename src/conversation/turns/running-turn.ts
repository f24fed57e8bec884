import { failure, type Problem, type ProblemCode } from '../../problems.ts';
import type { LiveTurn } from './live-turn.ts';

/** The place of the one turn that may run: what holds it, and since when (milliseconds since 1970). */
interface Held {
  interaction_id: string;
  started_at: number;
  /** The turn; null while a create is on its way to its first turn. */
  live: LiveTurn | null;
}

/** The end of the last turn that came to nothing, as long as the object remembers it. */
export interface LastFailure {
  interaction_id: string;
  code: ProblemCode;
}

/** The turn that runs in a conversation. Until it is over no other turn begins, and nothing else is changed. */
export class RunningTurn {
  #held: Held | null = null;
  #lastFailure: LastFailure | null = null;

  /** True while a turn runs, or a create is on its way to its first turn. */
  get isRunning(): boolean {
    return this.#held !== null;
  }

  /** The turn that runs; null when none does. */
  get live(): LiveTurn | null {
    return this.#held?.live ?? null;
  }

  /** The failure of the last turn; null when it was stored, and after the object was started anew. */
  get lastFailure(): LastFailure | null {
    return this.#lastFailure;
  }

  /** Takes the place for a create, until its first turn begins. */
  reserve(conversationId: string, now: number): void {
    this.#held = { interaction_id: conversationId, started_at: now, live: null };
  }

  /** Takes the place for a turn. */
  begin(live: LiveTurn): void {
    const { interactionId, startedAt } = live.turn;
    this.#held = { interaction_id: interactionId, started_at: startedAt, live };
  }

  /** Frees the place, unless a later turn has it by now. `failure` is the code of a turn that came to nothing. */
  end(interactionId: string, failed: ProblemCode | null = null): void {
    if (this.#held?.interaction_id !== interactionId) return;
    this.#held = null;
    this.#lastFailure = failed === null ? null : { interaction_id: interactionId, code: failed };
  }

  /** Returns the problem of a change that has to wait for the running turn; null when none runs. */
  refusal(): Problem | null {
    if (this.#held === null) return null;
    const { interaction_id, started_at, live } = this.#held;
    const since = new Date(started_at).toISOString();
    const detail = `The interaction ${interaction_id} has been running since ${since}.`;
    const stream = live === null ? {} : { stream: streamPath(live) };
    return failure('operation_in_progress', detail, { interaction_id, since, ...stream }).problem;
  }
}

/** Returns the path under which the events of an interaction are read. */
export function interactionPath(organization: string, conversationId: string, interactionId: string): string {
  return `/v1/${organization}/conversation/${conversationId}/interaction/${interactionId}/stream`;
}

function streamPath({ record: { identity }, turn }: LiveTurn): string {
  return interactionPath(identity.organization, identity.id, turn.interactionId);
}
