import { join } from './bytes.ts';
import { soundless } from './refusals.ts';

/** How samples are encoded: signed little-endian PCM, but unsigned where a sample has one byte. */
export interface SampleFormat {
  /** Sample frames a second. */
  sampleRate: number;
  channels: number;
  /** Bytes of one sample of one channel, 1 to 4. */
  sampleBytes: number;
}

/** Samples that follow: no more than `maxBytes`, or all that comes. */
export interface Samples {
  format: SampleFormat;
  maxBytes: number | null;
}

export const WAV_HEADER_BYTES = 44;
/** What a RIFF header of 32 bits can still tell the truth about. Whoever receives the recording bounds it far below. */
const MAX_DATA_BYTES = 0xff_ff_ff_ff - WAV_HEADER_BYTES;

const NOTHING = new Uint8Array();

/** The canonical header of a WAV file with so many bytes of PCM samples, of which an odd number is padded. */
export function wavHeader(format: SampleFormat, dataBytes: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
  const frameBytes = format.channels * format.sampleBytes;
  write(0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes + (dataBytes % 2), true);
  write(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.sampleRate, true);
  view.setUint32(28, format.sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, format.sampleBytes * 8, true);
  write(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

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
