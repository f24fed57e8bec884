import { byteAt, hasText, uint32le } from './bytes.ts';
import type { ArrivingSamples } from './format.ts';
import { soundless, unsupported } from './refusals.ts';
import { read, settle, skip, sound, type Steps } from './steps.ts';
import { MAX_FORMAT_BYTES, parseWavFormat } from './wav-format.ts';

/** Size of "RIFF", a length and "WAVE". */
export const RIFF_HEADER_BYTES = 12;
/** Size of the name and the length of a chunk. */
const CHUNK_HEADER_BYTES = 8;
/**
 * Maximum number of bytes before the samples: metadata, padding to a sector, or a picture. They are skipped and not
 * held; the maximum bounds the work of an upload.
 */
export const MAX_WAV_PREAMBLE_BYTES = 1024 * 1024;
/** Maximum number of chunks after the first samples, with those of joined files. It bounds the work of an upload. */
export const MAX_CHUNKS_BEHIND = 4096;

/**
 * Maximum length that is believed. A recorder that does not know the length yet writes 0, or a length near one of the
 * two greatest numbers that programs use for a length. No upload comes near this one.
 */
const MAX_TRUE_LENGTH = 0x10_00_00_00;
/** Number of bytes of samples of unknown length that are searched at once for the head of another file. */
const SEARCHED_BYTES = 16 * 1024;
/** Size of the head of a joined WAV file: "RIFF", a length, "WAVEfmt ". Chance of an error: 2 ** -96. */
const JOINED_HEAD_BYTES = 16;

/** Tells whether a file begins as RIFF does. */
export function isRiff(head: Uint8Array): boolean {
  return hasText(head, 0, 'RIFF');
}

/** Tells whether a WAV file begins at a position. */
export function isWavAt(bytes: Uint8Array, at: number): boolean {
  return hasText(bytes, at, 'RIFF') && hasText(bytes, at + 8, 'WAVE');
}

/** Returns the length in the header of `data` in bytes; null if it stands for the rest of the file. */
function trueLength(length: number): number | null {
  return length === 0 || length > MAX_TRUE_LENGTH ? null : length;
}

/**
 * Reads a WAV file (RIFF and "New Multimedia Data Types", WAVE_FORMAT_EXTENSIBLE), and files of the same format that
 * were joined to it. Ignores the length of the whole file, and the length of `data` if the file is shorter. Throws
 * `recording_unsupported` for a file without samples or with samples of two formats, and `message_empty` if the file
 * ends before its samples.
 */
export function* wavFile(): Steps<void> {
  const riff = yield* read(RIFF_HEADER_BYTES);
  if (riff.length < RIFF_HEADER_BYTES) throw soundless('the WAV file ends within its header');
  if (!isWavAt(riff, 0)) throw unsupported('a RIFF file other than WAV');
  yield* skip(RIFF_HEADER_BYTES);
  const { format, length } = yield* preamble();
  yield* settle(format);
  yield* samples(format, length);
  yield* whatFollows(format);
}

/** Skips the chunks before the samples. Returns the format and the length of the samples. */
function* preamble(): Steps<{ format: ArrivingSamples; length: number | null }> {
  let format: ArrivingSamples | null = null;
  for (let position = RIFF_HEADER_BYTES; ;) {
    const head = yield* read(CHUNK_HEADER_BYTES);
    if (head.length < CHUNK_HEADER_BYTES) throw soundless('the WAV file ends before its samples');
    const length = uint32le(head, 4);
    if (hasText(head, 0, 'data')) {
      if (format === null) throw unsupported('a WAV file with no format before its samples');
      yield* skip(CHUNK_HEADER_BYTES);
      return { format, length: trueLength(length) };
    }
    // A chunk begins at an even position: after an odd size comes a padding byte.
    const chunkBytes = CHUNK_HEADER_BYTES + length + (length % 2);
    position += chunkBytes;
    if (position > MAX_WAV_PREAMBLE_BYTES) {
      throw unsupported(`a WAV file with more than ${MAX_WAV_PREAMBLE_BYTES} bytes before its samples`);
    }
    if (hasText(head, 0, 'fmt ')) {
      format = yield* wavFormat(length);
      if (format === null) throw soundless('the WAV file ends within its header');
    }
    yield* skip(chunkBytes);
  }
}

/** Returns the format in the `fmt ` chunk at the present position; null if the file ends inside it. */
function* wavFormat(length: number): Steps<ArrivingSamples | null> {
  const end = CHUNK_HEADER_BYTES + Math.min(length, MAX_FORMAT_BYTES);
  const chunk = yield* read(end);
  return chunk.length < end ? null : parseWavFormat(chunk.subarray(CHUNK_HEADER_BYTES));
}

/** Reads `length` bytes of samples, and the padding after them. */
function* samples(format: ArrivingSamples, length: number | null): Steps<void> {
  if (length === null) {
    yield* samplesOfUnknownLength(format.channels * format.sampleBytes);
    return;
  }
  yield* sound(length);
  if (length % 2 === 0) return;
  // Not every program writes the padding.
  const padding = yield* read(1);
  if (byteAt(padding, 0) === 0) yield* skip(1);
}

/** Reads samples up to the head of a joined file, or to the end. */
function* samplesOfUnknownLength(frameBytes: number): Steps<void> {
  for (;;) {
    const ahead = yield* read(SEARCHED_BYTES);
    const at = joinedHeadIn(ahead);
    if (at !== null) {
      yield* sound(at);
      return;
    }
    if (ahead.length < SEARCHED_BYTES) {
      yield* sound(ahead.length);
      return;
    }
    // The rest may be the beginning of a head. Whole frames only, so that none is cut.
    const certain = ahead.length - JOINED_HEAD_BYTES + 1;
    yield* sound(certain - (certain % frameBytes));
  }
}

function joinedHeadIn(bytes: Uint8Array): number | null {
  for (let at = bytes.indexOf(0x52); at !== -1; at = bytes.indexOf(0x52, at + 1)) {
    if (isWavAt(bytes, at) && hasText(bytes, at + RIFF_HEADER_BYTES, 'fmt ')) return at;
  }
  return null;
}

function isChunkName(head: Uint8Array): boolean {
  return head.subarray(0, 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}

function isSame(one: ArrivingSamples, other: ArrivingSamples): boolean {
  return (
    one.encoding === other.encoding &&
    one.sampleRate === other.sampleRate &&
    one.channels === other.channels &&
    one.sampleBytes === other.sampleBytes
  );
}

/** Drops the chunks after the samples, and reads the samples of joined files. */
function* whatFollows(format: ArrivingSamples): Steps<void> {
  for (let chunks = 0; ; chunks += 1) {
    const head = yield* read(RIFF_HEADER_BYTES);
    if (head.length < CHUNK_HEADER_BYTES || !isChunkName(head)) return;
    if (chunks === MAX_CHUNKS_BEHIND) {
      throw unsupported(`a WAV file with more than ${MAX_CHUNKS_BEHIND} chunks after its samples`);
    }
    const length = uint32le(head, 4);
    if (isWavAt(head, 0)) {
      yield* skip(RIFF_HEADER_BYTES);
    } else if (hasText(head, 0, 'data')) {
      yield* skip(CHUNK_HEADER_BYTES);
      yield* samples(format, trueLength(length));
    } else {
      const other = hasText(head, 0, 'fmt ') ? yield* wavFormat(length) : null;
      if (other !== null && !isSame(format, other)) {
        throw unsupported('a WAV file of several recordings in different formats');
      }
      yield* skip(CHUNK_HEADER_BYTES + length + (length % 2));
    }
  }
}
