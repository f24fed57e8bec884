/** Transcription and speech of any server that speaks OpenAI's protocol. */
import { promptOf } from './key-terms.ts';
import { iso6391 } from './languages.ts';
import type { RecordingType } from '../contract/formats.ts';
import type { Synthesizer, Transcriber } from './ports.ts';
import { callProvider, SPEECH_CALL, TRANSCRIPTION_CALL } from './provider-call.ts';
import { failureOfStatus, ProviderFailure } from '../provider-failure.ts';
import { refusalOf } from './refusal.ts';
import { boundedBytes, MAX_SPEECH_BYTES, MAX_TRANSCRIPT_BYTES, samplesOfAnswer } from './sound.ts';

/** What is read of an answer that is a refusal, in bytes: far more than any sentence. */
const MAX_REFUSAL_BYTES = 16 * 1024;

/** Servers know the format by the name of the file. */
const EXTENSIONS: Readonly<Record<RecordingType, string>> = {
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
};

export interface SpeechServer {
  /** The address in front of `/audio/speech`: usually ends in `/v1`. */
  baseUrl: string;
  apiKey?: string | undefined;
}

async function failureOf(response: Response): Promise<ProviderFailure> {
  const { status } = response;
  const body = await boundedBytes(response, MAX_REFUSAL_BYTES).catch(() => new Uint8Array());
  const refusal = refusalOf(status, new TextDecoder().decode(body));
  return failureOfStatus(status, response.headers.get('retry-after'), refusal);
}

/**
 * Posts a body and gives the answer's bytes, `maxBytes` at most. Follows no redirect, which would take the key
 * elsewhere. Throws `ProviderFailure`, or what `fetch` throws when there is no answer.
 */
async function post(
  { baseUrl, apiKey }: SpeechServer,
  path: string,
  body: FormData | string,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Uint8Array> {
  const response = await fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: {
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body,
    redirect: 'manual',
    signal,
  });
  if (!response.ok) throw await failureOf(response);
  return boundedBytes(response, maxBytes);
}

/** The text of a transcription. Throws `ProviderFailure` `unusable` when there is none. */
function transcriptIn(answer: Uint8Array): string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(answer));
  } catch {
    throw new ProviderFailure('unusable');
  }
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'text') : null;
  if (typeof text !== 'string') throw new ProviderFailure('unusable');
  return text.trim();
}

export function openAiCompatibleTranscriber(
  server: SpeechServer,
  { model, understands }: { model: string; understands: Transcriber['understands'] },
): Transcriber {
  return {
    understands,
    transcribe: ({ bytes, content_type }, { language, keyterms, signal }) =>
      callProvider(TRANSCRIPTION_CALL, signal, async (callSignal) => {
        const code = iso6391(language);
        const prompt = promptOf(keyterms);
        const form = new FormData();
        form.set('model', model);
        form.set('file', new File([bytes], `audio.${EXTENSIONS[content_type]}`, { type: content_type }));
        // The text alone: what else there is differs between servers.
        form.set('response_format', 'json');
        form.set('temperature', '0');
        if (code !== null) form.set('language', code);
        if (prompt !== undefined) form.set('prompt', prompt);
        const limits = { maxBytes: MAX_TRANSCRIPT_BYTES, signal: callSignal };
        return transcriptIn(await post(server, '/audio/transcriptions', form, limits));
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
  return {
    speaks,
    speak: (text, about) =>
      callProvider(SPEECH_CALL, about.signal, async (callSignal) => {
        // The protocol has no field for the language: models hear it in the text.
        const body = JSON.stringify({
          model,
          input: text,
          voice: voice ?? about.voice,
          // WAV and not raw samples: its header says the rate, which is not the same everywhere.
          response_format: 'wav',
        });
        const limits = { maxBytes: MAX_SPEECH_BYTES, signal: callSignal };
        return samplesOfAnswer(await post(server, '/audio/speech', body, limits));
      }),
  };
}
