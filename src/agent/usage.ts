import type { ModelCall } from '../contract/insights.ts';
import { problem } from '../problems.ts';

/** Maximum number of model calls in a turn: more than a sensible graph needs. It bounds the costs of a faulty graph. */
export const MAX_MODEL_CALLS_PER_TURN = 24;
/** Maximum number of input and output tokens over all model calls of a turn. */
export const MAX_TOKENS_PER_TURN = 250_000;

/** Counts the model calls and tokens of a turn, and ends a turn that exceeds a maximum. */
export class UsageMeter {
  readonly calls: ModelCall[] = [];
  #begun = 0;
  #tokens = 0;

  /** The number of model calls that were begun. Those that gave nothing are not in `calls`. */
  get begun(): number {
    return this.#begun;
  }

  /** Counts a model call that is about to begin. Throws `turn_budget_exceeded` when the turn's budget is spent. */
  begin(): void {
    if (this.#begun >= MAX_MODEL_CALLS_PER_TURN || this.#tokens >= MAX_TOKENS_PER_TURN) {
      throw problem('turn_budget_exceeded', 'The agent used up the budget of this turn.');
    }
    this.#begun += 1;
  }

  /** Records a model call that has ended. */
  end(call: ModelCall): void {
    this.calls.push(call);
    this.#tokens += call.input_tokens + call.output_tokens;
  }
}

/** Counts the model calls of an analysis, which has no budget of its own: its input is bounded. */
export class OpenMeter extends UsageMeter {
  override begin(): void {}
}
