import { WAV_HEADER_BYTES, wavHeader, type SampleFormat } from '../speech/wav-header.ts';
import { join } from './bytes.ts';
import { integersOf } from './float-samples.ts';
import { MIN_SOUND_MS, type ArrivingSamples } from './format.ts';
import { Loudness, SILENCE_DB } from './loudness.ts';
import { soundless } from './refusals.ts';

/** What a RIFF header of 32 bits can still tell the truth about. The request's own bound lies far below. */
const MAX_DATA_BYTES = 0xff_ff_ff_ff - WAV_HEADER_BYTES;

const NOTHING = new Uint8Array();

/**
 * Makes the samples of a WAV file of those that arrive: in whole frames, for what has been stored cannot be taken back
 * when the last one is cut; floating-point numbers as integers of 16 bits.
 */
export class SampleWriter {
  readonly #arriving: ArrivingSamples;
  readonly #stored: SampleFormat;
  readonly #loudness: Loudness;
  /** The beginning of a frame: at most 63 bytes. */
  #cut: Uint8Array = NOTHING;
  /** Whole frames, as they are stored, in bytes. */
  #written = 0;

  constructor(arriving: ArrivingSamples) {
    const { sampleRate, channels, sampleBytes } = arriving;
    this.#arriving = arriving;
    this.#stored = { sampleRate, channels, sampleBytes: arriving.encoding === 'float' ? 2 : sampleBytes };
    this.#loudness = new Loudness(this.#stored);
  }

  /** The whole frames of what has come. May be a view of the one part that is given. */
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

  /** Forgets a frame that has only begun: what follows is another file's. */
  endFrame(): void {
    this.#cut = NOTHING;
  }

  /** The header, and the padding. Throws `message_empty` when there is no frame, no sound, or too little of it. */
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
