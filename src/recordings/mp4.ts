import { byteAt, hasText, uint32be, uint64be } from './bytes.ts';
import { MIN_SOUND_MS } from './format.ts';
import { soundless, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/**
 * Size of the header of a box (ISO 14496-12, 4.2): a length of 32 bits and a name. If the length is 1, one of 64 bits
 * follows.
 */
const BOX_HEADER_BYTES = 8;
const LONG_BOX_HEADER_BYTES = 16;
/**
 * Names of boxes that contain boxes: their header is passed, and their content is read. Every other box is passed as a
 * whole.
 */
const ENTERED: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);
/** Number of bytes that are read of a box's content: up to the last field that is used. */
const READ_BYTES: Readonly<Record<string, number>> = { ftyp: 4, hdlr: 12, mdat: 1, mvhd: 32, stsd: 16 };

/**
 * Maximum number of boxes before tracks and sound. Recorders write about forty; the maximum bounds the work of an
 * upload of empty boxes.
 */
export const MAX_MP4_BOXES = 4096;

/** Accepted sound in MP4 by the names of sample entries: AAC, ALAC, FLAC, MP3 and Opus. */
const CODECS: ReadonlySet<string> = new Set(['mp4a', 'alac', 'fLaC', '.mp3', 'Opus']);
const OTHER_CODECS: Readonly<Record<string, string>> = {
  samr: 'an MP4 or 3GP file with AMR',
  sawb: 'an MP4 or 3GP file with AMR',
  enca: 'an MP4 file that is encrypted',
  'ac-3': 'an MP4 file with AC-3',
  'ec-3': 'an MP4 file with AC-3',
};
const OTHER_BRANDS: Readonly<Record<string, string>> = {
  'qt  ': 'a QuickTime file',
  heic: 'an image (HEIF)',
  heix: 'an image (HEIF)',
  mif1: 'an image (HEIF)',
  msf1: 'an image (HEIF)',
  avif: 'an image (AVIF)',
};

interface Box {
  name: string;
  headBytes: number;
  /** Size with the header in bytes; `Infinity` up to the end of the file. */
  bytes: number;
}

interface Track {
  handler: string;
  codec: string;
}

/** Tells whether a file begins as MP4 does. */
export function isMp4(head: Uint8Array): boolean {
  return hasText(head, 4, 'ftyp');
}

/**
 * Reads the header of the next box; null at the end of the file. Throws `recording_unsupported` for an impossible
 * length.
 */
function* box(): Steps<Box | null> {
  const head = yield* read(LONG_BOX_HEADER_BYTES);
  if (head.length < BOX_HEADER_BYTES) return null;
  const name = String.fromCharCode(...head.subarray(4, BOX_HEADER_BYTES));
  const length = uint32be(head, 0);
  if (length === 0) return { name, headBytes: BOX_HEADER_BYTES, bytes: Infinity };
  if (length === 1 && head.length < LONG_BOX_HEADER_BYTES) return null;
  const [headBytes, bytes] =
    length === 1 ? [LONG_BOX_HEADER_BYTES, uint64be(head, 8)] : [BOX_HEADER_BYTES, length];
  if (bytes < headBytes) throw unsupported('an MP4 file that is damaged');
  return { name, headBytes, bytes };
}

function fourCharacters(content: Uint8Array, at: number): string {
  return String.fromCharCode(...content.subarray(at, at + 4));
}

/**
 * Returns the duration of a file in milliseconds (ISO 14496-12, 8.2.2: time scale and duration, of 32 bits in version 0
 * and 64 in version 1). Null if the header has none, as in a file that was written while it was recorded.
 */
function millisecondsOf(header: Uint8Array): number | null {
  const isLong = byteAt(header, 0) === 1;
  const scale = uint32be(header, isLong ? 20 : 12);
  const duration = isLong ? uint64be(header, 24) : uint32be(header, 16);
  const isUnknown = duration === 0 || duration === (isLong ? 2 ** 64 : 0xff_ff_ff_ff);
  return scale === 0 || isUnknown ? null : (duration * 1000) / scale;
}

