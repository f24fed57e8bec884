/** Transcription and speech of any server that speaks OpenAI's protocol. */
// Of the package's two entries this one leaves out what is not imported; both are exported for use.
import { OpenAISpeechModel, OpenAITranscriptionModel } from '@ai-sdk/openai/internal';
import { promptOf } from './key-terms.ts';
import { iso6391 } from './languages.ts';
import type { Synthesizer, Transcriber } from './ports.ts';
import { callProvider, SPEECH_CALL, TRANSCRIPTION_CALL } from './provider-call.ts';
import { bounded, MAX_SPEECH_BYTES, MAX_TRANSCRIPT_BYTES, samplesOfAnswer } from './sound.ts';

export interface SpeechServer {
  /** The address in front of `/audio/speech`: usually ends in `/v1`. */
  baseUrl: string;
  apiKey?: string | undefined;
}

/** Neither follows a redirect, which would take the key elsewhere, nor reads more than `maxBytes`. */
function boundedFetch(maxBytes: number): typeof fetch {
  return async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    return response.body === null ? response : new Response(bounded(response.body, maxBytes), response);
  };
}

function connection({ baseUrl, apiKey }: SpeechServer, maxBytes: number) {
  const authorization = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  return {
    provider: 'openai',
    url: ({ path }: { path: string }) => `${baseUrl}${path}`,
    headers: () => ({ authorization }),
    fetch: boundedFetch(maxBytes),
  };
}

export function openAiCompatibleTranscriber(
  server: SpeechServer,
  { model, understands }: { model: string; understands: Transcriber['understands'] },
): Transcriber {
  const transcription = new OpenAITranscriptionModel(model, connection(server, MAX_TRANSCRIPT_BYTES));
  return {
    understands,
    transcribe: ({ bytes, content_type }, { language, keyterms, signal }) =>
      callProvider(TRANSCRIPTION_CALL, signal, async (abortSignal) => {
        const code = iso6391(language);
        const prompt = promptOf(keyterms);
        const { text } = await transcription.doGenerate({
          audio: bytes,
          mediaType: content_type,
          abortSignal,
          providerOptions: {
            openai: {
              // The text alone: what else there is differs between servers.
              responseFormat: 'json',
              ...(code === null ? {} : { language: code }),
              ...(prompt === undefined ? {} : { prompt }),
            },
          },
        });
        return text.trim();
      }),
  };
}

export function openAiCompatibleSynthesizer(
  server: SpeechServer,
  {
    model,
    voice,
    speaks,
  }: {
    model: string;
    /** Asked for whatever the agent names: an agent's voice may be one of quite another provider. */
    voice?: string | undefined;
    speaks: Synthesizer['speaks'];
  },
): Synthesizer {
  const speech = new OpenAISpeechModel(model, connection(server, MAX_SPEECH_BYTES));
  return {
    speaks,
    speak: (text, about) =>
      callProvider(SPEECH_CALL, about.signal, async (abortSignal) => {
        // The protocol has no field for the language: models hear it in the text.
        const { audio } = await speech.doGenerate({
          text,
          voice: voice ?? about.voice,
          // WAV and not raw samples: its header says the rate, which is not the same everywhere.
          outputFormat: 'wav',
          abortSignal,
        });
        return samplesOfAnswer(typeof audio === 'string' ? new TextEncoder().encode(audio) : audio);
      }),
  };
}
