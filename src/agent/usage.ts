import type { ModelCall } from '../contract/insights.ts';
import { problem } from '../problems.ts';
import {
  MeteredCall,
  UNKNOWN_CALL,
  type Allowance,
  type ExpectedCall,
  type RunningCall,
} from './metered-call.ts';

/** Maximum number of model calls in a turn: more than a sensible graph needs. It bounds the costs of a faulty graph. */
export const MAX_MODEL_CALLS_PER_TURN = 24;
/** Maximum number of input and output tokens over all model calls of a turn. */
export const MAX_TOKENS_PER_TURN = 250_000;
/** The least output that a call within an allowance must be able to afford, in tokens: less is no answer. */
export const MIN_OUTPUT_TOKENS = 32;

/** Amounts of the calls that run and of one that is about to begin. */
export interface Wanted {
  tokens: number;
  micro_usd: number;
}

/** The answer to a wish for a further allowance: amounts from now on, or the error of the call. */
export type Further = { allowance: Allowance } | { refusal: Error };

/** Options of a meter. */
export interface MeterOptions {
  /** True without the maxima of a turn: for an analysis, whose input is bounded. */
  isOpen?: boolean;
  /** The amounts that its calls may spend together; absent for no limit. */
  allowance?: Allowance;
  /** Asks for a further allowance, which counts from then on: at the least `need`, at best `want`. */
  further?: (need: Wanted, want: Wanted) => Promise<Further>;
  /**
   * Is called when the allowance is used up: with `true` before a call is refused, with `false` when an answer was cut
   * short at its end.
   */
  onExhausted?: (refuses: boolean) => void;
  /** Is called before each call but the first: what the calls before it have used can be kept. */
  onFurther?: () => void;
  /** Is called with every call that has ended, also after the turn. */
  onCall?: (call: ModelCall) => void;
}

/** Returns the cost of a call in millionths of a US dollar: 0 where its model has no prices. */
export function microUsdOf({ cost_usd = 0 }: Pick<ModelCall, 'cost_usd'>): number {
  return Math.round(cost_usd * 1_000_000);
}

/**
 * Counts the model calls and tokens of a turn, and ends a turn that exceeds a maximum. With an allowance, no call begins
 * that it cannot afford, and each is told how much it may write.
 */
export class UsageMeter {
  readonly calls: ModelCall[] = [];
  readonly #options: MeterOptions;
  readonly #running = new Set<MeteredCall>();
  /** The amounts that all calls may spend together, from the first on; null for no limit. */
  #allowance: Allowance | null;
  #refusal: Error | null = null;
  #begun = 0;
  #tokens = 0;
  #microUsd = 0;
  /** Resolves when no wish for a further allowance is under way. */
  #securing: Promise<void> = Promise.resolve();

  constructor(options: MeterOptions = {}) {
    this.#options = options;
    this.#allowance = options.allowance ?? null;
  }

  /** True when calls have an allowance, so that their prompts are estimated before they begin. */
  get isBounded(): boolean {
    return (
      this.#allowance !== null && (this.#allowance.tokens !== null || this.#allowance.micro_usd !== null)
    );
  }

