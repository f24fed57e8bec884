/** Whatever comes, however it is cut: the same answer, a file that tells the truth, or a problem by its code. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { M4A, MP4_CHROMIUM, OGG_OPUS, WEBM_CHROMIUM } from '../fixtures/containers.ts';
import { FLAC, MP3_MPEG1, MP3_MPEG2, MP3_MPEG25 } from '../fixtures/recordings.ts';
import {
  adtsFrames,
  ascii,
  chunk,
  concat,
  CONFIGS,
  extensible,
  format,
  id3,
  littleEndian,
  mp3Frames,
  noise,
  PCM16,
  PCM32,
  readWav,
  riff,
  take,
  wav,
  type Taken,
} from '../support/recordings.ts';

const SAMPLES = noise(480);
/** For thousands of recordings in one test, on a machine that has much else to do. */
const MANY_MS = 60_000;
/** A rate at which so few of them are more than 50 ms. */
const SLOW = { rate: 2_000 };

const FILES: Readonly<Record<string, Uint8Array>> = {
  wav: wav(SAMPLES, SLOW),
  'wav of 24 bits in stereo': wav(SAMPLES, { bits: 24, channels: 2, rate: 1_000 }),
  'wav of floating point': wav(SAMPLES, { encoding: 3, bits: 32, rate: 1_000 }),
  'wav that was joined': concat(wav(SAMPLES, SLOW), chunk('LIST', SAMPLES), wav(SAMPLES.subarray(99), SLOW)),
  'silent wav': wav(new Uint8Array(480), SLOW),
  'wav with much around it': concat(
    riff(
      chunk('JUNK', SAMPLES),
      chunk('fmt ', extensible(1, { bits: 8, rate: 1_000 })),
      chunk('LIST', SAMPLES.subarray(0, 7)),
      chunk('data', SAMPLES.subarray(0, 99)),
    ),
    chunk('id3 ', SAMPLES),
  ),
  'wav that streams': riff(chunk('fmt ', format(SLOW)), chunk('data', SAMPLES, 0xff_ff_ff_ff)),
  'mp3 of MPEG 1': MP3_MPEG1,
  'mp3 of MPEG 2': MP3_MPEG2,
  'mp3 of MPEG 2.5': MP3_MPEG25,
  'mp3 with tags': concat(
    id3(500),
    id3(3, { footer: true }),
    mp3Frames(4, 'Info'),
    ascii('TAG'),
    new Uint8Array(125),
  ),
  'mp3 that was cut': concat(mp3Frames(1).subarray(50), mp3Frames(4)),
  flac: FLAC,
  'flac with a tag': concat(id3(200), FLAC),
  ogg: OGG_OPUS,
  webm: WEBM_CHROMIUM,
  mp4: MP4_CHROMIUM,
  m4a: M4A,
  'ogg that is damaged': concat(ascii('OggS\0'), SAMPLES),
  json: ascii('{"error":"no microphone"}'),
  text: ascii('There is no microphone here. '.repeat(20)),
  aac: adtsFrames(4),
  samples: SAMPLES,
};

/** Checks rules of every answer, and returns the answer. */
function checked(taken: Taken): Taken {
  if (!taken.ok) {
    expect(['message_empty', 'recording_unsupported']).toContain(taken.code);
    expect(taken.detail).toMatch(/^[A-Z].*\.$/);
  } else if (taken.content_type === 'audio/wav') {
    readWav(taken.stored);
  }
  return taken;
}

const config = fc.constantFrom(...CONFIGS);
const sizes = fc
  .array(fc.oneof(fc.nat(5), fc.nat(100), fc.nat(5_000)), { minLength: 1, maxLength: 8 })
  .filter(
    // With chunks of nothing alone one never arrives.
    (made) => made.some((size) => size > 0),
  );

/** Pieces that mean something to some format, in any order, among noise. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(...Object.values(FILES)),
  fc.constantFrom(
    ...['RIFF', 'WAVE', 'fmt ', 'data', 'fLaC', 'TAG', 'OggS', '\0\0\0 ftyp', 'moov'].map(ascii),
  ),
  fc.constantFrom(format(), extensible(1), id3(0), id3(20), mp3Frames(1), mp3Frames(2), adtsFrames(1)),
  fc.nat(0xff_ff_ff_ff).map((value) => littleEndian(value, 4)),
);
const mixture = fc.array(piece, { maxLength: 6 }).map((pieces) => concat(...pieces));
/** A file of which some bytes are not what they were. */
const damaged = fc
  .tuple(
    fc.constantFrom(...Object.values(FILES)),
    fc.array(fc.tuple(fc.oneof(fc.nat(120), fc.nat(1_800)), fc.nat(255)), { maxLength: 3 }),
    fc.nat(3_000),
  )
  .map(([file, changes, length]) => {
    const made = file.slice(0, Math.max(1, length));
    for (const [at, value] of changes) made[at] = value;
    return made;
  });
