import type { SampleFormat } from '../speech/wav-header.ts';

/** A recording is silent if no window of it reaches this level, in decibels of full scale (RMS). */
export const SILENCE_DB = -50;
/**
 * Length of a window in milliseconds: short enough that the shortest word fills one, and long enough to average hum and
 * hiss.
 */
const WINDOW_MS = 20;
/** `SILENCE_DB` as a mean square, where full scale is 1. */
const SILENCE_POWER = 10 ** (SILENCE_DB / 10);
/**
 * Maximum power of a constant offset that is subtracted: one percent of full scale, as the converter of a poor
 * microphone adds. A larger offset stays, so that in doubt a recording is not silent.
 */
const MAX_OFFSET_POWER = 0.01 ** 2;

/** Returns a function that reads one sample as a number from -1 to 1. */
function readerOf(sampleBytes: number): (view: DataView, at: number) => number {
  switch (sampleBytes) {
    case 1:
      return (view, at) => (view.getUint8(at) - 0x80) / 0x80;
    case 2:
      return (view, at) => view.getInt16(at, true) / 0x80_00;
    case 3:
      return (view, at) => (view.getInt16(at + 1, true) * 0x100 + view.getUint8(at)) / 0x80_00_00;
    default:
      return (view, at) => view.getInt32(at, true) / 0x80_00_00_00;
  }
}

/** Detects sound in samples as they arrive. Reads no further after the first loud window. */
export class Loudness {
  readonly #channels: number;
  readonly #sampleBytes: number;
  readonly #read: (view: DataView, at: number) => number;
  readonly #windowFrames: number;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #frames = 0;
  #heard = false;

  constructor({ sampleRate, channels, sampleBytes }: SampleFormat) {
    this.#channels = channels;
    this.#sampleBytes = sampleBytes;
    this.#read = readerOf(sampleBytes);
    this.#windowFrames = Math.max(1, Math.round((sampleRate * WINDOW_MS) / 1000));
    this.#sums = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** Reads the next whole frames. */
  add(frames: Uint8Array): void {
    const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
    for (let at = 0; at < frames.length && !this.#heard;) {
      for (let channel = 0; channel < this.#channels; channel += 1, at += this.#sampleBytes) {
        const sample = this.#read(view, at);
        this.#sums[channel] = (this.#sums[channel] ?? 0) + sample;
        this.#squares[channel] = (this.#squares[channel] ?? 0) + sample * sample;
      }
      this.#frames += 1;
      if (this.#frames === this.#windowFrames) this.#endWindow();
    }
  }

  /** Tells whether no window was loud, including the last one, which may be shorter. */
  isSilent(): boolean {
    if (this.#frames > 0) this.#endWindow();
    return !this.#heard;
  }

  #endWindow(): void {
    for (let channel = 0; channel < this.#channels; channel += 1) {
      const mean = (this.#sums[channel] ?? 0) / this.#frames;
      const power = (this.#squares[channel] ?? 0) / this.#frames;
      if (power - Math.min(mean * mean, MAX_OFFSET_POWER) >= SILENCE_POWER) this.#heard = true;
    }
    this.#sums.fill(0);
    this.#squares.fill(0);
    this.#frames = 0;
  }
}
