/** What providers answer with, made into the samples that leave. */
import { ProviderFailure } from '../provider-failure.ts';
import { resampled } from './resample.ts';
import { readWav, WavError } from './wav.ts';

/** A sentence as sound, in bytes: nearly three minutes at 24 kHz, far more than a sentence takes. */
export const MAX_SPEECH_BYTES = 8 * 1024 * 1024;
/** The same in seconds: a header that claims a low rate makes a short answer a long one. */
const MAX_SPEECH_SECONDS = 180;
/** The answer to a transcription, in bytes: hours of talk. */
export const MAX_TRANSCRIPT_BYTES = 1024 * 1024;

/** The samples of a WAV at `SAMPLE_RATE`. Throws `ProviderFailure` `unusable` when it is none. */
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
 * The whole of a body that has begun to come. Throws `ProviderFailure` `unusable` when it breaks off or has more than
 * `maxBytes`: the call is not made again.
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
