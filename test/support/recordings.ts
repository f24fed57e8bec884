import { ProblemError, type ProblemCode } from '../../src/problems.ts';
import { RecordingIntake, type AudioConfig } from '../../src/recordings/intake.ts';
import type { RecordingType } from '../../src/contract/formats.ts';

export const PCM16: AudioConfig = { type: 'pcm', frame_rate: 16_000, n_channels: 1, sample_width: 2 };
export const PCM32: AudioConfig = { type: 'pcm', frame_rate: 8_000, n_channels: 1, sample_width: 4 };
export const MP3_CONFIG: AudioConfig = { type: 'mp3' };
export const CONFIGS: readonly (AudioConfig | null)[] = [null, MP3_CONFIG, PCM16, PCM32];

export type Taken =
  | { ok: true; content_type: RecordingType; stored: Uint8Array }
  | { ok: false; code: ProblemCode; detail: string };

/** Returns the result of an intake for a recording that is divided into chunks of these sizes, repeatedly. */
export function take(
  config: AudioConfig | null,
  recording: Uint8Array,
  sizes: number[] = [Infinity],
  declared: string | null = null,
): Taken {
  const stored: Uint8Array[] = [];
  try {
    const intake = new RecordingIntake(config, declared);
    for (let at = 0, turn = 0; at < recording.length; turn += 1) {
      const end = Math.min(recording.length, at + (sizes[turn % sizes.length] ?? Infinity));
      // A chunk's memory is its sender's again afterwards: whatever the intake kept must be its own.
      const chunk = recording.slice(at, end);
      stored.push(intake.push(chunk).slice());
      chunk.fill(0xaa);
      at = end;
    }
    const { header, rest, content_type } = intake.end();
    return { ok: true, content_type, stored: concat(header, ...stored, rest) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { ok: false, code: error.problem.code, detail: error.problem.detail };
  }
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes that are loud samples in any format, and the same every time. */
export function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 0x7f_ff_ff_ff;
    return state >> 8;
  });
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function littleEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256);
}

/** A chunk of RIFF: padded when odd, and with another length than its own where one is claimed. */
export function chunk(name: string, content: Uint8Array, claimed = content.length): Uint8Array {
  return concat(ascii(name), littleEndian(claimed, 4), content, new Uint8Array(content.length % 2));
}

export interface Format {
  encoding?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  block?: number;
}

export function format({
  encoding = 1,
  channels = 1,
  rate = 16_000,
  bits = 16,
  block,
}: Format = {}): Uint8Array {
  const blockBytes = block ?? (channels * bits) / 8;
  return concat(
    littleEndian(encoding, 2),
    littleEndian(channels, 2),
    littleEndian(rate, 4),
    littleEndian(rate * blockBytes, 4),
    littleEndian(blockBytes, 2),
    littleEndian(bits, 2),
  );
}

/** The same with an extension: the code of its subformat, and the GUID's rest. */
export function extensible(subformat: number, made: Format = {}, tail?: Uint8Array): Uint8Array {
  const guid = Uint8Array.of(0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113);
  return concat(
    format({ ...made, encoding: 0xff_fe }),
    littleEndian(22, 2),
    littleEndian(made.bits ?? 16, 2),
    littleEndian(0, 4),
    littleEndian(subformat, 2),
    tail ?? guid,
  );
}

export function riff(...chunks: Uint8Array[]): Uint8Array {
  const content = concat(ascii('WAVE'), ...chunks);
  return concat(ascii('RIFF'), littleEndian(content.length, 4), content);
}

export function wav(samples: Uint8Array, made: Format = {}): Uint8Array {
  return riff(chunk('fmt ', format(made)), chunk('data', samples));
}

export interface ReadWav {
  channels: number;
  rate: number;
  bits: number;
  samples: Uint8Array;
}

/** Reads a canonical WAV file, and holds each of its lengths to the truth. */
export function readWav(file: Uint8Array): ReadWav {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (at: number, length: number) => String.fromCharCode(...file.subarray(at, at + length));
  const data = view.getUint32(40, true);
  const [channels, rate, bits] = [
    view.getUint16(22, true),
    view.getUint32(24, true),
    view.getUint16(34, true),
  ];
  const frame = (channels * bits) / 8;
  const truths = [
    text(0, 4) === 'RIFF' && text(8, 8) === 'WAVEfmt ' && text(36, 4) === 'data',
    view.getUint32(4, true) === file.length - 8,
    view.getUint32(16, true) === 16 && view.getUint16(20, true) === 1,
    view.getUint32(28, true) === rate * frame && view.getUint16(32, true) === frame,
    data > 0 && data % frame === 0 && file.length === 44 + data + (data % 2),
  ];
  if (truths.includes(false)) throw new Error(`The WAV file lies: ${JSON.stringify(truths)}`);
  return { channels, rate, bits, samples: file.subarray(44, 44 + data) };
}

/** Silent frames of MPEG 2, layer III: 16 kHz, mono, 24 kbit/s, 108 bytes each; the first may hold a text. */
export function mp3Frames(count: number, contents = ''): Uint8Array {
  const frames = new Uint8Array(108 * count);
  for (let at = 0; at < frames.length; at += 108) frames.set([0xff, 0xf3, 0x38, 0xc4], at);
  frames.set(ascii(contents), 4 + 9);
  return frames;
}

/** Frames of AAC in ADTS, 32 bytes each. */
export function adtsFrames(count: number): Uint8Array {
  const frames = new Uint8Array(32 * count);
  for (let at = 0; at < frames.length; at += 32) frames.set([0xff, 0xf1, 0x60, 0x40, 0x04, 0x1f, 0xfc], at);
  return frames;
}

/** An ID3v2 tag around a picture of that many bytes; with a footer only in version 2.4. */
export function id3(bytes: number, { version = 4, footer = false } = {}): Uint8Array {
  const size = [21, 14, 7, 0].map((shift) => (bytes >> shift) & 0x7f);
  const marks = [version, 0, footer ? 0x10 : 0, ...size];
  const content = new Uint8Array(bytes).fill(0xff);
  return concat(
    ascii('ID3'),
    Uint8Array.from(marks),
    content,
    footer ? concat(ascii('3DI'), Uint8Array.from(marks)) : new Uint8Array(),
  );
}

/** An APE tag of version 2 in front of a file: its header, so many bytes of items, and its footer. */
export function ape(bytes: number): Uint8Array {
  const mark = (flags: number) =>
    concat(
      ascii('APETAGEX'),
      littleEndian(2_000, 4),
      littleEndian(bytes + 32, 4),
      littleEndian(1, 4),
      littleEndian(flags, 4),
      new Uint8Array(8),
    );
  // Bit 31: there is a header. Bit 29: this is it.
  return concat(mark(0xa0_00_00_00), new Uint8Array(bytes).fill(0xff), mark(0x80_00_00_00));
}
