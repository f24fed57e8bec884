/** The settings of this deployment's language models, from the variables `LLM_…`. */
import type { Env } from '../bindings.ts';
import { PromptCache } from '../contract/prompt-cache.ts';
import { misconfigured, set, valueOf, type Fault } from './faults.ts';
import { languageModelFault, type LanguageModelVariables } from './providers.ts';
import { numberFault, numberIn, wordFault, wordIn } from './values.ts';

/** The variables of language models that hold a number or a word. */
export type ModelTuningVariables = Pick<
  Env,
  'LLM_FIRST_TOKEN_MS' | 'LLM_IDLE_MS' | 'LLM_ANSWER_MS' | 'LLM_CONTEXT_TOKENS' | 'LLM_PROMPT_CACHE'
>;

/** The range of the deadlines, in milliseconds. The upper end is the deadline of a whole turn. */
const DEADLINE_RANGE = { min: 100, max: 120_000 };
/**
 * The range of `LLM_CONTEXT_TOKENS`: from the smallest models that can hold a conversation to the largest context
 * windows.
 */
const CONTEXT_RANGE = { min: 2_000, max: 1_000_000 };

const RANGES = {
  LLM_FIRST_TOKEN_MS: DEADLINE_RANGE,
  LLM_IDLE_MS: DEADLINE_RANGE,
  LLM_ANSWER_MS: DEADLINE_RANGE,
  LLM_CONTEXT_TOKENS: CONTEXT_RANGE,
} as const;

/** Settings that hold for all models of the deployment. Null stands for the default. Deadlines are in milliseconds. */
export interface ModelTuning {
  /** The longest time until the first token of an answer. */
  firstTokenMs: number | null;
  /** The longest time between two tokens of an answer. */
  idleMs: number | null;
  /** The longest time for an answer that is not streamed. */
  answerMs: number | null;
  /** The most tokens that a prompt may have. */
  contextTokens: number | null;
  /** The way to ask the provider to keep the begin of prompts. */
  promptCache: PromptCache | null;
}

/** The address or binding of the models, and the name of the model that answers by default. */
export type ModelSettings = ModelTuning & { defaultModel: string } & (
    | { provider: 'openai-compatible'; baseUrl: string; apiKey: string | undefined }
    | { provider: 'workers-ai'; binding: Ai }
  );

/** The name of the provider where no model is configured: the agent that needs none. */
const NO_PROVIDER = 'embedded';

/** Returns the name of the provider of the deployment's models, for the log; `embedded` where there is none. */
export function modelProvider({ LLM_PROVIDER }: Pick<Env, 'LLM_PROVIDER'>): string {
  return set(LLM_PROVIDER) ?? NO_PROVIDER;
}

/** Tells whether the deployment's agents call models; the embedded agent calls none. */
export function callsModels(env: Pick<Env, 'LLM_PROVIDER'>): boolean {
  return modelProvider(env) !== NO_PROVIDER;
}

/** Returns the faults of the variables `LLM_…`; an empty list when all are valid. */
export function modelFaults(env: LanguageModelVariables & ModelTuningVariables): Fault[] {
  const names = Object.keys(RANGES) as (keyof typeof RANGES)[];
  const numbers = names.map((name) => numberFault(env, name, RANGES[name]));
  const cache = wordFault(env, 'LLM_PROMPT_CACHE', PromptCache.options);
  return [languageModelFault(env), ...numbers, cache].filter((fault) => fault !== null);
}

/**
 * Returns the settings of the deployment's language models; null when `LLM_PROVIDER` is not set, and the embedded agent
 * answers. Throws 503 when a variable is missing or not valid.
 */
export function modelSettings(env: LanguageModelVariables & ModelTuningVariables): ModelSettings | null {
  const provider = set(env.LLM_PROVIDER);
  if (provider === undefined) return null;
  const fault = languageModelFault(env);
  if (fault !== null) throw misconfigured(fault, valueOf(env, fault));
  const tuning = {
    defaultModel: env.LLM_MODEL ?? '',
    firstTokenMs: numberIn(env, 'LLM_FIRST_TOKEN_MS', DEADLINE_RANGE),
    idleMs: numberIn(env, 'LLM_IDLE_MS', DEADLINE_RANGE),
    answerMs: numberIn(env, 'LLM_ANSWER_MS', DEADLINE_RANGE),
    contextTokens: numberIn(env, 'LLM_CONTEXT_TOKENS', CONTEXT_RANGE),
    promptCache: wordIn(env, 'LLM_PROMPT_CACHE', PromptCache.options),
  };
  return provider === 'workers-ai'
    ? { ...tuning, provider, binding: env.AI as Ai }
    : {
        ...tuning,
        provider: 'openai-compatible',
        baseUrl: env.LLM_BASE_URL ?? '',
        apiKey: set(env.LLM_API_KEY),
      };
}