  /** Asks for a further allowance where what is left does not suffice for a call as it is expected. */
  async secure(expected: ExpectedCall): Promise<void> {
    const { further } = this.#options;
    if (further === undefined) return;
    // One wish at a time: two calls of a turn may begin together.
    const before = this.#securing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#securing = promise;
    try {
      await before;
      const affordable = this.#affordable(expected);
      if (affordable === null || affordable >= expected.output_tokens) return;
      const [tokens, microUsd] = [this.#tokens, this.#microUsd];
      const need = this.#wanted(expected, MIN_OUTPUT_TOKENS);
      const answer = await further(need, this.#wanted(expected, expected.output_tokens));
      if ('refusal' in answer) {
        this.#refusal = answer.refusal;
        this.#allowance = { tokens: 0, micro_usd: 0 };
        return;
      }
      const sum = (more: number | null, spent: number) => (more === null ? null : more + spent);
      this.#allowance = {
        tokens: sum(answer.allowance.tokens, tokens),
        micro_usd: sum(answer.allowance.micro_usd, microUsd),
      };
    } finally {
      resolve();
    }
  }

  /** The number of model calls that were begun. Those that gave nothing are not in `calls`. */
  get begun(): number {
    return this.#begun;
  }

  /**
   * Counts a model call that is about to begin. Throws `turn_budget_exceeded` when the turn's maximum is reached, and
   * the refusal of a further allowance, else `budget_exhausted`, when the allowance does not suffice.
   */
  begin(expected: ExpectedCall = UNKNOWN_CALL): RunningCall {
    const isOver = this.#begun >= MAX_MODEL_CALLS_PER_TURN || this.#tokens >= MAX_TOKENS_PER_TURN;
    if (isOver && this.#options.isOpen !== true) {
      throw problem('turn_budget_exceeded', 'The agent used up the budget of this turn.');
    }
    const affordable = this.#affordable(expected);
    if (affordable !== null && affordable < MIN_OUTPUT_TOKENS) {
      if (!expected.isOptional) this.#options.onExhausted?.(true);
      throw this.#refusal ?? problem('budget_exhausted', 'The budget is spent.');
    }
    if (this.#begun > 0) this.#options.onFurther?.();
    this.#begun += 1;
    const call = new MeteredCall(expected, affordable, {
      isOver: () => this.#isOver(),
      exhausted: () => this.#options.onExhausted?.(false),
      release: (ended) => this.#running.delete(ended),
    });
    this.#running.add(call);
    return call;
  }

  /** Records a model call that has ended. */
  end(call: ModelCall): void {
    this.calls.push(call);
    this.#tokens += call.input_tokens + call.output_tokens;
    this.#microUsd += microUsdOf(call);
    this.#options.onCall?.(call);
  }

  /** Returns the amounts of the calls that run, and of one that begins with so much output. */
  #wanted({ input_tokens, cost }: ExpectedCall, output_tokens: number): Wanted {
    const running = this.#runningAmounts();
    return {
      tokens: running.tokens + input_tokens + output_tokens,
      micro_usd: running.micro_usd + cost({ input_tokens, output_tokens }),
    };
  }

  #runningAmounts(): Wanted {
    let [tokens, micro_usd] = [0, 0];
    for (const call of this.#running) {
      tokens += call.tokens;
      micro_usd += call.cost;
    }
    return { tokens, micro_usd };
  }

  /** Returns what is left of the allowance beside the calls that run. */
  #left(): Allowance {
    const { tokens, micro_usd } = this.#allowance ?? { tokens: null, micro_usd: null };
    const running = this.#runningAmounts();
    return {
      tokens: tokens === null ? null : tokens - this.#tokens - running.tokens,
      micro_usd: micro_usd === null ? null : micro_usd - this.#microUsd - running.micro_usd,
    };
  }

  /** Returns the output tokens that a call can afford; null where nothing limits them. */
  #affordable({ input_tokens, cost }: ExpectedCall): number | null {
    if (!this.isBounded) return null;
    const { tokens, micro_usd } = this.#left();
    const byTokens = tokens === null ? Infinity : tokens - input_tokens;
    const prompt = cost({ input_tokens, output_tokens: 0 });
    const million = cost({ input_tokens: 0, output_tokens: 1_000_000 });
    const isFree = micro_usd === null || (million === 0 && prompt <= Math.max(micro_usd, 0));
    const byMoney = isFree
      ? Infinity
      : Math.floor((((micro_usd ?? 0) - prompt) * 1_000_000) / Math.max(million, 1));
    const affordable = Math.min(byTokens, byMoney);
    return affordable === Infinity ? null : affordable;
  }

  #isOver(): boolean {
    const { tokens, micro_usd } = this.#left();
    return (tokens !== null && tokens < 0) || (micro_usd !== null && micro_usd < 0);
  }
}
