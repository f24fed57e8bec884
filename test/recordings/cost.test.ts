/** The cost of a recording is linear in its length, and its memory is bounded. */
import { expect, it } from 'vitest';
import { ProblemError } from '../../src/problems.ts';
import { RecordingIntake } from '../../src/recordings/intake.ts';
import { M4A, OGG_OPUS, WEBM_OPUS } from '../fixtures/containers.ts';
import { growthOf, MAX_LINEAR_GROWTH } from '../support/growth.ts';
import {
  ascii,
  chunk,
  concat,
  CONFIGS,
  format,
  id3,
  littleEndian,
  noise,
  wav,
} from '../support/recordings.ts';

const CHUNK_BYTES = 64 * 1024;
const BYTES = 512 * 1024;

function filled(pattern: Uint8Array, bytes: number): Uint8Array {
  const made = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += pattern.length) made.set(pattern.subarray(0, bytes - at), at);
  return made;
}

/** Parts that a sender could repeat to make each format read as much as possible. */
const PATTERNS: Readonly<Record<string, { head?: Uint8Array; pattern: Uint8Array }>> = {
  zeros: { pattern: new Uint8Array(64) },
  'sync words': { pattern: Uint8Array.of(0xff, 0xfb, 0x90, 0x64) },
  'bytes of ones': { pattern: new Uint8Array(64).fill(0xff) },
  'headers of RIFF': { pattern: ascii('RIFF\0\0\0\0WAVE') },
  'letters of RIFF': { pattern: ascii('R') },
  'empty chunks of WAV': { head: wav(noise(2_000)), pattern: chunk('JUNK', new Uint8Array()) },
  'joined WAV files': { pattern: wav(noise(200)) },
  'WAV of unknown length': {
    head: concat(ascii('RIFF\0\0\0\0WAVEfmt '), littleEndian(16, 4), format(), ascii('data\0\0\0\0')),
    pattern: ascii('RIFF\0\0\0\0WAVEfmx '),
  },
  'silent WAV': { head: concat(wav(noise(0))), pattern: new Uint8Array(2) },
  'pages of Ogg': { head: OGG_OPUS, pattern: OGG_OPUS.subarray(0, 47) },
  'elements of WebM': { head: WEBM_OPUS.subarray(0, 36), pattern: Uint8Array.of(0xec, 0x80) },
  'boxes of MP4': { head: M4A.subarray(0, 28), pattern: ascii('\0\0\0\u0008free') },
  tags: { pattern: id3(0) },
  text: { pattern: ascii('word ') },
};

/** Takes a recording in chunks, under every configuration; the most bytes that were taken and not yet given. */
function held(recording: Uint8Array): number {
  let most = 0;
  for (const config of CONFIGS) {
    const intake = new RecordingIntake(config);
    try {
      let given = 0;
      for (let at = 0; at < recording.length; at += CHUNK_BYTES) {
        const taken = recording.subarray(at, at + CHUNK_BYTES);
        given += intake.push(taken).length;
        most = Math.max(most, at + taken.length - given);
      }
      intake.end();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  return most;
}

it.each(Object.entries(PATTERNS))(
  'a recording of %s costs no more than it is long',
  (_, { head = new Uint8Array(), pattern }) => {
    const whole = concat(head, filled(pattern, 8 * BYTES));
    const growth = growthOf((bytes) => held(whole.subarray(0, head.length + bytes)), BYTES);
    expect(growth).toBeLessThan(MAX_LINEAR_GROWTH);
  },
  60_000,
);

it.each([
  ['WAV', wav(noise(8 * BYTES))],
  ['Ogg', concat(OGG_OPUS, noise(8 * BYTES))],
  ['MP4', concat(M4A, noise(8 * BYTES))],
  ['WebM', concat(WEBM_OPUS, noise(8 * BYTES))],
])('a recording of %s holds at most MAX_READ_BYTES', (_, recording) => {
  expect(held(recording)).toBeLessThan(40 * 1024);
});
