/**
 * Transcription and speech by Workers AI, through its binding. The package `workers-ai-provider` is not used, for three
 * reasons: its speech is always MP3, its way of asking for raw responses changes concurrent calls of the same binding,
 * and its transcription takes many times the size of a recording in memory.
 */
import { promptOf } from './key-terms.ts';
import { iso6391 } from './languages.ts';
import { SAMPLE_RATE, type Recording, type Synthesizer, type Transcriber } from './ports.ts';
import { callProvider, SPEECH_CALL, TRANSCRIPTION_CALL } from './provider-call.ts';
import { failureOfStatus, ProviderFailure } from '../provider-failure.ts';
import { refusalOf, speaksOfRecording } from './refusal.ts';
import { boundedBytes, MAX_SPEECH_BYTES, samplesOfAnswer } from './sound.ts';

/** The part of the binding that is called here. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options: { signal: AbortSignal }): Promise<unknown>;
}

interface Voices {
  /** The code of the language, by ISO 639-1. */
  language: string;
  speakers: ReadonlySet<string>;
}

const AURA_1 = 'angus asteria arcas orion orpheus athena luna zeus perseus helios hera stella';
const AURA_2_EN =
  'amalthea andromeda apollo arcas aries asteria athena atlas aurora callista cora cordelia delia draco electra ' +
  'harmonia helena hera hermes hyperion iris janus juno jupiter luna mars minerva neptune odysseus ophelia orion ' +
  'orpheus pandora phoebe pluto saturn thalia theia vesta zeus';
const AURA_2_ES = 'sirio nestor carina celeste alvaro diana aquila selena estrella javier';

function voices(language: string, speakers: string): Voices {
  return { language, speakers: new Set(speakers.split(' ')) };
}

/** The models that speak, each in one language with its own voices. */
const SPEECH_MODELS: ReadonlyMap<string, Voices> = new Map([
  ['@cf/deepgram/aura-2-en', voices('en', AURA_2_EN)],
  ['@cf/deepgram/aura-2-es', voices('es', AURA_2_ES)],
  ['@cf/deepgram/aura-1', voices('en', AURA_1)],
]);

/** The model that transcribes unless `TRANSCRIPTION_MODEL` names another. */
export const DEFAULT_TRANSCRIPTION_MODEL = '@cf/openai/whisper-large-v3-turbo';

/**
 * HTTP statuses by the codes that Workers AI puts in front of its messages
 * (developers.cloudflare.com/workers-ai/platform/errors). Any other code means that the same request would fail again.
 */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  3006: 413,
  3007: 408,
  3008: 408,
  3023: 403,
  3036: 429,
  3040: 429,
  3041: 403,
  5016: 403,
  5018: 403,
};
const CODE = /\b([35]\d{3}):/;

function failureOf(error: unknown): ProviderFailure {
  const message = error instanceof Error ? error.message : '';
  const code = CODE.exec(message)?.[1];
  if (code === undefined) return new ProviderFailure('failed');
  const status = STATUS_BY_CODE[code] ?? 400;
  // Only a message about the recording counts as its refusal: the other fields of the call are ours.
  const refusal = status === 400 && !speaksOfRecording(message) ? null : refusalOf(status, message);
  return failureOfStatus(status, null, refusal);
}

async function run(
  binding: AiBinding,
  model: string,
  inputs: Record<string, unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return await binding.run(model, inputs, { signal });
  } catch (error) {
    throw failureOf(error);
  }
}

/**
 * The bytes that are encoded at once: a multiple of three, so that no piece needs padding. One string for each byte
 * would not fit into memory.
 */
const BASE64_PIECE_BYTES = 3 * 8_192;

function base64({ bytes }: Recording): string {
  const pieces: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += BASE64_PIECE_BYTES)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(offset, offset + BASE64_PIECE_BYTES))));
  return pieces.join('');
}

/**
 * Returns a transcriber of Workers AI. `model` must take the inputs of whisper-large-v3-turbo. It fails as
 * `callProvider` does.
 */
export function workersAiTranscriber(
  binding: AiBinding,
  { model, understands }: { model: string; understands: Transcriber['understands'] },
): Transcriber {
  return {
    understands,
    transcribe: (recording, { language, keyterms, signal }) =>
      callProvider(TRANSCRIPTION_CALL, signal, async (callSignal) => {
        const code = iso6391(language);
        const prompt = promptOf(keyterms);
        const inputs = {
          audio: base64(recording),
          ...(code === null ? {} : { language: code }),
          ...(prompt === undefined ? {} : { initial_prompt: prompt }),
        };
        const answer = await run(binding, model, inputs, callSignal);
        const text: unknown =
          typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'text') : null;
        if (typeof text !== 'string') throw new ProviderFailure('unusable');
        return text.trim();
      }),
  };
}

async function bytesOf(answer: unknown): Promise<Uint8Array> {
  const body = answer instanceof Response ? answer.body : answer;
  if (!(body instanceof ReadableStream)) throw new ProviderFailure('unusable');
  return boundedBytes(new Response(body), MAX_SPEECH_BYTES);
}

/**
 * Returns the languages that are spoken unless `SPEECH_LANGUAGES` names them, with commas between them: the languages
 * of the models. Null stands for every language.
 */
export function spokenByDefault(model: string | undefined): string | null {
  if (model !== undefined) return SPEECH_MODELS.get(model)?.language ?? null;
  return 'en,es';
}

/** Returns a synthesizer of Workers AI. It fails as `callProvider` does. */
export function workersAiSynthesizer(
  binding: AiBinding,
  {
    model: only,
    voice,
    speaks,
  }: {
    /** The model for every language. When it is not set, the newest model of each language speaks. */
    model?: string | undefined;
    /** Takes precedence over the agent's voice. A model that has neither voice uses its own default. */
    voice?: string | undefined;
    speaks: Synthesizer['speaks'];
  },
): Synthesizer {
  const modelFor = (language: string) =>
    only ?? (iso6391(language) === 'es' ? '@cf/deepgram/aura-2-es' : '@cf/deepgram/aura-2-en');
  return {
    speaks,
    speak: (text, about) =>
      callProvider(SPEECH_CALL, about.signal, async (callSignal) => {
        const model = modelFor(about.language);
        const known = SPEECH_MODELS.get(model);
        const speaker =
          known === undefined ? voice : [voice, about.voice].find((name) => known.speakers.has(name ?? ''));
        const inputs = {
          text,
          ...(speaker === undefined ? {} : { speaker }),
          encoding: 'linear16',
          container: 'wav',
          sample_rate: SAMPLE_RATE,
        };
        return samplesOfAnswer(await bytesOf(await run(binding, model, inputs, callSignal)));
      }),
  };
}
