import { hasText, uint16le, uint32le } from './bytes.ts';
import type { ArrivingSamples } from './format.ts';
import { unsupported } from './refusals.ts';

/** Number of bytes of a `fmt ` chunk that are read: the end of WAVE_FORMAT_EXTENSIBLE. */
export const MAX_FORMAT_BYTES = 40;
/** Least size of a `fmt ` chunk: WAVEFORMAT with its bits per sample. */
const MIN_FORMAT_BYTES = 16;

/** Range of accepted sample rates. It contains all rates that recorders write and players play. */
const MIN_SAMPLE_RATE_HZ = 1_000;
const MAX_SAMPLE_RATE_HZ = 384_000;
/** Maximum number of channels: 7.1 surround. */
const MAX_CHANNELS = 8;

const PCM = 0x0001;
const IEEE_FLOAT = 0x0003;
const EXTENSIBLE = 0xfffe;
/** The bytes after the format's code in the GUID of a subformat of WAVE_FORMAT_EXTENSIBLE. */
const SUBFORMAT_REST = '\u0000\u0000\u0000\u0000\u0010\u0000\u0080\u0000\u0000\u00aa\u0000\u0038\u009b\u0071';

/** Names of registered codes that occur in recordings (RFC 2361 and its registry). */
const ENCODINGS = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [IEEE_FLOAT, 'floating-point samples'],
  [0x0006, 'A-law'],
  [0x0007, 'mu-law'],
  [0x0011, 'IMA ADPCM'],
  [0x0031, 'GSM 6.10'],
  [0x0050, 'MPEG audio'],
  [0x0055, 'MP3'],
  [0x00ff, 'AAC'],
  [0x0161, 'Windows Media Audio'],
]);

function encodingOf(chunk: Uint8Array): number {
  const code = uint16le(chunk, 0);
  if (code !== EXTENSIBLE) return code;
  if (chunk.length < MAX_FORMAT_BYTES) throw unsupported('a WAV file with a truncated extensible format');
  if (!hasText(chunk, 26, SUBFORMAT_REST)) throw unsupported('a WAV file with an unknown subformat');
  return uint16le(chunk, 24);
}

/** Returns the encoding and size of a sample. Throws `recording_unsupported` if they are not accepted. */
function lengthOf(encoding: number, bits: number): Pick<ArrivingSamples, 'encoding' | 'sampleBytes'> {
  const isFloat = encoding === IEEE_FLOAT && (bits === 32 || bits === 64);
  if (isFloat) return { encoding: 'float', sampleBytes: bits / 8 };
  if (encoding !== PCM) {
    const name = ENCODINGS.get(encoding) ?? `the encoding 0x${encoding.toString(16).padStart(4, '0')}`;
    throw unsupported(`a WAV file with ${name}`);
  }
  if (bits !== 8 && bits !== 16 && bits !== 24 && bits !== 32) {
    throw unsupported(`a WAV file with ${bits} bits a sample`);
  }
  return { encoding: 'integer', sampleBytes: bits / 8 };
}

/**
 * Returns the format of samples in a `fmt ` chunk (its content, up to `MAX_FORMAT_BYTES`). Ignores the byte rate, which
 * follows from the other fields, and the block size, which some browsers write wrongly. One exception: 24 bits in
 * blocks of four bytes are samples of 32 bits with the lowest eight unused (the RIFF specification puts a sample into
 * the upper bits of its container). Throws `recording_unsupported` with the name of the encoding.
 */
export function parseWavFormat(chunk: Uint8Array): ArrivingSamples {
  if (chunk.length < MIN_FORMAT_BYTES) throw unsupported('a WAV file with a truncated format');
  const encoding = encodingOf(chunk);
  const channels = uint16le(chunk, 2);
  const sampleRate = uint32le(chunk, 4);
  const blockBytes = uint16le(chunk, 12);
  const samples = lengthOf(encoding, uint16le(chunk, 14));
  if (channels < 1 || channels > MAX_CHANNELS) throw unsupported(`a WAV file with ${channels} channels`);
  if (sampleRate < MIN_SAMPLE_RATE_HZ || sampleRate > MAX_SAMPLE_RATE_HZ) {
    throw unsupported(`a WAV file with ${sampleRate} samples a second`);
  }
  const isPadded = samples.sampleBytes === 3 && blockBytes === 4 * channels;
  return { ...samples, sampleRate, channels, sampleBytes: isPadded ? 4 : samples.sampleBytes };
}
