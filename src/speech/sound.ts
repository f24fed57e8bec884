/** Converts the answers of speech providers to samples. */
import { ProviderFailure } from '../provider-failure.ts';
import { resampled } from './resample.ts';
import { readWav, WavError } from './wav.ts';

/** Maximum size of a spoken sentence in bytes: nearly three minutes at 24 kHz. */
export const MAX_SPEECH_BYTES = 8 * 1024 * 1024;
/** Maximum length of a spoken sentence in seconds: a header with a low rate makes a small answer long. */
const MAX_SPEECH_SECONDS = 180;
/** Maximum size of the answer to a transcription in bytes: hours of speech. */
export const MAX_TRANSCRIPT_BYTES = 1024 * 1024;

/**
 * Returns the samples of a WAV file at `SAMPLE_RATE`. Throws `ProviderFailure` `unusable` if it is not a readable WAV
 * file or is too long.
 */
export function samplesOfAnswer(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  try {
    const { rate, samples } = readWav(bytes);
    if (samples.length > rate * MAX_SPEECH_SECONDS) throw new ProviderFailure('unusable');
    return resampled(samples, rate);
  } catch (error) {
    if (error instanceof WavError) throw new ProviderFailure('unusable');
    throw error;
  }
}

/**
 * Returns a whole body. Throws `ProviderFailure` `unusable` if it breaks off or has more than `maxBytes`. Such a call
 * is not repeated.
 */
export async function boundedBytes(body: Response, maxBytes: number): Promise<Uint8Array> {
  let length = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.byteLength;
      if (length > maxBytes) controller.error(new ProviderFailure('unusable'));
      else controller.enqueue(chunk);
    },
  });
  if (body.body === null) return new Uint8Array();
  try {
    return await new Response(body.body.pipeThrough(counter)).bytes();
  } catch {
    throw new ProviderFailure('unusable');
  }
}
