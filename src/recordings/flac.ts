import { byteAt, hasText, uint16be, uint24be } from './bytes.ts';
import { soundless, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/** Size of "fLaC" and the header of the first metadata block. */
const BEGINNING_BYTES = 8;
const BLOCK_HEADER_BYTES = 4;
const STREAMINFO_BYTES = 34;
const STREAMINFO = 0;
/** Forbidden type of a metadata block (RFC 9639, 8.1): it would look like the sync code of a frame. */
const FORBIDDEN_BLOCK = 127;
/** Least size of a frame: its header (6), a constant subframe (2) and the CRC (2). */
const MIN_FRAME_BYTES = 10;

/**
 * Maximum number of metadata blocks, far more than any program writes. It bounds the work of an upload of empty blocks.
 */
export const MAX_METADATA_BLOCKS = 1024;

/** Tells whether a file begins as FLAC does. */
export function isFlac(head: Uint8Array): boolean {
  return hasText(head, 0, 'fLaC');
}

/**
 * Tells whether stream information is valid (RFC 9639, 8.2): block sizes in samples, sample rate of 20 bits, bits per
 * sample.
 */
function isSensibleStreamInfo(info: Uint8Array): boolean {
  const smallestBlock = uint16be(info, 0);
  const largestBlock = uint16be(info, 2);
  const sampleRate = uint24be(info, 10) >> 4;
  const bits = (((byteAt(info, 12) & 1) << 4) | (byteAt(info, 13) >> 4)) + 1;
  return smallestBlock >= 16 && largestBlock >= smallestBlock && sampleRate > 0 && bits >= 4;
}

/** Tells whether a frame header is valid (RFC 9639, 9.1): the sync code of 15 bits, and no reserved value. */
function isFrameHeader(header: Uint8Array): boolean {
  const blockSize = byteAt(header, 2) >> 4;
  const sampleRate = byteAt(header, 2) & 0x0f;
  const channels = byteAt(header, 3) >> 4;
  const bits = (byteAt(header, 3) >> 1) & 0x07;
  const sync = (uint16be(header, 0) & 0xff_fe) === 0xff_f8;
  const reserved = (byteAt(header, 3) & 1) !== 0;
  return sync && blockSize !== 0 && sampleRate !== 15 && channels <= 10 && bits !== 3 && !reserved;
}

/**
 * Reads a FLAC file: its metadata (RFC 9639, 8), its first frame, and the rest. Throws `recording_unsupported` for
 * other content, and `message_empty` for a file without sound.
 */
export function* flacFile(): Steps<void> {
  yield* settle('audio/flac');
  const beginning = yield* read(BEGINNING_BYTES);
  if (beginning.length < BEGINNING_BYTES) throw soundless('the FLAC file ends within its header');
  const type = byteAt(beginning, 4) & 0x7f;
  if (type !== STREAMINFO || uint24be(beginning, 5) !== STREAMINFO_BYTES) {
    throw unsupported('a FLAC file that does not begin with its stream information');
  }
  const header = yield* read(BEGINNING_BYTES + STREAMINFO_BYTES);
  if (header.length < BEGINNING_BYTES + STREAMINFO_BYTES) {
    throw soundless('the FLAC file ends within its header');
  }
  if (!isSensibleStreamInfo(header.subarray(BEGINNING_BYTES))) {
    throw unsupported('a FLAC file with invalid stream information');
  }
  const last = (byteAt(beginning, 4) & 0x80) !== 0;
  yield* pass(BEGINNING_BYTES + STREAMINFO_BYTES);
  if (!last) yield* passMetadata();
  const frame = yield* read(MIN_FRAME_BYTES);
  if (frame.length < MIN_FRAME_BYTES) throw soundless('the FLAC file has no audio frame');
  if (!isFrameHeader(frame)) throw unsupported('a FLAC file with no audio frame after its metadata');
  yield* pass(Infinity);
}

function* passMetadata(): Steps<void> {
  let last = false;
  // The stream information was the first block.
  for (let blocks = 1; !last; blocks += 1) {
    if (blocks === MAX_METADATA_BLOCKS) {
      throw unsupported(`a FLAC file with more than ${MAX_METADATA_BLOCKS} metadata blocks`);
    }
    const header = yield* read(BLOCK_HEADER_BYTES);
    if (header.length < BLOCK_HEADER_BYTES) throw soundless('the FLAC file ends within its metadata');
    if ((byteAt(header, 0) & 0x7f) === FORBIDDEN_BLOCK) {
      throw unsupported('a FLAC file with a metadata block of a forbidden type');
    }
    last = (byteAt(header, 0) & 0x80) !== 0;
    yield* pass(BLOCK_HEADER_BYTES + uint24be(header, 1));
  }
}
