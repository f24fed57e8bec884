/** Voice as the deployment configures it. README.md describes the variables. */
import type { Env } from '../bindings.ts';
import { set } from '../deployment/faults.ts';
import { speechFault } from '../deployment/providers.ts';
import { logError } from '../log.ts';
import { trimEndOf } from '../text.ts';
import { among } from './languages.ts';
import { openAiCompatibleSynthesizer, openAiCompatibleTranscriber } from './openai-compatible.ts';
import type { Speech } from './ports.ts';
import {
  DEFAULT_TRANSCRIPTION_MODEL,
  spokenByDefault,
  workersAiSynthesizer,
  workersAiTranscriber,
  type AiBinding,
} from './workers-ai.ts';

/** The variables that this reads. */
export type SpeechVariables = Pick<
  Env,
  | 'SPEECH_PROVIDER'
  | 'SPEECH_BASE_URL'
  | 'SPEECH_API_KEY'
  | 'TRANSCRIPTION_MODEL'
  | 'SPEECH_MODEL'
  | 'SPEECH_VOICE'
  | 'TRANSCRIPTION_LANGUAGES'
  | 'SPEECH_LANGUAGES'
  | 'AI'
>;

/** In place of a model: this side of voice is switched off. */
const OFF = 'off';
const NO_SPEECH: Speech = { transcriber: null, synthesizer: null };

/** A deployment without voice, and a line in its log that says which variable is at fault. */
function misconfigured(variable: string): Speech {
  logError('speech_misconfigured', new Error(variable), { variable });
  return NO_SPEECH;
}

function openAiCompatible(variables: SpeechVariables): Speech {
  const address = variables.SPEECH_BASE_URL ?? '';
  const server = { baseUrl: trimEndOf(address, '/'), apiKey: set(variables.SPEECH_API_KEY) };
  const transcription = set(variables.TRANSCRIPTION_MODEL) ?? 'whisper-1';
  const speech = set(variables.SPEECH_MODEL) ?? 'tts-1';
  const understands = among(variables.TRANSCRIPTION_LANGUAGES);
  const speaks = among(variables.SPEECH_LANGUAGES);
  const voice = set(variables.SPEECH_VOICE);
  return {
    transcriber:
      transcription === OFF
        ? null
        : openAiCompatibleTranscriber(server, { model: transcription, understands }),
    synthesizer:
      speech === OFF ? null : openAiCompatibleSynthesizer(server, { model: speech, voice, speaks }),
  };
}

function workersAi(variables: SpeechVariables): Speech {
  const binding = variables.AI as unknown as AiBinding;
  const transcription = set(variables.TRANSCRIPTION_MODEL) ?? DEFAULT_TRANSCRIPTION_MODEL;
  const model = set(variables.SPEECH_MODEL);
  const understands = among(variables.TRANSCRIPTION_LANGUAGES);
  const speaks = among(set(variables.SPEECH_LANGUAGES) ?? spokenByDefault(model));
  const voice = set(variables.SPEECH_VOICE);
  return {
    transcriber:
      transcription === OFF ? null : workersAiTranscriber(binding, { model: transcription, understands }),
    synthesizer: model === OFF ? null : workersAiSynthesizer(binding, { model, voice, speaks }),
  };
}

/**
 * Both sides of voice. Asks nobody and keeps nothing, so that every object may call it. A deployment whose variables
 * contradict each other works without voice, and logs why.
 */
export function speechOf(variables: SpeechVariables): Speech {
  const provider = set(variables.SPEECH_PROVIDER);
  if (provider === undefined) return NO_SPEECH;
  const fault = speechFault(variables);
  if (fault !== null) return misconfigured(fault.variable);
  return provider === 'workers-ai' ? workersAi(variables) : openAiCompatible(variables);
}