const anything = fc.oneof(fc.uint8Array({ maxLength: 300 }), mixture, damaged);

it('the division into chunks does not change the stored recording', () => {
  fc.assert(
    fc.property(config, anything, sizes, (about, recording, cuts) => {
      const whole = checked(take(about, recording));
      expect(take(about, recording, cuts)).toEqual(whole);
      expect(take(about, recording, [1])).toEqual(whole);
    }),
    { numRuns: 1500 },
  );
});

it.each(Object.entries(FILES))(
  '%s, cut off at every byte',
  (_, file) => {
    for (const about of CONFIGS) {
      for (let length = 0; length <= file.length; length += 1) {
        const cut = file.subarray(0, length);
        expect(checked(take(about, cut, [1 + (length % 61)]))).toEqual(checked(take(about, cut)));
      }
    }
  },
  MANY_MS,
);

it.each(Object.entries(FILES))(
  '%s, in two chunks that meet at every byte',
  (_, file) => {
    for (const about of CONFIGS) {
      const whole = checked(take(about, file));
      for (let at = 1; at < file.length; at += 1) expect(take(about, file, [at, Infinity])).toEqual(whole);
    }
  },
  MANY_MS,
);

it('bare samples are stored unchanged except a last incomplete one, if there are enough', () => {
  fc.assert(
    fc.property(fc.constantFrom(PCM16, PCM32), fc.nat(4_000), sizes, (about, length, cuts) => {
      const bytes = noise(length);
      const taken = checked(take(about, bytes, cuts));
      const width = about === PCM16 ? 2 : 4;
      const whole = bytes.subarray(0, bytes.length - (bytes.length % width));
      // 50 ms at 16 kHz of 2 bytes, and at 8 kHz of 4.
      if (whole.length < 1_600) expect(taken.ok).toBe(false);
      else expect(taken.ok && readWav(taken.stored).samples).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

const samplesOf = fc.record({
  channels: fc.integer({ min: 1, max: 8 }),
  bits: fc.constantFrom(8, 16, 24, 32),
  rate: fc.oneof(fc.integer({ min: 1_000, max: 8_000 }), fc.integer({ min: 1_000, max: 384_000 })),
  bytes: fc.nat(4_000).map((length) => noise(length)),
});
const around = fc.array(
  fc.record({
    name: fc.constantFrom('LIST', 'fact', 'bext', 'JUNK', 'id3 '),
    content: fc.uint8Array({ maxLength: 90 }),
  }),
  { maxLength: 3 },
);

it('a WAV file keeps its samples with any other chunks and any claimed lengths', () => {
  const claims = fc.oneof(fc.constantFrom(0, 0xff_ff_ff_ff), fc.nat(4_000), fc.nat(0xff_ff_ff_ff));
  fc.assert(
    fc.property(
      config,
      samplesOf,
      around,
      claims,
      fc.boolean(),
      sizes,
      (about, made, others, claimed, long, cuts) => {
        const { bytes, ...rest } = made;
        const chunks = others.map(({ name, content }) => chunk(name, content));
        const content = long ? extensible(1, rest) : format(rest);
        // The samples come last and are not padded, so that all that follows them is theirs.
        const head = riff(
          ...chunks,
          chunk('fmt ', content),
          ...chunks,
          chunk('data', new Uint8Array(), claimed),
        );
        const taken = checked(take(about, concat(head, bytes), cuts));
        const told = claimed === 0 ? bytes.length : Math.min(claimed, bytes.length);
        const kept = told - (told % ((rest.channels * rest.bits) / 8));
        const frames = kept / ((rest.channels * rest.bits) / 8);
        if (frames * 20 < rest.rate) expect(taken).toMatchObject({ code: 'message_empty' });
        else
          expect(taken.ok && readWav(taken.stored)).toEqual({
            ...rest,
            samples: bytes.subarray(0, kept),
          });
      },
    ),
    { numRuns: 1000 },
  );
});

it('noise without a label has no known format', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6_000, maxLength: 9_000 }), sizes, (noise, cuts) => {
      expect(take(null, noise, cuts)).toMatchObject({ ok: false, code: 'recording_unsupported' });
    }),
    { numRuns: 100 },
  );
});

it('a stored recording is stored unchanged when it is sent again', () => {
  fc.assert(
    fc.property(config, config, anything, (about, again, recording) => {
      const taken = take(about, recording);
      if (taken.ok && taken.content_type !== 'audio/mpeg') expect(take(again, taken.stored)).toEqual(taken);
    }),
    { numRuns: 500 },
  );
});
