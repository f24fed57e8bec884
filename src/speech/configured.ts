/** The providers of voice that the deployment configures. README.md describes the variables. */
import { speechSettings, type SpeechSettings, type SpeechVariables } from '../deployment/speech.ts';
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

type Settings<Provider extends SpeechSettings['provider']> = Extract<SpeechSettings, { provider: Provider }>;

function openAiCompatible({ transcription, speech, baseUrl, apiKey }: Settings<'openai-compatible'>): Speech {
  const server = { baseUrl, apiKey };
  return {
    transcriber:
      transcription &&
      openAiCompatibleTranscriber(server, {
        model: transcription.model ?? 'whisper-1',
        understands: among(transcription.languages),
      }),
    synthesizer:
      speech &&
      openAiCompatibleSynthesizer(server, {
        model: speech.model ?? 'tts-1',
        voice: speech.voice,
        speaks: among(speech.languages),
      }),
  };
}

function workersAi({ transcription, speech, binding: ai }: Settings<'workers-ai'>): Speech {
  const binding = ai as unknown as AiBinding;
  const model = speech?.model ?? undefined;
  return {
    transcriber:
      transcription &&
      workersAiTranscriber(binding, {
        model: transcription.model ?? DEFAULT_TRANSCRIPTION_MODEL,
        understands: among(transcription.languages),
      }),
    synthesizer:
      speech &&
      workersAiSynthesizer(binding, {
        model,
        voice: speech.voice,
        speaks: among(speech.languages ?? spokenByDefault(model)),
      }),
  };
}

/**
 * Returns both sides of voice. Calls no provider and keeps no state, so that every Durable Object may call it. Throws
 * 503 when a variable of voice is not valid.
 */
export function speechOf(variables: SpeechVariables): Speech {
  const settings = speechSettings(variables);
  if (settings === null) return { transcriber: null, synthesizer: null };
  return settings.provider === 'workers-ai' ? workersAi(settings) : openAiCompatible(settings);
}
