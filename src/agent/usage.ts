import type { ModelCall } from '../contract/insights.ts';
import { problem } from '../problems.ts';

/** More calls than a sensible turn needs: a graph that asks for more is broken, and costs its owner. */
export const MAX_MODEL_CALLS_PER_TURN = 24;
/** Tokens in and out over all calls of a turn. */
export const MAX_TOKENS_PER_TURN = 250_000;

/** Counts what a turn spends on models, and ends the turn that spends too much. */
export class UsageMeter {
  readonly calls: ModelCall[] = [];
  #begun = 0;
  #tokens = 0;

  /** To be called before each call of a model. Throws when the turn's budget is spent. */
  begin(): void {
    if (this.#begun >= MAX_MODEL_CALLS_PER_TURN || this.#tokens >= MAX_TOKENS_PER_TURN) {
      throw problem('turn_budget_exceeded', 'The agent used up the budget of this turn.');
    }
    this.#begun += 1;
  }

  /** To be called when a call has ended. */
  end(call: ModelCall): void {
    this.calls.push(call);
    this.#tokens += call.input_tokens + call.output_tokens;
  }
}
