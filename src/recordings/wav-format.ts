import { hasText, uint16le, uint32le } from './bytes.ts';
import type { ArrivingSamples } from './format.ts';
import { unsupported } from './refusals.ts';

/** Where the `fmt ` chunk of WAVE_FORMAT_EXTENSIBLE ends; what stands behind is of no interest. */
export const MAX_FORMAT_BYTES = 40;
/** WAVEFORMAT with its bits per sample: a shorter chunk does not say what the samples are. */
const MIN_FORMAT_BYTES = 16;

/** More than any recorder writes down; between them lies everything that anything can play. */
const MIN_SAMPLE_RATE_HZ = 1_000;
const MAX_SAMPLE_RATE_HZ = 384_000;
/** 7.1 surround. */
const MAX_CHANNELS = 8;

const PCM = 0x0001;
const IEEE_FLOAT = 0x0003;
const EXTENSIBLE = 0xfffe;
/** What follows the format's code in the GUID of a subformat of WAVE_FORMAT_EXTENSIBLE. */
const SUBFORMAT_REST = '\u0000\u0000\u0000\u0000\u0010\u0000\u0080\u0000\u0000\u00aa\u0000\u0038\u009b\u0071';

/** The registered codes that people do send (RFC 2361 and its registry). */
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

/** How long a sample is. Throws when samples of that encoding and length are not accepted. */
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
 * What a `fmt ` chunk (its content, up to `MAX_FORMAT_BYTES`) says of the samples. The byte rate is not believed, for
 * it follows from the rest; nor is the block size, which recorders in browsers are known to get wrong, but for one
 * case: 24 bits in blocks of four bytes are 32 bits with the lowest eight unused (the RIFF specification puts the
 * sample into the upper bits of its container). Throws `ProblemError` `recording_unsupported`, naming what it is.
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
