import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelChoice, ModelParams } from './models.ts';

type Settings = Pick<
  LanguageModelV4CallOptions,
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'seed'
  | 'reasoning'
  | 'providerOptions'
>;

const NUMBERS: Readonly<Record<string, Exclude<keyof Settings, 'reasoning' | 'providerOptions'>>> = {
  max_output_tokens: 'maxOutputTokens',
  max_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  seed: 'seed',
};

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
const EFFORT_NAMES = new Set(['effort', 'reasoning', 'reasoning_effort']);

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function effortOf(value: ModelParams[string] | undefined): (typeof EFFORTS)[number] | undefined {
  return EFFORTS.find((effort) => effort === value);
}

/** Flat parameters as options of a call. What no provider shares goes to the model's own provider as it is. */
export function callSettings({ model, params }: Pick<ModelChoice, 'model' | 'params'>): Settings {
  const settings: Settings = {};
  const own: Record<string, ModelParams[string]> = {};
  for (const [key, value] of Object.entries(params)) {
    const name = snakeCase(key);
    const shared = NUMBERS[name];
    const effort = EFFORT_NAMES.has(name) ? effortOf(value) : undefined;
    if (shared !== undefined && typeof value === 'number') settings[shared] = value;
    else if (effort !== undefined) settings.reasoning = effort;
    else own[key] = value;
  }
  // A provider is called "name.kind", and its options by the name alone.
  const [provider = ''] = model.provider.split('.');
  if (Object.keys(own).length > 0) settings.providerOptions = { [provider]: own };
  return settings;
}
