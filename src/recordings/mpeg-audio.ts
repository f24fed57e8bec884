import { byteAt } from './bytes.ts';
import type { FrameHeader, FrameSyntax } from './frames.ts';

/** Bitrates of layer III in kbit/s by index (ISO 11172-3, 2.4.2.3). 0 is free format, 15 is forbidden. */
const BITRATES_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/** Bitrates at half the sample rate (ISO 13818-3, 2.4.2.3). */
const BITRATES_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** Sample rates of MPEG 1 in Hz by index. MPEG 2 has half of them, MPEG 2.5 a quarter. */
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

/** Returns the fields of a header of MPEG audio of any layer; null if there is none or a value is reserved. */
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

/** Returns the positions of a table of contents: after the side information, or 32 bytes after the header. */
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
  // A frame has 1152 samples in MPEG 1 and 576 otherwise. An eighth of that turns bits per second into bytes per frame.
  const frame = Math.floor(((mpeg1 ? 144 : 72) * bitrate * 1000) / rate) + fields.padding;
  const stream = fields.version * 8 + fields.rate * 2 + (fields.mono ? 1 : 0);
  return { bytes: frame, stream, contentsAt: contentsAt(fields) };
}

/** Syntax of MPEG 1, 2 and 2.5, layer III, with a stated bitrate: 24 to 1,441 bytes per frame. */
export const MP3: FrameSyntax = { headerBytes: 4, parse: parseMp3 };

/** Returns the header of an ADTS frame (ISO 13818-7, 6.2: fixed header, frame length of 13 bits). */
function parseAdts(bytes: Uint8Array, at: number): FrameHeader | null {
  const [second, third, fourth] = [byteAt(bytes, at + 1), byteAt(bytes, at + 2), byteAt(bytes, at + 3)];
  if (byteAt(bytes, at) !== 0xff || (second & 0xf6) !== 0xf0 || ((third >> 2) & 15) > 12) return null;
  const length = ((fourth & 3) << 11) | (byteAt(bytes, at + 4) << 3) | (byteAt(bytes, at + 5) >> 5);
  if (length < ((second & 1) === 0 ? 9 : 7)) return null;
  return { bytes: length, stream: (second << 16) | ((third & 0xfd) << 8) | (fourth & 0xc0) };
}

/** Syntax of AAC in ADTS, up to 8,191 bytes per frame. It is recognized so that the refusal can name it. */
export const ADTS: FrameSyntax = { headerBytes: 7, parse: parseAdts };

/** Returns the name of MPEG audio that is not accepted, as a noun with its article; null if there is none. */
export function unacceptedMpegAudio(head: Uint8Array): string | null {
  const fields = head.length < MP3.headerBytes ? null : fieldsAt(head, 0);
  if (fields === null) return null;
  if (fields.layer !== LAYER_III) return 'MPEG audio of another layer than III';
  return fields.bitrate === 0 ? 'MP3 of free format' : null;
}
