/** The rules for the variables of a provider: which must be set, and to what. Other modules create the providers. */
import type { Env } from '../bindings.ts';
import { set, type Fault } from './faults.ts';

const PROVIDERS = 'must be openai-compatible or workers-ai';
const NOT_SET = 'is not set';
const NOT_AN_ADDRESS = 'must be an http or https address';

function addressFault(variable: string, value: string | undefined): Fault | null {
  if (set(value) === undefined) return { variable, reason: NOT_SET };
  return /^https?:$/.test(URL.parse(value ?? '')?.protocol ?? '')
    ? null
    : { variable, reason: NOT_AN_ADDRESS };
}

/**
 * Returns the fault of a provider's name, address or binding; null when all are valid. The same rules hold for models
 * and voice.
 */
function providerFault(
  env: Pick<Env, 'AI'>,
  provider: { variable: string; value: string },
  address: { variable: string; value: string | undefined },
): Fault | null {
  switch (provider.value) {
    case 'openai-compatible':
      return addressFault(address.variable, address.value);
    case 'workers-ai':
      return env.AI === undefined ? { variable: 'AI', reason: 'is not bound' } : null;
    default:
      return { variable: provider.variable, reason: PROVIDERS };
  }
}

function anySet(values: readonly (string | undefined)[]): boolean {
  return values.some((value) => set(value) !== undefined);
}

/** The variables that say where the language model is and which one answers. */
export type LanguageModelVariables = Pick<
  Env,
  'LLM_PROVIDER' | 'LLM_BASE_URL' | 'LLM_API_KEY' | 'LLM_MODEL' | 'AI'
>;

/** Returns the first fault of the variables of the language model; null when all are valid, or none is set. */
export function languageModelFault(env: LanguageModelVariables): Fault | null {
  const provider = set(env.LLM_PROVIDER);
  if (provider === undefined) {
    const half = anySet([env.LLM_BASE_URL, env.LLM_API_KEY, env.LLM_MODEL]);
    return half ? { variable: 'LLM_PROVIDER', reason: NOT_SET } : null;
  }
  const address = { variable: 'LLM_BASE_URL', value: env.LLM_BASE_URL };
  const fault = providerFault(env, { variable: 'LLM_PROVIDER', value: provider }, address);
  if (fault !== null) return fault;
  return set(env.LLM_MODEL) === undefined ? { variable: 'LLM_MODEL', reason: NOT_SET } : null;
}

/** The variables of voice that have no default. */
export type SpeechProviderVariables = Pick<
  Env,
  'SPEECH_PROVIDER' | 'SPEECH_BASE_URL' | 'SPEECH_API_KEY' | 'AI'
>;

/** Returns the first fault of the variables of voice; null when all are valid, or none is set. */
export function speechFault(env: SpeechProviderVariables): Fault | null {
  const provider = set(env.SPEECH_PROVIDER);
  if (provider === undefined) {
    const half = anySet([env.SPEECH_BASE_URL, env.SPEECH_API_KEY]);
    return half ? { variable: 'SPEECH_PROVIDER', reason: NOT_SET } : null;
  }
  const address = { variable: 'SPEECH_BASE_URL', value: env.SPEECH_BASE_URL };
  return providerFault(env, { variable: 'SPEECH_PROVIDER', value: provider }, address);
}
