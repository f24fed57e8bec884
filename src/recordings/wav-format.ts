import { hasText, uint16le, uint32le } from './bytes.ts';
import { unsupported } from './refusals.ts';
import type { SampleFormat } from '../speech/wav-header.ts';

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
const EXTENSIBLE = 0xfffe;
/** What follows the format's code in the GUID of a subformat of WAVE_FORMAT_EXTENSIBLE. */
const SUBFORMAT_REST = '\u0000\u0000\u0000\u0000\u0010\u0000\u0080\u0000\u0000\u00aa\u0000\u0038\u009b\u0071';

/** The registered codes that people do send (RFC 2361 and its registry). */
const ENCODINGS = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [0x0003, 'floating-point samples'],
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

/**
 * What a `fmt ` chunk (its content, up to `MAX_FORMAT_BYTES`) says of the samples. The byte rate is not believed, for
 * it follows from the rest; nor is the block size, which recorders in browsers are known to get wrong, but for one
 * case: 24 bits in blocks of four bytes are 32 bits with the lowest eight unused (the RIFF specification puts the
 * sample into the upper bits of its container). Throws `ProblemError` `recording_unsupported`, naming what it is.
 */
export function parseWavFormat(chunk: Uint8Array): SampleFormat {
  if (chunk.length < MIN_FORMAT_BYTES) throw unsupported('a WAV file with a truncated format');
  const encoding = encodingOf(chunk);
  if (encoding !== PCM) {
    const name = ENCODINGS.get(encoding) ?? `the encoding 0x${encoding.toString(16).padStart(4, '0')}`;
    throw unsupported(`a WAV file with ${name}`);
  }
  const channels = uint16le(chunk, 2);
  const sampleRate = uint32le(chunk, 4);
  const blockBytes = uint16le(chunk, 12);
  const bits = uint16le(chunk, 14);
  if (channels < 1 || channels > MAX_CHANNELS) throw unsupported(`a WAV file with ${channels} channels`);
  if (sampleRate < MIN_SAMPLE_RATE_HZ || sampleRate > MAX_SAMPLE_RATE_HZ) {
    throw unsupported(`a WAV file with ${sampleRate} samples a second`);
  }
  if (bits !== 8 && bits !== 16 && bits !== 24 && bits !== 32) {
    throw unsupported(`a WAV file with ${bits} bits a sample`);
  }
  const container = bits === 24 && blockBytes === 4 * channels ? 32 : bits;
  return { sampleRate, channels, sampleBytes: container / 8 };
}
