/** The settings of voice, from the variables `SPEECH_…` and `TRANSCRIPTION_…`. */
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

/** The value of a model's variable that switches this side of voice off. */
const OFF = 'off';

/**
 * The settings of one side of voice. `model` is null for the default model; `languages` is null for all languages of
 * the model, otherwise their codes with commas between them.
 */
export interface SideSettings {
  model: string | null;
  languages: string | null;
}

/** The settings of voice. A side that is switched off is null. */
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

/** Returns the faults of the variables of voice; an empty list when all are valid. */
export function speechFaults(env: SpeechVariables): Fault[] {
  const fault = speechFault(env);
  return fault === null ? [] : [fault];
}

/**
 * Returns the settings of voice; null when `SPEECH_PROVIDER` is not set, and the deployment has no voice. Throws 503
 * when a variable is missing or not valid.
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

/** Returns true if voice is configured and its variables are valid. */
export function hasVoice(env: SpeechVariables): boolean {
  return set(env.SPEECH_PROVIDER) !== undefined && speechFaults(env).length === 0;
}
