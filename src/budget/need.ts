/** The least with which work may begin. Pure. */
import { MIN_OUTPUT_TOKENS } from '../agent/usage.ts';
import { costOf } from '../agent/language-model/models.ts';
import { estimateTokens } from '../agent/language-model/window.ts';
import type { Model } from '../registry/capabilities.ts';
import type { Amounts } from './amounts.ts';

/** Tokens of the instructions and the graph in every prompt, at the least. */
const PROMPT_TOKENS = 400;
/** The most tokens that the texts of a conversation take in a prompt. */
const MAX_TEXT_TOKENS = 8_000;

/** The work that needs an amount. */
export interface Work {
  /** The texts that its prompts show, the newest last. */
  texts: readonly string[];
  /** True when a model is called; the embedded agent needs no tokens. */
  usesModels: boolean;
  models: readonly Model[];
  turns: number;
}

/** Returns the estimated tokens of the newest texts, as far as a prompt shows them. */
function textTokens(texts: readonly string[]): number {
  let tokens = 0;
  for (let index = texts.length - 1; index >= 0 && tokens < MAX_TEXT_TOKENS; index -= 1) {
    tokens += estimateTokens(texts[index] ?? '');
  }
  return Math.min(tokens, MAX_TEXT_TOKENS);
}

/** Returns the least amounts for work: one prompt and the shortest answer, at the highest price of the models. */
export function needOf({ texts, usesModels, models, turns }: Work): Amounts {
  if (!usesModels) return { tokens: 0, micro_usd: 0, turns };
  const input_tokens = PROMPT_TOKENS + textTokens(texts);
  const prices = models.map(
    ({ prices }) => costOf(prices ?? undefined, { input_tokens, output_tokens: MIN_OUTPUT_TOKENS }) ?? 0,
  );
  return { tokens: input_tokens + MIN_OUTPUT_TOKENS, micro_usd: Math.max(0, ...prices), turns };
}
