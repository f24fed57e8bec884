import { hasText, uint32le } from './bytes.ts';
import { soundless, unsupported } from './refusals.ts';
import type { Samples } from './samples.ts';
import { read, skip, type Steps } from './steps.ts';
import { MAX_FORMAT_BYTES, parseWavFormat } from './wav-format.ts';

/** "RIFF", a length, "WAVE". */
const RIFF_HEADER_BYTES = 12;
/** The name and the length of a chunk. */
const CHUNK_HEADER_BYTES = 8;
/**
 * What may stand before the samples: metadata, padding to a sector, even a picture. It is skipped and not held; the
 * bound keeps an upload from being metadata without end.
 */
export const MAX_WAV_PREAMBLE_BYTES = 1024 * 1024;

/** The lengths that a recorder writes when it does not know yet how long the recording becomes. */
const UNKNOWN_LENGTHS: readonly number[] = [0, 0xff_ff_ff_ff];

/** Whether the bytes begin a RIFF file, of whatever kind. */
export function isRiff(head: Uint8Array): boolean {
  return hasText(head, 0, 'RIFF');
}

/**
 * Reads the header of a WAV file up to its first sample (RIFF and "New Multimedia Data Types", WAVE_FORMAT_EXTENSIBLE).
 * The length of the whole is not believed; that of `data` only where it is shorter than what follows. Throws
 * `ProblemError` `recording_unsupported` for anything but PCM, `message_empty` when the file ends before its samples.
 */
export function* wavSamples(): Steps<Samples> {
  const riff = yield* read(RIFF_HEADER_BYTES);
  if (riff.length < RIFF_HEADER_BYTES) throw soundless('the WAV file ends within its header');
  if (!hasText(riff, 8, 'WAVE')) throw unsupported('a RIFF file other than WAV');
  yield* skip(RIFF_HEADER_BYTES);
  let format: Samples['format'] | null = null;
  for (let position = RIFF_HEADER_BYTES; ;) {
    const head = yield* read(CHUNK_HEADER_BYTES);
    if (head.length < CHUNK_HEADER_BYTES) throw soundless('the WAV file ends before its samples');
    const length = uint32le(head, 4);
    if (hasText(head, 0, 'data')) {
      if (format === null) throw unsupported('a WAV file with no format before its samples');
      yield* skip(CHUNK_HEADER_BYTES);
      return { format, maxBytes: UNKNOWN_LENGTHS.includes(length) ? null : length };
    }
    // A chunk begins at an even position: an odd one is padded.
    const chunkBytes = CHUNK_HEADER_BYTES + length + (length % 2);
    position += chunkBytes;
    if (position > MAX_WAV_PREAMBLE_BYTES) {
      throw unsupported(`a WAV file with more than ${MAX_WAV_PREAMBLE_BYTES} bytes before its samples`);
    }
    if (hasText(head, 0, 'fmt ')) format = yield* wavFormat(length);
    yield* skip(chunkBytes);
  }
}

function* wavFormat(length: number): Steps<Samples['format']> {
  const end = CHUNK_HEADER_BYTES + Math.min(length, MAX_FORMAT_BYTES);
  const chunk = yield* read(end);
  if (chunk.length < end) throw soundless('the WAV file ends within its header');
  return parseWavFormat(chunk.subarray(CHUNK_HEADER_BYTES));
}
