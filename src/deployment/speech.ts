/** Voice as this deployment configures it, by its `SPEECH_…` and `TRANSCRIPTION_…` variables. */
import type { Env } from '../bindings.ts';
import { trimEndOf } from '../text.ts';
import { misconfigured, set, valueOf, type Fault } from './faults.ts';
import { speechFault, type SpeechProviderVariables } from './providers.ts';

/** Every variable of voice. */
export type SpeechVariables = SpeechProviderVariables &
  Pick<
    Env,
    'TRANSCRIPTION_MODEL' | 'SPEECH_MODEL' | 'SPEECH_VOICE' | 'TRANSCRIPTION_LANGUAGES' | 'SPEECH_LANGUAGES'
  >;

/** In place of a model: this side of voice is switched off. */
const OFF = 'off';

/** One side of voice. `model` is null for the usual one, `languages` for all that the model has (codes with commas). */
export interface SideSettings {
  model: string | null;
  languages: string | null;
}

/** Who hears and speaks. A side that is null is switched off. */
export type SpeechSettings = {
  transcription: SideSettings | null;
  speech: (SideSettings & { voice: string | undefined }) | null;
} & (
  | { provider: 'openai-compatible'; baseUrl: string; apiKey: string | undefined }
  | { provider: 'workers-ai'; binding: Ai }
);

function sideOf(model: string | undefined, languages: string | undefined): SideSettings | null {
  const named = set(model) ?? null;
  return named === OFF ? null : { model: named, languages: set(languages) ?? null };
}

/** Returns what is missing or not valid among the variables of voice. */
export function speechFaults(env: SpeechVariables): Fault[] {
  const fault = speechFault(env);
  return fault === null ? [] : [fault];
}

/**
 * Returns the settings of voice; null for a deployment without voice. Throws 503 when a variable is missing or not
 * valid.
 */
export function speechSettings(env: SpeechVariables): SpeechSettings | null {
  const provider = set(env.SPEECH_PROVIDER);
  if (provider === undefined) return null;
  const [fault] = speechFaults(env);
  if (fault !== undefined) throw misconfigured(fault, valueOf(env, fault));
  const speech = sideOf(env.SPEECH_MODEL, env.SPEECH_LANGUAGES);
  const sides = {
    transcription: sideOf(env.TRANSCRIPTION_MODEL, env.TRANSCRIPTION_LANGUAGES),
    speech: speech && { ...speech, voice: set(env.SPEECH_VOICE) },
  };
  return provider === 'workers-ai'
    ? { ...sides, provider, binding: env.AI as Ai }
    : {
        ...sides,
        provider: 'openai-compatible',
        baseUrl: trimEndOf(env.SPEECH_BASE_URL ?? '', '/'),
        apiKey: set(env.SPEECH_API_KEY),
      };
}

/** Returns whether voice is configured, and validly. */
export function hasVoice(env: SpeechVariables): boolean {
  return set(env.SPEECH_PROVIDER) !== undefined && speechFaults(env).length === 0;
}
