import { byteAt } from './bytes.ts';
import type { FrameHeader, FrameSyntax } from './frames.ts';

/** ISO 11172-3, 2.4.2.3: bitrates of layer III in kbit/s, by their index; 0 is free format, 15 is forbidden. */
const BITRATES_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/** ISO 13818-3, 2.4.2.3: the same with half the sample rate. */
const BITRATES_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** In Hz, by their index, for MPEG 1; MPEG 2 has half of it, MPEG 2.5 a quarter. */
const SAMPLE_RATES_HZ = [44_100, 48_000, 32_000];

const MPEG25 = 0;
const RESERVED_VERSION = 1;
const MPEG1 = 3;
const LAYER_III = 1;
const MONO = 3;
const RESERVED_EMPHASIS = 2;

interface MpegFields {
  version: number;
  layer: number;
  protected: boolean;
  bitrate: number;
  rate: number;
  padding: number;
  mono: boolean;
}

/** The fields of a header of MPEG audio in any layer; null when a value is reserved. */
function fieldsAt(bytes: Uint8Array, at: number): MpegFields | null {
  const [second, third, fourth] = [byteAt(bytes, at + 1), byteAt(bytes, at + 2), byteAt(bytes, at + 3)];
  if (byteAt(bytes, at) !== 0xff || (second & 0xe0) !== 0xe0) return null;
  const fields = {
    version: (second >> 3) & 3,
    layer: (second >> 1) & 3,
    protected: (second & 1) === 0,
    bitrate: third >> 4,
    rate: (third >> 2) & 3,
    padding: (third >> 1) & 1,
    mono: fourth >> 6 === MONO,
  };
  const reserved =
    fields.version === RESERVED_VERSION ||
    fields.layer === 0 ||
    fields.bitrate === 15 ||
    fields.rate === 3 ||
    (fourth & 3) === RESERVED_EMPHASIS;
  return reserved ? null : fields;
}

/** Where encoders put their table of contents: behind the side information, or 32 bytes behind the header. */
function contentsAt(fields: MpegFields): readonly number[] {
  const sideInformation = fields.version === MPEG1 ? (fields.mono ? 17 : 32) : fields.mono ? 9 : 17;
  return [4 + (fields.protected ? 2 : 0) + sideInformation, 36];
}

function parseMp3(bytes: Uint8Array, at: number): FrameHeader | null {
  const fields = fieldsAt(bytes, at);
  if (fields === null || fields.layer !== LAYER_III || fields.bitrate === 0) return null;
  const mpeg1 = fields.version === MPEG1;
  const bitrate = (mpeg1 ? BITRATES_MPEG1 : BITRATES_MPEG2)[fields.bitrate] ?? 0;
  const divisor = mpeg1 ? 1 : fields.version === MPEG25 ? 4 : 2;
  const rate = (SAMPLE_RATES_HZ[fields.rate] ?? 1) / divisor;
  // A frame lasts 1152 samples in MPEG 1, 576 in the others; an eighth of that turns bits a second into bytes a frame.
  const frame = Math.floor(((mpeg1 ? 144 : 72) * bitrate * 1000) / rate) + fields.padding;
  const stream = fields.version * 8 + fields.rate * 2 + (fields.mono ? 1 : 0);
  return { bytes: frame, stream, contentsAt: contentsAt(fields) };
}

/** MPEG 1, 2 and 2.5, layer III, of a stated bitrate: 24 to 1,441 bytes a frame. */
export const MP3: FrameSyntax = { headerBytes: 4, parse: parseMp3 };

/** ISO 13818-7, 6.2: the fixed header, and the length of the frame in 13 bits. */
function parseAdts(bytes: Uint8Array, at: number): FrameHeader | null {
  const [second, third, fourth] = [byteAt(bytes, at + 1), byteAt(bytes, at + 2), byteAt(bytes, at + 3)];
  if (byteAt(bytes, at) !== 0xff || (second & 0xf6) !== 0xf0 || ((third >> 2) & 15) > 12) return null;
  const length = ((fourth & 3) << 11) | (byteAt(bytes, at + 4) << 3) | (byteAt(bytes, at + 5) >> 5);
  if (length < ((second & 1) === 0 ? 9 : 7)) return null;
  return { bytes: length, stream: (second << 16) | ((third & 0xfd) << 8) | (fourth & 0xc0) };
}

/** AAC in ADTS, up to 8,191 bytes a frame: known so that it can be named. */
export const ADTS: FrameSyntax = { headerBytes: 7, parse: parseAdts };

/** MPEG audio that begins here and is not accepted, as a noun with its article; null when there is none. */
export function unacceptedMpegAudio(head: Uint8Array): string | null {
  const fields = head.length < MP3.headerBytes ? null : fieldsAt(head, 0);
  if (fields === null) return null;
  if (fields.layer !== LAYER_III) return 'MPEG audio of another layer than III';
  return fields.bitrate === 0 ? 'MP3 of free format' : null;
}
