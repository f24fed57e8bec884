import { WAV_HEADER_BYTES, wavHeader, type SampleFormat } from '../speech/wav-header.ts';
import { join } from './bytes.ts';
import { soundless } from './refusals.ts';

/** Samples that follow: no more than `maxBytes`, or all that comes. */
export interface Samples {
  format: SampleFormat;
  maxBytes: number | null;
}

/** What a RIFF header of 32 bits can still tell the truth about. Whoever receives the recording bounds it far below. */
const MAX_DATA_BYTES = 0xff_ff_ff_ff - WAV_HEADER_BYTES;

const NOTHING = new Uint8Array();

/** Lets samples through in whole frames, for what has been stored cannot be taken back when the last one is cut. */
export class SampleWriter {
  readonly #format: SampleFormat;
  readonly #frameBytes: number;
  readonly #maxBytes: number;
  /** The beginning of a frame: at most 31 bytes. */
  #cut: Uint8Array = NOTHING;
  #written = 0;

  constructor({ format, maxBytes }: Samples) {
    this.#format = format;
    this.#frameBytes = format.channels * format.sampleBytes;
    this.#maxBytes = Math.min(maxBytes ?? MAX_DATA_BYTES, MAX_DATA_BYTES);
  }

  /** The whole frames of what has come. May be a view of the one part that is given. */
  write(parts: readonly Uint8Array[]): Uint8Array {
    const left = this.#maxBytes - this.#written;
    if (left < this.#frameBytes) return NOTHING;
    const bytes = join([this.#cut, ...parts]);
    const usable = Math.min(bytes.length, left);
    const whole = usable - (usable % this.#frameBytes);
    this.#cut = bytes.slice(whole, usable);
    this.#written += whole;
    return bytes.subarray(0, whole);
  }

  /** The header, and the padding. Throws `message_empty` when no frame is whole. */
  end(): { header: Uint8Array; padding: Uint8Array } {
    if (this.#written === 0) throw soundless('it has no whole sample');
    return {
      header: wavHeader(this.#format, this.#written),
      padding: new Uint8Array(this.#written % 2),
    };
  }
}