/** Tracks and duration of a file, as far as they have been read. */
class Mp4File {
  readonly #tracks: Track[] = [];
  /**
   * Duration by the header of the whole file. Some browsers write the durations of tracks in another unit than they
   * state.
   */
  #milliseconds: number | null = null;
  #position = 0;
  #moovEnd = 0;
  #hasMoov = false;
  #hasMedia = false;

  /** True once the description of the tracks is complete, and media data follows or came before. */
  get isKnown(): boolean {
    return this.#hasMoov && this.#hasMedia && this.#position >= this.#moovEnd;
  }

  /** True once the description of the tracks has begun. */
  get hasMoov(): boolean {
    return this.#hasMoov;
  }

  /** Reads the next box, and returns the number of its bytes to pass. */
  take({ name, headBytes, bytes }: Box, content: Uint8Array): number {
    const isWithin = this.#position < this.#moovEnd;
    if (isWithin && this.#position + bytes > this.#moovEnd) throw unsupported('an MP4 file that is damaged');
    if (name === 'ftyp') requireBrand(fourCharacters(content, 0));
    if (name === 'mdat' && content.length > 0) this.#hasMedia = true;
    if (name === 'moov') {
      if (this.#hasMoov || bytes === Infinity) throw unsupported('an MP4 file that is damaged');
      this.#hasMoov = true;
      this.#moovEnd = this.#position + bytes;
    }
    if (isWithin) this.#takeTrack(name, content);
    const isEntered = ENTERED.has(name) && (isWithin || name === 'moov');
    const passed = isEntered ? headBytes : bytes;
    this.#position += passed;
    if (this.#hasMoov && this.#position === this.#moovEnd) requireSound(this.#tracks, this.#milliseconds);
    return passed;
  }

  #takeTrack(name: string, content: Uint8Array): void {
    if (name === 'mvhd') this.#milliseconds = millisecondsOf(content);
    if (name === 'trak') this.#tracks.push({ handler: '', codec: '' });
    const track = this.#tracks.at(-1);
    if (track === undefined) return;
    // A second handler, in QuickTime, describes the data.
    if (name === 'hdlr' && track.handler === '') track.handler = fourCharacters(content, 8);
    if (name === 'stsd') track.codec = fourCharacters(content, 12);
  }
}

function requireBrand(brand: string): void {
  const other = OTHER_BRANDS[brand];
  if (other !== undefined) throw unsupported(other);
}

function requireSound(tracks: readonly Track[], milliseconds: number | null): void {
  if (tracks.some(({ handler }) => handler === 'vide')) throw unsupported('an MP4 or 3GP file with video');
  const [audio, another] = tracks.filter(({ handler }) => handler === 'soun');
  if (audio === undefined) throw unsupported('an MP4 file without an audio track');
  if (another !== undefined) throw unsupported('an MP4 file with several audio tracks');
  if (!CODECS.has(audio.codec)) {
    throw unsupported(OTHER_CODECS[audio.codec] ?? 'an MP4 file with an encoding other than AAC');
  }
  if (milliseconds !== null && milliseconds < MIN_SOUND_MS) {
    throw soundless(`the MP4 file is shorter than ${MIN_SOUND_MS} ms`);
  }
}

/**
 * Reads an MP4 file with one track of sound and no video, in any order of its boxes, fragmented or not. Throws
 * `recording_unsupported` for other tracks and damage, and `message_empty` for too little sound.
 */
export function* mp4File(): Steps<void> {
  yield* settle('audio/mp4');
  const file = new Mp4File();
  for (let boxes = 0; !file.isKnown; boxes += 1) {
    if (boxes === MAX_MP4_BOXES) {
      throw unsupported(`an MP4 file without sound in its first ${MAX_MP4_BOXES} boxes`);
    }
    const next: Box | null = yield* box();
    if (next === null) {
      if (file.hasMoov) throw soundless('the MP4 file ends before its sound');
      throw unsupported('an MP4 file without a description of its tracks');
    }
    const wanted = Math.min(next.bytes, next.headBytes + (READ_BYTES[next.name] ?? 0));
    const shown = yield* read(wanted);
    yield* pass(file.take(next, shown.subarray(next.headBytes)));
  }
  yield* pass(Infinity);
}
