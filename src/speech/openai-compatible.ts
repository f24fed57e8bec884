/** Transcription and speech by any server that speaks OpenAI's protocol. */
import { promptOf } from './key-terms.ts';
import { iso6391 } from './languages.ts';
import type { RecordingType } from '../contract/formats.ts';
import type { Synthesizer, Transcriber } from './ports.ts';
import { callProvider, SPEECH_CALL, TRANSCRIPTION_CALL } from './provider-call.ts';
import { failureOfStatus, ProviderFailure } from '../provider-failure.ts';
import { refusalOf } from './refusal.ts';
import { boundedBytes, MAX_SPEECH_BYTES, MAX_TRANSCRIPT_BYTES, samplesOfAnswer } from './sound.ts';

/** The most bytes that are read of a refusal: far more than a sentence. */
const MAX_REFUSAL_BYTES = 16 * 1024;

/** The endings of file names, by the type of a recording. Servers recognize the format by the ending. */
const EXTENSIONS: Readonly<Record<RecordingType, string>> = {
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
};

/** The address of a speech server and the key that it asks for. */
export interface SpeechServer {
  /** The address in front of `/audio/speech`. It usually ends in `/v1`. */
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
 * Posts a body and returns the bytes of the answer, `maxBytes` at most. Follows no redirect, so that the key is not
 * sent to another address. Throws `ProviderFailure`, or the exception of `fetch` when there is no answer.
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

/** Returns the text of a transcription. Throws `ProviderFailure` `unusable` when the answer has none. */
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

/**
 * Returns a transcriber that posts each recording to `/audio/transcriptions` of a server. It fails as `callProvider`
 * does.
 */
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
        // Only the text: the other fields differ between servers.
        form.set('response_format', 'json');
        form.set('temperature', '0');
        if (code !== null) form.set('language', code);
        if (prompt !== undefined) form.set('prompt', prompt);
        const limits = { maxBytes: MAX_TRANSCRIPT_BYTES, signal: callSignal };
        return transcriptIn(await post(server, '/audio/transcriptions', form, limits));
      }),
  };
}

/** Returns a synthesizer that posts each text to `/audio/speech` of a server. It fails as `callProvider` does. */
export function openAiCompatibleSynthesizer(
  server: SpeechServer,
  {
    model,
    voice,
    speaks,
  }: {
    model: string;
    /** Takes precedence over the agent's voice, which may be the name of a voice of another provider. */
    voice?: string | undefined;
    speaks: Synthesizer['speaks'];
  },
): Synthesizer {
  return {
    speaks,
    speak: (text, about) =>
      callProvider(SPEECH_CALL, about.signal, async (callSignal) => {
        // The protocol has no field for the language: models recognize it by the text.
        const body = JSON.stringify({
          model,
          input: text,
          voice: voice ?? about.voice,
          // WAV, not raw samples: its header names the rate, which differs between servers.
          response_format: 'wav',
        });
        const limits = { maxBytes: MAX_SPEECH_BYTES, signal: callSignal };
        return samplesOfAnswer(await post(server, '/audio/speech', body, limits));
      }),
  };
}
