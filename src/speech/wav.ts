/** Reads WAV files (RIFF) of speech servers as mono samples of 16 bit, and writes them. */
import { SAMPLE_RATE } from './ports.ts';
import { WAV_HEADER_BYTES, wavHeader } from './wav-header.ts';

/** Samples of a WAV file. */
export interface Wav {
  /** Sample rate in Hz. */
  rate: number;
  /** Samples of one channel: the mean of all channels. */
  samples: Int16Array<ArrayBuffer>;
}

/** Thrown for bytes that are not a readable WAV file. */
export class WavError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WavError';
  }
}

/** Least size of the format chunk. */
const MIN_FORMAT_BYTES = 16;
const CHUNK_HEADER_BYTES = 8;
/** Range of valid sample rates in Hz. Other rates mean a damaged header. */
const MIN_RATE = 1_000;
const MAX_RATE = 384_000;
const MAX_CHANNELS = 32;

const PCM = 1;
const FLOAT = 3;
/** In the extensible format, the first two bytes of a longer identifier are the format. */
const EXTENSIBLE = 0xfffe;
const EXTENSIBLE_FORMAT_OFFSET = 24;

interface Format {
  tag: number;
  channels: number;
  rate: number;
  bits: number;
}

function name(view: DataView, offset: number): string {
  let text = '';
  for (let index = 0; index < 4; index += 1) text += String.fromCharCode(view.getUint8(offset + index));
  return text;
}

function formatAt(view: DataView, offset: number, length: number): Format {
  if (length < MIN_FORMAT_BYTES || offset + MIN_FORMAT_BYTES > view.byteLength)
    throw new WavError('The format chunk is cut off.');
  const format = {
    tag: view.getUint16(offset, true),
    channels: view.getUint16(offset + 2, true),
    rate: view.getUint32(offset + 4, true),
    bits: view.getUint16(offset + 14, true),
  };
  if (format.tag === EXTENSIBLE) {
    const end = EXTENSIBLE_FORMAT_OFFSET + 2;
    if (length < end || offset + end > view.byteLength) throw new WavError('The format chunk is cut off.');
    format.tag = view.getUint16(offset + EXTENSIBLE_FORMAT_OFFSET, true);
  }
  if (format.channels < 1 || format.channels > MAX_CHANNELS)
    throw new WavError('The number of channels is not sensible.');
  if (format.rate < MIN_RATE || format.rate > MAX_RATE) throw new WavError('The rate is not sensible.');
  return format;
}

/** Returns a function that reads one sample as a number from -32768 to 32767. */
function readerOf(view: DataView, { tag, bits }: Format): (offset: number) => number {
  if (tag === FLOAT && bits === 32)
    return (offset) => Math.max(-1, Math.min(1, view.getFloat32(offset, true))) * 0x7fff;
  if (tag !== PCM) throw new WavError('The encoding is not plain samples.');
  switch (bits) {
    case 8:
      return (offset) => (view.getUint8(offset) - 128) * 256;
    case 16:
      return (offset) => view.getInt16(offset, true);
    case 24:
      return (offset) => view.getInt16(offset + 1, true);
    case 32:
      return (offset) => view.getInt16(offset + 2, true);
    default:
      throw new WavError('Samples have 8, 16, 24 or 32 bits.');
  }
}

function samplesOf(view: DataView, format: Format, begin: number, end: number): Int16Array<ArrayBuffer> {
  const sampleAt = readerOf(view, format);
  const sampleBytes = format.bits / 8;
  const frameBytes = sampleBytes * format.channels;
  const samples = new Int16Array(Math.floor((end - begin) / frameBytes));
  for (let frame = 0, offset = begin; frame < samples.length; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel += 1, offset += sampleBytes)
      sum += sampleAt(offset);
    samples[frame] = Math.round(sum / format.channels);
  }
  return samples;
}

/**
 * Reads a WAV file as far as it goes. A server that streams does not know the length when it writes the header, and
 * writes 0 or the largest number: then the rest of the file is sound. Throws only `WavError`.
 */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12 || name(view, 0) !== 'RIFF' || name(view, 8) !== 'WAVE')
    throw new WavError('It does not begin as a WAV.');
  let format: Format | null = null;
  let offset = 12;
  while (offset + CHUNK_HEADER_BYTES <= view.byteLength) {
    const id = name(view, offset);
    const length = view.getUint32(offset + 4, true);
    offset += CHUNK_HEADER_BYTES;
    if (id === 'fmt ') format = formatAt(view, offset, length);
    if (id === 'data') {
      if (format === null) throw new WavError('There is no format before the data.');
      const end = length === 0 ? view.byteLength : Math.min(offset + length, view.byteLength);
      return { rate: format.rate, samples: samplesOf(view, format, offset, end) };
    }
    // Chunks begin at even positions.
    offset += length + (length % 2);
  }
  throw new WavError('There is no data.');
}

/** Returns samples as a mono WAV file of 16 bit with a correct header. `sampleRate` is in Hz. */
export function wavOf(samples: Int16Array, sampleRate = SAMPLE_RATE): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WAV_HEADER_BYTES + samples.byteLength);
  bytes.set(wavHeader({ sampleRate, channels: 1, sampleBytes: 2 }, samples.byteLength));
  // All supported machines are little-endian, like WAV.
  bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), WAV_HEADER_BYTES);
  return bytes;
}
