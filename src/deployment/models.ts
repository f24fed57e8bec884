/** The language models of this deployment, by its `LLM_…` variables. */
import type { Env } from '../bindings.ts';
import { misconfigured, set, valueOf, type Fault } from './faults.ts';
import { languageModelFault, type LanguageModelVariables } from './providers.ts';
import { numberFault, numberIn } from './values.ts';

/** Variables of language models that have a number. */
export type ModelTuningVariables = Pick<
  Env,
  'LLM_FIRST_TOKEN_MS' | 'LLM_IDLE_MS' | 'LLM_ANSWER_MS' | 'LLM_CONTEXT_TOKENS'
>;

/** Deadlines: a turn itself ends after two minutes. In milliseconds. */
const DEADLINE_RANGE = { min: 100, max: 120_000 };
/** The tokens of a prompt: the smallest models that hold a conversation, and the largest windows there are. */
const CONTEXT_RANGE = { min: 2_000, max: 1_000_000 };

const RANGES = {
  LLM_FIRST_TOKEN_MS: DEADLINE_RANGE,
  LLM_IDLE_MS: DEADLINE_RANGE,
  LLM_ANSWER_MS: DEADLINE_RANGE,
  LLM_CONTEXT_TOKENS: CONTEXT_RANGE,
} as const;

/** What the deployment says of all its models; null is the usual. Deadlines are in milliseconds. */
export interface ModelTuning {
  /** Until a model says anything. */
  firstTokenMs: number | null;
  /** Between two tokens of an answer. */
  idleMs: number | null;
  /** For an answer that is not streamed. */
  answerMs: number | null;
  /** The tokens that a prompt may have. */
  contextTokens: number | null;
}

/** Where models are and which one answers. */
export type ModelSettings = ModelTuning & { defaultModel: string } & (
    | { provider: 'openai-compatible'; baseUrl: string; apiKey: string | undefined }
    | { provider: 'workers-ai'; binding: Ai }
  );

/** Returns what is missing or not valid among the `LLM_…` variables. */
export function modelFaults(env: LanguageModelVariables & ModelTuningVariables): Fault[] {
  const names = Object.keys(RANGES) as (keyof typeof RANGES)[];
  const numbers = names.map((name) => numberFault(env, name, RANGES[name]));
  return [languageModelFault(env), ...numbers].filter((fault) => fault !== null);
}

/**
 * Returns the settings of the deployment's language models; null when it has none and the embedded agent speaks. Throws
 * 503 when a variable is missing or not valid.
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
