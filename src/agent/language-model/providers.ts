/** Models from plain configuration: of any OpenAI-compatible server, or of Workers AI. */
import type { Model } from '../../registry/capabilities.ts';
import { OpenAiCompatibleModel } from './chat/openai-compatible.ts';
import type { ChatModel } from './chat/port.ts';
import { WorkersAiModel, type AiBinding } from './chat/workers-ai.ts';

import type { ModelChoice, ModelParams, ModelSource } from './models.ts';

export interface OpenAiCompatibleConfig {
  provider: 'openai-compatible';
  /** The address in front of `/chat/completions`: usually ends in `/v1`. */
  baseUrl: string;
  apiKey?: string | undefined;
  /** A name of the registry, or else what the provider calls the model. */
  defaultModel: string;
  /** Whether the server takes a JSON Schema with a request for JSON; many take only the wish for JSON. */
  jsonSchemas?: boolean;
}

export interface WorkersAiConfig {
  provider: 'workers-ai';
  binding: AiBinding;
  defaultModel: string;
}

export type ProviderConfig = OpenAiCompatibleConfig | WorkersAiConfig;

/** Workers AI itself ends a message after 256 tokens, in the middle of a sentence. */
const WORKERS_AI_PARAMS: ModelParams = { max_output_tokens: 2_048 };

function chatModel(config: ProviderConfig, id: string): ChatModel {
  if (config.provider === 'workers-ai') return new WorkersAiModel(config.binding, id);
  const { baseUrl, apiKey, jsonSchemas = false } = config;
  return new OpenAiCompatibleModel(
    { baseUrl, apiKey, jsonMode: jsonSchemas ? 'named-schema' : 'object' },
    id,
  );
}

/** A model of the registry and those that take over from it, each once. */
function withFallbacks(models: ReadonlyMap<string, Model>, first: Model): Model[] {
  const chain: Model[] = [];
  let next: Model | undefined = first;
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = next.fallback === null ? undefined : models.get(next.fallback);
  }
  return chain;
}

/**
 * The models of a deployment. A preference that the registry does not know is not passed on to the provider: the
 * default model answers in its place. A preference's parameters are for the model it names, not for its fallbacks.
 */
export function modelSource(config: ProviderConfig, registryModels: readonly Model[]): ModelSource {
  const byName = new Map(registryModels.map((model) => [model.name, model]));
  const made = new Map<string, ChatModel>();
  const defaults = config.provider === 'workers-ai' ? WORKERS_AI_PARAMS : {};
  const modelOf = (id: string): ChatModel => {
    const known = made.get(id);
    if (known !== undefined) return known;
    const model = chatModel(config, id);
    made.set(id, model);
    return model;
  };
  const choices = (first: Model, params: ModelParams): ModelChoice[] =>
    withFallbacks(byName, first).map(({ name, model, params: own }, index) => ({
      name,
      model: modelOf(model),
      params: { ...defaults, ...own, ...(index === 0 ? params : {}) },
    }));
  const unregistered = { name: config.defaultModel, model: config.defaultModel, fallback: null, params: {} };
  const standard = choices(byName.get(config.defaultModel) ?? unregistered, {});
  return (interaction, preferences) => {
    const preference = preferences[interaction];
    const preferred = preference && byName.get(preference.llm_name);
    return preferred === undefined ? standard : choices(preferred, preference?.params ?? {});
  };
}
