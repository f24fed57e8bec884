/** `POST /v1/audio/speech`: text to speech by flite. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { SAMPLE_RATE } from '../../src/speech/ports.ts';
import { wavOf } from '../../src/speech/wav.ts';
import { ApiError } from './api-error.ts';
import { run, withFiles, type Engines } from './engines.ts';

/** Maximum length of a text in characters, as at OpenAI. */
export const MAX_INPUT_CHARACTERS = 4_096;

/** Voices of flite. Any other name means slt, which pocketsphinx understands best. */
const VOICES = new Set(['slt', 'rms', 'awb', 'kal16']);
const DEFAULT_VOICE = 'slt';

/** Media type of each format, and the arguments of sox for it. OpenAI's raw samples have 24 kHz and 16 bit. */
const FORMATS = {
  wav: { type: 'audio/wav', sox: [] },
  mp3: { type: 'audio/mpeg', sox: [] },
  flac: { type: 'audio/flac', sox: [] },
  pcm: { type: 'audio/pcm', sox: ['-t', 'raw', '-r', '24000', '-e', 'signed-integer', '-b', '16', '-L'] },
} as const satisfies Record<string, { type: string; sox: readonly string[] }>;

const requestSchema = z.object({
  model: z.string().min(1),
  input: z.string().min(1).max(MAX_INPUT_CHARACTERS),
  voice: z.string().default(DEFAULT_VOICE),
  response_format: z.enum(['wav', 'mp3', 'flac', 'pcm']).default('mp3'),
  speed: z.number().min(0.25).max(4).default(1),
});

function parse(text: string): z.infer<typeof requestSchema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, 'invalid_json', 'The body is not JSON.');
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError(400, 'invalid_value', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** Spoken text with its media type. */
export interface Spoken {
  type: string;
  bytes: Uint8Array;
}

/** Length of the silence for a text without a letter or digit, in samples: flite writes an invalid file for it. */
const UNSPEAKABLE_SAMPLES = SAMPLE_RATE / 10;
const SPEAKABLE = /[\p{L}\p{N}]/u;

/**
 * Returns the speech of a request, whose body is `text`. The WAV has 16 kHz, mono, and only the short silence that
 * flite adds. Throws `ApiError` for an invalid request.
 */
export async function speak(
  text: string,
  { files, engines, signal }: { files: string; engines: Engines; signal: AbortSignal },
): Promise<Spoken> {
  const { input, voice, response_format, speed } = parse(text);
  const format = FORMATS[response_format];
  if (response_format !== 'wav' && !engines.sox)
    throw new ApiError(400, 'unsupported_format', 'Formats other than wav need sox: apt-get install sox');
  return withFiles(files, async (folder) => {
    const wav = join(folder, 'speech.wav');
    if (SPEAKABLE.test(input)) {
      const words = join(folder, 'input.txt');
      await writeFile(words, input);
      const manner = [
        '-voice',
        VOICES.has(voice) ? voice : DEFAULT_VOICE,
        '--setf',
        `duration_stretch=${1 / speed}`,
      ];
      await run('flite', [...manner, '-f', words, '-o', wav], signal);
    } else await writeFile(wav, wavOf(new Int16Array(UNSPEAKABLE_SAMPLES)));
    if (response_format === 'wav') return { type: format.type, bytes: await readFile(wav) };
    const converted = join(folder, `speech.${response_format}`);
    await run('sox', [wav, ...format.sox, converted], signal);
    return { type: format.type, bytes: await readFile(converted) };
  });
}
