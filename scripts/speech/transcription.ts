/** `POST /v1/audio/transcriptions`: speech to text by pocketsphinx, in English. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_RATE } from '../../src/speech/ports.ts';
import { readWav, WavError, wavOf, type Wav } from '../../src/speech/wav.ts';
import { ApiError } from './api-error.ts';
import { RECOGNITION_MODEL, run, withFiles, type Engines } from './engines.ts';

/**
 * Silence before and after the recording in seconds: without it, pocketsphinx reads the first and last words as noise.
 */
const SILENCE_SECONDS = 0.3;
/** Maximum length of a recording in seconds. A small file can contain very long silence. */
const MAX_SECONDS = 900;

const RESPONSE_FORMATS = ['json', 'text', 'verbose_json'] as const;
type ResponseFormat = (typeof RESPONSE_FORMATS)[number];

/** Response of a transcription. */
export interface Transcribed {
  type: string;
  body: string;
}

interface Context {
  files: string;
  engines: Engines;
  signal: AbortSignal;
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;
}

/**
 * Returns the format of a file by its content: its name and media type may be wrong. Throws `ApiError` for another
 * format.
 */
function extensionOf(bytes: Uint8Array): string {
  if (beginsWith(bytes, 'RIFF')) return 'wav';
  if (beginsWith(bytes, 'fLaC')) return 'flac';
  if (beginsWith(bytes, 'OggS')) return 'ogg';
  if (beginsWith(bytes, 'ID3') || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'mp3';
  throw new ApiError(400, 'invalid_value', 'file: it is not WAV, FLAC, OGG or MP3.');
}

async function converted(bytes: Uint8Array, folder: string, { engines, signal }: Context): Promise<Wav> {
  const extension = extensionOf(bytes);
  if (!engines.sox) {
    const install = 'apt-get install sox libsox-fmt-mp3';
    throw new ApiError(400, 'unsupported_format', `file: anything but WAV at 16 kHz needs sox: ${install}`);
  }
  const source = join(folder, `recording.${extension}`);
  const target = join(folder, 'converted.wav');
  await writeFile(source, bytes);
  const form = ['-r', String(SAMPLE_RATE), '-c', '1', '-b', '16', '-e', 'signed-integer'];
  try {
    await run('sox', ['-V1', source, ...form, target, 'trim', '0', String(MAX_SECONDS)], signal);
  } catch {
    signal.throwIfAborted();
    throw new ApiError(400, 'invalid_value', 'file: it cannot be decoded.');
  }
  return readWav(await readFile(target));
}

/** Returns the samples of a recording at 16 kHz. Other rates and formats are converted by sox. */
async function soundOf(bytes: Uint8Array, folder: string, context: Context): Promise<Int16Array> {
  try {
    const wav = readWav(bytes);
    if (wav.rate === SAMPLE_RATE) return wav.samples;
  } catch (error) {
    if (!(error instanceof WavError)) throw error;
  }
  return (await converted(bytes, folder, context)).samples;
}

async function recognized(samples: Int16Array, folder: string, signal: AbortSignal): Promise<string> {
  const silence = SILENCE_SECONDS * SAMPLE_RATE;
  const padded = new Int16Array(samples.length + 2 * silence);
  padded.set(samples, silence);
  const wav = join(folder, 'padded.wav');
  await writeFile(wav, wavOf(padded));
  const { acoustic, language, dictionary } = RECOGNITION_MODEL;
  const model = ['-hmm', acoustic, '-lm', language, '-dict', dictionary];
  // One line for each part of speech between silences.
  const lines = await run(
    'pocketsphinx_continuous',
    ['-infile', wav, ...model, '-logfn', '/dev/null'],
    signal,
  );
  return lines.replaceAll(/\s+/g, ' ').trim();
}

function answer(format: ResponseFormat, text: string, seconds: number): Transcribed {
  switch (format) {
    case 'text':
      return { type: 'text/plain; charset=utf-8', body: `${text}\n` };
    case 'json':
      return { type: 'application/json', body: JSON.stringify({ text }) };
    case 'verbose_json':
      return {
        type: 'application/json',
        body: JSON.stringify({ task: 'transcribe', language: 'english', duration: seconds, text }),
      };
  }
}

function fieldOf(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Returns the transcription of a form's recording. Ignores `prompt`: pocketsphinx knows only the words of its
 * dictionary. Throws `ApiError` for an invalid form.
 */
export async function transcribe(form: FormData, context: Context): Promise<Transcribed> {
  const file = form.get('file');
  if (!(file instanceof File)) throw new ApiError(400, 'missing_value', 'file: it is missing.');
  if (fieldOf(form, 'model') === undefined) throw new ApiError(400, 'missing_value', 'model: it is missing.');
  if ((fieldOf(form, 'language') ?? 'en') !== 'en')
    throw new ApiError(400, 'unsupported_language', 'language: only "en" is understood.');
  const wanted = fieldOf(form, 'response_format') ?? 'json';
  const format = RESPONSE_FORMATS.find((known) => known === wanted);
  if (format === undefined)
    throw new ApiError(400, 'unsupported_format', `response_format: one of ${RESPONSE_FORMATS.join(', ')}.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  return withFiles(context.files, async (folder) => {
    const samples = await soundOf(bytes, folder, context);
    const text = await recognized(samples, folder, context.signal);
    return answer(format, text, samples.length / SAMPLE_RATE);
  });
}
