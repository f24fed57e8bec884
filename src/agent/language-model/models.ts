/** Models that the language-model reasoner calls: by preference, behind one port. */
import type { Interaction } from '../../registry/interactions.ts';
import type { LanguageModelConfig } from '../../registry/organization.ts';
import type { ChatModel, ModelParams } from './chat/port.ts';

export { INTERACTIONS, type Interaction } from '../../registry/interactions.ts';

/** The longest waits for a model, in milliseconds. */
export interface Deadlines {
  /** Until its first token, of reasoning or of the answer. */
  firstTokenMs: number;
  /** Between two tokens of an answer. */
  idleMs: number;
  /** For an answer that is not streamed. */
  answerMs: number;
}

/** The prices of a model, in US dollars for a million tokens. */
export interface Prices {
  input_usd: number;
  output_usd: number;
  cached_input_usd?: number | null | undefined;
  cache_write_usd?: number | null | undefined;
}

/** A model that can be called now. Usage is kept under its `name`. */
export interface ModelChoice {
  name: string;
  model: ChatModel;
  params: ModelParams;
  /** The configured deadlines. One that is left out has the general or usual value. */
  deadlines?: Partial<Deadlines>;
  /** The most tokens of a prompt; left out where nothing is configured. */
  contextTokens?: number;
  /** False when it cannot call tools. A model without this member can. */
  tools?: boolean;
  /** True when it keeps to the JSON Schema of a request. A model without this member does not. */
  structured?: boolean;
  prices?: Prices;
}

/** The models for an interaction, the one to try first in front: the others take over when it does not begin. */
export type ModelSource = (
  interaction: Interaction,
  preferences: Readonly<Record<string, LanguageModelConfig>>,
) => readonly ModelChoice[];

/** With another model behind it, a model that is slow is left early. */
const WITH_ANOTHER: Deadlines = { firstTokenMs: 8_000, idleMs: 15_000, answerMs: 20_000 };
/**
 * Without one it is waited for: a local server loads a model for as long as half a minute, and a reasoning model thinks
 * as long. A turn as a whole ends after two minutes.
 */
const ALONE: Deadlines = { firstTokenMs: 60_000, idleMs: 30_000, answerMs: 60_000 };

/**
 * Returns the deadlines of a call: the model's own, then those of `general`, then the usual. `another` says whether
 * another model can take over.
 */
export function deadlinesOf(choice: ModelChoice, general: Partial<Deadlines>, another: boolean): Deadlines {
  const usual = another ? WITH_ANOTHER : ALONE;
  const { deadlines: own } = choice;
  const of = (name: keyof Deadlines) => own?.[name] ?? general[name] ?? usual[name];
  return { firstTokenMs: of('firstTokenMs'), idleMs: of('idleMs'), answerMs: of('answerMs') };
}

/** Returns a price in millionths of a US dollar for a million tokens: a whole number, so that sums are exact. */
function wholePrice(usd: number): bigint {
  return BigInt(Math.round(usd * 1_000_000));
}

/** Tokens that have a price. Those of the cache are a part of the input. */
export interface PricedTokens {
  input_tokens: number;
  output_tokens: number;
  cached_input_tokens?: number;
  cache_write_input_tokens?: number;
}

/**
 * Returns the price of a call in millionths of a US dollar, a whole number, rounded up; null where the model has no prices.
 */
export function costOf(prices: Prices | undefined, tokens: PricedTokens): number | null {
  if (prices === undefined) return null;
  const cached = Math.min(tokens.cached_input_tokens ?? 0, tokens.input_tokens);
  const written = Math.min(tokens.cache_write_input_tokens ?? 0, tokens.input_tokens - cached);
  const cost =
    BigInt(tokens.input_tokens - cached - written) * wholePrice(prices.input_usd) +
    BigInt(cached) * wholePrice(prices.cached_input_usd ?? prices.input_usd) +
    BigInt(written) * wholePrice(prices.cache_write_usd ?? prices.input_usd) +
    BigInt(tokens.output_tokens) * wholePrice(prices.output_usd);
  return Number((cost + 999_999n) / 1_000_000n);
}

/** Returns the most that tokens can cost, whatever of them the provider writes to its cache: 0 without prices. */
export function highestCost(
  prices: Prices | undefined,
  tokens: Pick<PricedTokens, 'input_tokens' | 'output_tokens'>,
): number {
  const isDearer = (prices?.cache_write_usd ?? 0) > (prices?.input_usd ?? 0);
  const written = isDearer ? { cache_write_input_tokens: tokens.input_tokens } : {};
  return costOf(prices, { ...tokens, ...written }) ?? 0;
}

/** Returns the smallest `contextTokens` of models; null when none of them has it. */
export function smallestWindow(models: readonly Pick<ModelChoice, 'contextTokens'>[]): number | null {
  const windows = models.flatMap(({ contextTokens }) => contextTokens ?? []);
  return windows.length === 0 ? null : Math.min(...windows);
}
