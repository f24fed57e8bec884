/** Calls of models while they run, as a meter counts them. */

/** Amounts that may be spent: tokens, and millionths of a US dollar. Null is no limit. */
export interface Allowance {
  tokens: number | null;
  micro_usd: number | null;
}

/** Tokens of a call, for its price. */
export interface CallTokens {
  input_tokens: number;
  output_tokens: number;
}

/** A call that is about to begin. */
export interface ExpectedCall {
  /** The estimated tokens of its prompt. */
  input_tokens: number;
  /** The most output that it would ask for without an allowance, in tokens. */
  output_tokens: number;
  /** True when its output is counted as it comes; false when it is set apart until the end. */
  isStreamed: boolean;
  /** True when the turn goes on without it. */
  isOptional: boolean;
  /** Returns the cost of tokens in millionths of a US dollar: 0 without prices. */
  cost: (tokens: CallTokens) => number;
}

/** A call of which nothing is expected, for a meter without an allowance. */
export const UNKNOWN_CALL: ExpectedCall = {
  input_tokens: 0,
  output_tokens: 0,
  isStreamed: true,
  isOptional: false,
  cost: () => 0,
};

/** A call that runs. */
export interface RunningCall {
  /** The most output tokens that it may ask for; null where the meter has no allowance. */
  readonly maxOutputTokens: number | null;
  /** True when the allowance leaves it less output than it would ask for. */
  readonly isCapped: boolean;
  /** Counts output as it comes. Returns false once the allowance is used up: the call should end. */
  produced(tokens: number): boolean;
  /** Tells that the answer was cut short because the allowance was used up. */
  exhausted(): void;
  /** Frees what is set apart for the call. Safe to repeat. */
  release(): void;
}

/** The parts of the meter that a running call uses. */
interface CallHooks {
  isOver: () => boolean;
  exhausted: () => void;
  release: (call: MeteredCall) => void;
}

/** A call that a meter counts. `affordable` are the output tokens that the allowance has for it; null for no limit. */
export class MeteredCall implements RunningCall {
  readonly maxOutputTokens: number | null;
  readonly isCapped: boolean;
  readonly #expected: ExpectedCall;
  readonly #hooks: CallHooks;
  readonly #reserved: number;
  #output = 0;

  constructor(expected: ExpectedCall, affordable: number | null, hooks: CallHooks) {
    this.#expected = expected;
    this.#hooks = hooks;
    this.maxOutputTokens = affordable === null ? null : Math.min(affordable, expected.output_tokens);
    this.isCapped = affordable !== null && affordable < expected.output_tokens;
    this.#reserved = expected.isStreamed ? 0 : (this.maxOutputTokens ?? 0);
  }

  /** The tokens that are spent or set apart. */
  get tokens(): number {
    return this.#expected.input_tokens + this.#outputTokens;
  }

  /** Their cost in millionths of a US dollar. */
  get cost(): number {
    const { input_tokens, cost } = this.#expected;
    return cost({ input_tokens, output_tokens: this.#outputTokens });
  }

  get #outputTokens(): number {
    return Math.max(Math.ceil(this.#output), this.#reserved);
  }

  produced(tokens: number): boolean {
    this.#output += tokens;
    return !this.#hooks.isOver();
  }

  exhausted(): void {
    this.#hooks.exhausted();
  }

  release(): void {
    this.#hooks.release(this);
  }
}
