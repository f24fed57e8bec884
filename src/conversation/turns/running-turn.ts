import { failure, type Problem } from '../../problems.ts';

/** The turn that runs in a conversation. Until it is over no other turn begins, and nothing else is changed. */
export class RunningTurn {
  #current: { interaction_id: string; started_at: number } | null = null;

  /** True while a turn runs. */
  get isRunning(): boolean {
    return this.#current !== null;
  }

  /** Takes the place for a turn that began at `startedAt` (milliseconds since 1970). */
  begin(interactionId: string, startedAt: number): void {
    this.#current = { interaction_id: interactionId, started_at: startedAt };
  }

  /** Frees the place, unless a later turn has it by now. */
  end(interactionId: string): void {
    if (this.#current?.interaction_id === interactionId) this.#current = null;
  }

  /** Returns the problem of a change that has to wait for the running turn; null when none runs. */
  refusal(): Problem | null {
    if (this.#current === null) return null;
    const { interaction_id, started_at } = this.#current;
    const since = new Date(started_at).toISOString();
    return failure(
      'operation_in_progress',
      `The interaction ${interaction_id} has been running since ${since}.`,
      { interaction_id, since },
    ).problem;
  }
}
