import { byteAt, hasText, uint16le, uint32le, uint64le } from './bytes.ts';
import { MIN_SOUND_MS } from './format.ts';
import { soundless, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/** Size of a page's header from "OggS" to the number of segments (RFC 3533, 6). */
const PAGE_HEADER_BYTES = 27;
/** Number of bytes of a stream's first packet that are read: they identify the codec, and contain all used fields. */
const IDENTIFICATION_BYTES = 20;
const BEGINS_STREAM = 0x02;
/** Each half of a granule position if no packet ends on the page. */
const NO_PACKET_ENDS = 0xff_ff_ff_ff;

/**
 * Maximum number of pages before enough sound. Half a second of sound has one or two pages; the maximum bounds the work
 * of an upload without sound.
 */
export const MAX_OGG_PAGES = 1024;
/** Rate of granule positions of Opus in Hz, whatever the rate of the input (RFC 7845, 4). */
const OPUS_RATE_HZ = 48_000;

/** An audio stream, with the numbers that turn granule positions into time. */
interface AudioStream {
  serial: number;
  rateHz: number;
  /** Number of samples at the beginning that are decoded but not played. */
  skipped: number;
}

interface Page {
  beginsStream: boolean;
  serial: number;
  /** Position of the last sample that ends on the page; null if none does. */
  granule: number | null;
  /** Beginning of the content, if the page begins a stream. */
  content: Uint8Array;
  bytes: number;
}

/** First bytes of known streams that are not accepted. */
const OTHER_STREAMS: readonly (readonly [head: string, name: string])[] = [
  ['Speex   ', 'an Ogg file with Speex'],
  ['\u007fFLAC', 'an Ogg file with FLAC'],
  ['\u0080theora', 'an Ogg file with video'],
  ['\u0001video', 'an Ogg file with video'],
  ['BBCD', 'an Ogg file with video'],
  ['OVP80', 'an Ogg file with video'],
];

/** Tells whether a file begins as Ogg does. */
export function isOgg(head: Uint8Array): boolean {
  return hasText(head, 0, 'OggS');
}

/**
 * Reads the head of the next page; null at the end of the file, even inside the head. Throws `recording_unsupported`
 * for damage.
 */
function* page(): Steps<Page | null> {
  const head = yield* read(PAGE_HEADER_BYTES);
  if (head.length < PAGE_HEADER_BYTES) return null;
  if (!isOgg(head) || byteAt(head, 4) !== 0) throw unsupported('an Ogg file that is damaged');
  const beginsStream = (byteAt(head, 5) & BEGINS_STREAM) !== 0;
  const isOpen = uint32le(head, 6) === NO_PACKET_ENDS && uint32le(head, 10) === NO_PACKET_ENDS;
  const granule = isOpen ? null : uint64le(head, 6);
  const serial = uint32le(head, 14);
  const contentAt = PAGE_HEADER_BYTES + byteAt(head, 26);
  const lengths = (yield* read(contentAt)).subarray(PAGE_HEADER_BYTES);
  const bytes = contentAt + lengths.reduce((sum, length) => sum + length, 0);
  const looked = Math.min(bytes, contentAt + (beginsStream ? IDENTIFICATION_BYTES : 0));
  const known = yield* read(looked);
  if (known.length < looked) return null;
  return { beginsStream, serial, granule, content: known.slice(contentAt), bytes };
}

/**
 * Returns the audio stream that a page begins; null for a stream that only describes others. Throws
 * `recording_unsupported` for any other stream.
 */
function audioStream({ serial, content }: Page): AudioStream | null {
  // RFC 7845, 5.1: a decoder of version 0 can play versions whose upper half is 0.
  if (hasText(content, 0, 'OpusHead') && byteAt(content, 8) < 16 && byteAt(content, 9) > 0) {
    return { serial, rateHz: OPUS_RATE_HZ, skipped: uint16le(content, 10) };
  }
  // Vorbis I, 4.2.2: channels and rate must not be 0.
  const rateHz = uint32le(content, 12);
  if (hasText(content, 0, '\u0001vorbis') && byteAt(content, 11) > 0 && rateHz > 0) {
    return { serial, rateHz, skipped: 0 };
  }
  if (hasText(content, 0, 'fishead\0')) return null;
  const known = OTHER_STREAMS.find(([head]) => hasText(content, 0, head));
  throw unsupported(known?.[1] ?? 'an Ogg file with neither Opus nor Vorbis');
}

/**
 * Reads an Ogg file with one stream of Opus or Vorbis, until it has enough sound, then stores the rest. Throws
 * `recording_unsupported` for other streams and damage, and `message_empty` for too little sound.
 */
export function* oggFile(): Steps<void> {
  yield* settle('audio/ogg');
  let stream: AudioStream | null = null;
  for (let pages = 0; ; pages += 1) {
    if (pages === MAX_OGG_PAGES) {
      throw unsupported(`an Ogg file without sound on its first ${MAX_OGG_PAGES} pages`);
    }
    const next: Page | null = yield* page();
    if (next === null) {
      throw soundless(
        stream === null
          ? 'the Ogg file ends within its header'
          : `the Ogg file is shorter than ${MIN_SOUND_MS} ms`,
      );
    }
    if (next.beginsStream) {
      const begun = audioStream(next);
      if (begun !== null && stream !== null) throw unsupported('an Ogg file with several streams');
      stream ??= begun;
    } else if (stream?.serial === next.serial && next.granule !== null) {
      const milliseconds = ((next.granule - stream.skipped) * 1000) / stream.rateHz;
      if (milliseconds >= MIN_SOUND_MS) break;
    }
    yield* pass(next.bytes);
  }
  yield* pass(Infinity);
}
