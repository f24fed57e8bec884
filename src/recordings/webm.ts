import { byteAt, hasText } from './bytes.ts';
import { element, numberOf, type Element } from './ebml.ts';
import { MIN_SOUND_MS } from './format.ts';
import { OPUS_PACKET_HEAD_BYTES, opusPacketMs } from './opus-packet.ts';
import { soundless, unsupported } from './refusals.ts';
import { pass, read, settle, type Steps } from './steps.ts';

/** Identifiers of the elements that are read (RFC 9559, 5.1). Every other element is passed as a whole. */
const EBML = 0x1a_45_df_a3;
const DOC_TYPE = 0x42_82;
const SEGMENT = 0x18_53_80_67;
const TRACKS = 0x16_54_ae_6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CLUSTER = 0x1f_43_b6_75;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;

/** Elements whose head is passed and whose content is read. */
const ENTERED: ReadonlySet<number> = new Set([EBML, SEGMENT, TRACKS, TRACK_ENTRY, CLUSTER, BLOCK_GROUP]);
/** Elements that may have an unknown length (RFC 9559, 5.1: `unknownsizeallowed`). */
const MAY_BE_ENDLESS: ReadonlySet<number> = new Set([SEGMENT, CLUSTER]);
/** Elements whose content is a number or a short text. */
const VALUES: ReadonlySet<number> = new Set([DOC_TYPE, TRACK_NUMBER, TRACK_TYPE, CODEC_ID]);
const MAX_VALUE_BYTES = 64;

const VIDEO = 1;
const AUDIO = 2;
/**
 * Number of bytes of a block that are read: a track number of up to 8, a time of 2, the flags, and the beginning of a
 * packet.
 */
const BLOCK_HEAD_BYTES = 11 + OPUS_PACKET_HEAD_BYTES;
const LACING = 0x06;

/**
 * Maximum number of elements before enough sound. Recorders write about forty; the maximum bounds the work of an upload
 * without sound.
 */
export const MAX_WEBM_ELEMENTS = 4096;

interface Track {
  number: number;
  type: number;
  codec: string;
}

/**
 * Tells whether a file begins with an EBML header (RFC 8794, 11.2.1). Every Matroska file does; the document type tells
 * WebM from others.
 */
export function isEbml(head: Uint8Array): boolean {
  return hasText(head, 0, '\u001a\u0045\u00df\u00a3');
}

/** Tracks and length of the sound of a file, as far as they have been read. */
class WebmFile {
  #isWebm = false;
  readonly #tracks: Track[] = [];
  #audio: Track | null = null;
  #soundMs = 0;

  /** Length of the sound so far in milliseconds. */
  get soundMs(): number {
    return this.#soundMs;
  }

  /** Reads one element. Throws `recording_unsupported` for other files than WebM with one track of sound. */
  take(id: number, content: Uint8Array): void {
    const track = this.#tracks.at(-1);
    switch (id) {
      case DOC_TYPE:
        requireWebm(textOf(content));
        this.#isWebm = true;
        return;
      case TRACK_ENTRY:
        this.#tracks.push({ number: 0, type: 0, codec: '' });
        return;
      case TRACK_NUMBER:
        if (track !== undefined) track.number = numberOf(content);
        return;
      case TRACK_TYPE:
        if (track !== undefined) track.type = numberOf(content);
        return;
      case CODEC_ID:
        if (track !== undefined) track.codec = textOf(content);
        return;
      case CLUSTER:
        if (!this.#isWebm) throw unsupported('an EBML file of another kind than WebM');
        this.#audio = theAudioTrack(this.#tracks);
        return;
      case BLOCK:
      case SIMPLE_BLOCK:
        this.#soundMs += this.#blockMs(content);
        return;
      default:
    }
  }

  /** Returns the length of a block's sound in milliseconds; 0 for another track. */
  #blockMs(block: Uint8Array): number {
    const first = byteAt(block, 0);
    const numberBytes = Math.clz32(first) - 23;
    if (this.#audio === null || numberBytes > 8) return 0;
    const number = numberOf(block.subarray(0, numberBytes)) - 2 ** (7 * numberBytes);
    if (number !== this.#audio.number) return 0;
    // A packet of Vorbis has no length, so one block counts as enough sound.
    if (this.#audio.codec !== 'A_OPUS') return MIN_SOUND_MS;
    const flags = byteAt(block, numberBytes + 2);
    const packet = block.subarray(numberBytes + 3);
    // A block with lacing has several packets, and one of them is enough sound.
    if ((flags & LACING) !== 0) return MIN_SOUND_MS;
    return opusPacketMs(packet);
  }
}

function textOf(content: Uint8Array): string {
  const end = content.findLastIndex((byte) => byte !== 0) + 1;
  return String.fromCharCode(...content.subarray(0, end));
}

function requireWebm(documentType: string): void {
  if (documentType === 'webm') return;
  throw unsupported(
    documentType === 'matroska' ? 'a Matroska file' : 'an EBML file of another kind than WebM',
  );
}

function theAudioTrack(tracks: readonly Track[]): Track {
  if (tracks.some(({ type }) => type === VIDEO)) throw unsupported('a WebM file with video');
  const [audio, another] = tracks.filter(({ type }) => type === AUDIO);
  if (audio === undefined) throw unsupported('a WebM file without an audio track');
  if (another !== undefined) throw unsupported('a WebM file with several audio tracks');
  if (audio.codec !== 'A_OPUS' && audio.codec !== 'A_VORBIS') {
    throw unsupported('a WebM file with neither Opus nor Vorbis');
  }
  return audio;
}

/**
 * Returns the number of bytes of an element that are read, and the number that are passed after that. Throws
 * `recording_unsupported` for an unknown length that is not allowed.
 */
function reach({ id, headBytes, length }: Element): { read: number; pass: number } {
  if (length === null && !MAY_BE_ENDLESS.has(id)) throw unsupported('a WebM file that is damaged');
  if (ENTERED.has(id)) return { read: headBytes, pass: headBytes };
  const whole = headBytes + (length ?? 0);
  if (VALUES.has(id)) return { read: headBytes + Math.min(length ?? 0, MAX_VALUE_BYTES), pass: whole };
  const isBlock = id === BLOCK || id === SIMPLE_BLOCK;
  return { read: isBlock ? Math.min(whole, headBytes + BLOCK_HEAD_BYTES) : headBytes, pass: whole };
}

/**
 * Reads a WebM file with one track of Opus or Vorbis and no video, until it has enough sound, then stores the rest.
 * Throws `recording_unsupported` for other tracks and damage, and `message_empty` for too little sound.
 */
export function* webmFile(): Steps<void> {
  yield* settle('audio/webm');
  const file = new WebmFile();
  for (let elements = 0; file.soundMs < MIN_SOUND_MS; elements += 1) {
    if (elements === MAX_WEBM_ELEMENTS) {
      throw unsupported(`a WebM file without sound in its first ${MAX_WEBM_ELEMENTS} elements`);
    }
    const next: Element | 'damaged' | null = yield* element();
    if (next === null) throw soundless(`the WebM file is shorter than ${MIN_SOUND_MS} ms`);
    if (next === 'damaged' || (elements === 0 && next.id !== EBML) || (elements > 0 && next.id === EBML)) {
      throw unsupported('a WebM file that is damaged');
    }
    const wanted = reach(next);
    const shown = yield* read(wanted.read);
    if (shown.length < wanted.read) throw soundless('the WebM file ends within its header');
    file.take(next.id, shown.subarray(next.headBytes));
    yield* pass(wanted.pass);
  }
  yield* pass(Infinity);
}
