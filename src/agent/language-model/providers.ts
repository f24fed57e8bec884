/** Models from plain configuration: of any OpenAI-compatible server, or of Workers AI. */
import type { PromptCache } from '../../contract/prompt-cache.ts';
import type { ModelEntry } from '../../registry/capabilities.ts';
import { OpenAiCompatibleModel } from './chat/openai-compatible.ts';
import type { ChatModel, ModelParams } from './chat/port.ts';
import { WorkersAiModel, type AiBinding } from './chat/workers-ai.ts';
import { dialectOf, type Dialect } from './chat/dialects.ts';
import type { Deadlines, ModelChoice, ModelSource } from './models.ts';

/** Settings of all models of a deployment; null and undefined are the usual values. Deadlines are in milliseconds. */
interface Tuning {
  firstTokenMs?: number | null;
  idleMs?: number | null;
  answerMs?: number | null;
  contextTokens?: number | null;
  promptCache?: PromptCache | null;
}

/** A server with OpenAI's `/chat/completions`. */
export interface OpenAiCompatibleConfig extends Tuning {
  provider: 'openai-compatible';
  /** The address in front of `/chat/completions`: usually ends in `/v1`. */
  baseUrl: string;
  apiKey?: string | undefined;
  /** A name of the registry, or else the name by which the provider knows the model. */
  defaultModel: string;
}

/** Workers AI, by its binding. */
export interface WorkersAiConfig extends Tuning {
  provider: 'workers-ai';
  binding: AiBinding;
  defaultModel: string;
}

export type ProviderConfig = OpenAiCompatibleConfig | WorkersAiConfig;

/** Workers AI itself ends a message after 256 tokens, in the middle of a sentence. */
const WORKERS_AI_PARAMS: ModelParams = { max_output_tokens: 2_048 };

function chatModel(
  config: ProviderConfig,
  { model: id, prompt_cache }: ModelEntry,
  dialect: Dialect,
  structured: boolean,
): ChatModel {
  if (config.provider === 'workers-ai') return new WorkersAiModel(config.binding, id);
  const { baseUrl, apiKey } = config;
  const jsonMode = structured ? 'named-schema' : 'object';
  const promptCache = prompt_cache ?? config.promptCache ?? undefined;
  return new OpenAiCompatibleModel({ baseUrl, apiKey, jsonMode, dialect, promptCache }, id);
}

/** Returns a model of the registry and the chain of its fallbacks, each once. */
function withFallbacks(models: ReadonlyMap<string, ModelEntry>, first: ModelEntry): ModelEntry[] {
  const chain: ModelEntry[] = [];
  let next: ModelEntry | undefined = first;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = next.fallback == null ? undefined : models.get(next.fallback);
  }
  return chain;
}

function deadlinesFor(config: Tuning, { deadlines }: ModelEntry): Partial<Deadlines> {
  const firstTokenMs = deadlines?.first_token_ms ?? config.firstTokenMs;
  const idleMs = deadlines?.idle_ms ?? config.idleMs;
  const answerMs = deadlines?.answer_ms ?? config.answerMs;
  return {
    ...(firstTokenMs != null && { firstTokenMs }),
    ...(idleMs != null && { idleMs }),
    ...(answerMs != null && { answerMs }),
  };
}

/** Returns a maker of choices. It makes each model once, because habits are kept by model object. */
function choiceMaker(config: ProviderConfig): (entry: ModelEntry, params: ModelParams) => ModelChoice {
  const made = new Map<string, ChatModel>();
  const defaults = config.provider === 'workers-ai' ? WORKERS_AI_PARAMS : {};
  const dialect = dialectOf(config.provider === 'workers-ai' ? null : config.baseUrl);
  return (entry, params) => {
    const { name, model: id, params: own, context_tokens, prices } = entry;
    const structured = entry.structured_output ?? dialect.schemas;
    const key = `${structured} ${entry.prompt_cache ?? ''} ${id}`;
    const model = made.get(key) ?? chatModel(config, entry, dialect, structured);
    made.set(key, model);
    const contextTokens = context_tokens ?? config.contextTokens ?? null;
    return {
      name,
      model,
      params: { ...defaults, ...own, ...params },
      deadlines: deadlinesFor(config, entry),
      ...(contextTokens !== null && { contextTokens }),
      tools: entry.tools ?? true,
      structured,
      ...(prices != null && { prices }),
    };
  };
}

/**
 * Returns the models of a deployment. A preference that the registry does not know is not passed on to the provider: the
 * default model answers in its place. A preference's parameters are for the model it names, not for its fallbacks.
 */
export function modelSource(config: ProviderConfig, registryModels: readonly ModelEntry[]): ModelSource {
  const byName = new Map(registryModels.map((model) => [model.name, model]));
  const make = choiceMaker(config);
  const choices = (first: ModelEntry, params: ModelParams): ModelChoice[] =>
    withFallbacks(byName, first).map((entry, index) => make(entry, index === 0 ? params : {}));
  const unregistered = { name: config.defaultModel, model: config.defaultModel };
  const standard = choices(byName.get(config.defaultModel) ?? unregistered, {});
  return (interaction, preferences) => {
    const preference = preferences[interaction];
    const preferred = preference && byName.get(preference.llm_name);
    return preferred === undefined ? standard : choices(preferred, preference?.params ?? {});
  };
}
