import { WAV_HEADER_BYTES, wavHeader, type SampleFormat } from '../speech/wav-header.ts';
import { join } from './bytes.ts';
import { integersOf } from './float-samples.ts';
import { MIN_SOUND_MS, type ArrivingSamples } from './format.ts';
import { Loudness, SILENCE_DB } from './loudness.ts';
import { soundless } from './refusals.ts';

/** Maximum size of samples in bytes that a RIFF header of 32 bits can state. The maximum of a request is far below. */
const MAX_DATA_BYTES = 0xff_ff_ff_ff - WAV_HEADER_BYTES;

const NOTHING = new Uint8Array();

/**
 * Converts arriving samples to the samples of a WAV file: whole frames only, because stored bytes cannot be removed
 * when the last frame is incomplete, and floating-point numbers as integers of 16 bits.
 */
export class SampleWriter {
  readonly #arriving: ArrivingSamples;
  readonly #stored: SampleFormat;
  readonly #loudness: Loudness;
  /** Beginning of an incomplete frame: at most 63 bytes. */
  #cut: Uint8Array = NOTHING;
  /** Size of the stored frames in bytes. */
  #written = 0;

  constructor(arriving: ArrivingSamples) {
    const { sampleRate, channels, sampleBytes } = arriving;
    this.#arriving = arriving;
    this.#stored = { sampleRate, channels, sampleBytes: arriving.encoding === 'float' ? 2 : sampleBytes };
    this.#loudness = new Loudness(this.#stored);
  }

  /** Takes the next parts, and returns the whole frames to store. May return a view of a single part. */
  write(parts: readonly Uint8Array[]): Uint8Array {
    const bytes = join([this.#cut, ...parts]);
    const frameBytes = this.#arriving.channels * this.#arriving.sampleBytes;
    const whole = bytes.length - (bytes.length % frameBytes);
    this.#cut = bytes.slice(whole);
    const arrived = bytes.subarray(0, whole);
    const made =
      this.#arriving.encoding === 'float' ? integersOf(arrived, this.#arriving.sampleBytes) : arrived;
    const stored = made.subarray(0, Math.max(0, MAX_DATA_BYTES - this.#written));
    this.#loudness.add(stored);
    this.#written += stored.length;
    return stored;
  }

  /** Drops an incomplete frame: the following bytes belong to another file. */
  endFrame(): void {
    this.#cut = NOTHING;
  }

  /**
   * Ends the samples. Returns the header of the WAV file and the padding after the samples. Throws `message_empty` if
   * the samples are too short or silent.
   */
  end(): { header: Uint8Array; padding: Uint8Array } {
    const { sampleRate, channels, sampleBytes } = this.#stored;
    if (this.#written === 0) throw soundless('it has no whole sample');
    const frames = this.#written / (channels * sampleBytes);
    if (frames * 1000 < sampleRate * MIN_SOUND_MS) throw soundless(`it is shorter than ${MIN_SOUND_MS} ms`);
    if (this.#loudness.isSilent()) {
      throw soundless(`it is silent throughout, below ${SILENCE_DB} dB of full scale`);
    }
    return {
      header: wavHeader(this.#stored, this.#written),
      padding: new Uint8Array(this.#written % 2),
    };
  }
}
