import { byteAt, hasText, uint16le, uint32le, uint64le } from './bytes.ts';
import { MIN_SOUND_MS } from './format.ts';
import { soundless, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/** RFC 3533, 6: from "OggS" to the number of segments. */
const PAGE_HEADER_BYTES = 27;
/** The beginning of a stream's first packet, by which its codec is known; the fields that are read lie within it. */
const IDENTIFICATION_BYTES = 20;
const BEGINS_STREAM = 0x02;
/** A granule position that says that no packet ends on the page. */
const NO_PACKET_ENDS = 0xff_ff_ff_ff;

/** Pages until there is enough sound. Half a second of sound has a page or two; pages without any are work. */
export const MAX_OGG_PAGES = 1024;
/** RFC 7845, 4: granule positions of Opus count samples at this rate, whatever the rate of the input. */
const OPUS_RATE_HZ = 48_000;

/** How the granule positions of an audio stream become time. */
interface AudioStream {
  serial: number;
  rateHz: number;
  /** Samples that are decoded and not heard. */
  skipped: number;
}

interface Page {
  beginsStream: boolean;
  serial: number;
  /** The last sample that ends on the page; null when none does. */
  granule: number | null;
  /** The beginning of the content, for a page that begins a stream. */
  content: Uint8Array;
  bytes: number;
}

/** The first bytes of streams that are known and not accepted. */
const OTHER_STREAMS: readonly (readonly [head: string, name: string])[] = [
  ['Speex   ', 'an Ogg file with Speex'],
  ['\u007fFLAC', 'an Ogg file with FLAC'],
  ['\u0080theora', 'an Ogg file with video'],
  ['\u0001video', 'an Ogg file with video'],
  ['BBCD', 'an Ogg file with video'],
  ['OVP80', 'an Ogg file with video'],
];

export function isOgg(head: Uint8Array): boolean {
  return hasText(head, 0, 'OggS');
}

/** Reads the head of the page that begins here; null where the file ends, also within the head. */
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

/** The audio stream that a page begins; null when it is one that only describes others. Throws for any other. */
function audioStream({ serial, content }: Page): AudioStream | null {
  // RFC 7845, 5.1: the upper half of the version is 0 for what a decoder of version 0 can play.
  if (hasText(content, 0, 'OpusHead') && byteAt(content, 8) < 16 && byteAt(content, 9) > 0) {
    return { serial, rateHz: OPUS_RATE_HZ, skipped: uint16le(content, 10) };
  }
  // Vorbis I, 4.2.2: channels and rate are not 0.
  const rateHz = uint32le(content, 12);
  if (hasText(content, 0, '\u0001vorbis') && byteAt(content, 11) > 0 && rateHz > 0) {
    return { serial, rateHz, skipped: 0 };
  }
  if (hasText(content, 0, 'fishead\0')) return null;
  const known = OTHER_STREAMS.find(([head]) => hasText(content, 0, head));
  throw unsupported(known?.[1] ?? 'an Ogg file with neither Opus nor Vorbis');
}

/**
 * Takes an Ogg file with one stream of Opus or Vorbis, once there is enough sound in it. Throws `ProblemError`
 * `recording_unsupported` for other streams and damage, `message_empty` when there is too little sound.
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
