/** Sound in samples: floating-point ones, joined files, silence, and recordings that are too short. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CHUNKS_BEHIND } from '../../src/recordings/wav.ts';
import {
  chunk,
  concat,
  CONFIGS,
  extensible,
  format,
  noise,
  PCM16,
  PCM32,
  readWav,
  riff,
  take,
  wav,
  type Format,
} from '../support/recordings.ts';

const RATE = 16_000;

function stored(recording: Uint8Array, config: (typeof CONFIGS)[number] = null) {
  const taken = take(config, recording);
  if (!taken.ok) throw new Error(taken.detail);
  return readWav(taken.stored);
}

const empty = (why: string) => ({
  ok: false,
  code: 'message_empty',
  detail: `There is no sound in the recording: ${why}.`,
});
const SILENT = empty('it is silent throughout, below -50 dB of full scale');
const SHORT = empty('it is shorter than 50 ms');

describe('floating-point samples', () => {
  const values = [0, 0.5, -0.5, 1, -1, 2, -3, Number.NaN, Number.POSITIVE_INFINITY, 1e-9];
  const integers = [0, 16_384, -16_383, 32_767, -32_767, 32_767, -32_767, 0, 32_767, 0];
  const repeated = (of: number[]) => Array.from({ length: 1_000 }, (_, index) => of[index % of.length] ?? 0);
  const expected = new Uint8Array(Int16Array.from(repeated(integers)).buffer);

  it.each([
    [32, new Uint8Array(Float32Array.from(repeated(values)).buffer)],
    [64, new Uint8Array(Float64Array.from(repeated(values)).buffer)],
  ])('become integers of 16 bits from %i bits, clipped, with NaN as silence', (bits, samples) => {
    const made: Format = { encoding: 3, bits };
    for (const recording of [
      wav(samples, made),
      riff(chunk('fmt ', extensible(3, made)), chunk('fact', new Uint8Array(4)), chunk('data', samples)),
      wav(concat(samples, Uint8Array.of(1, 2, 3)), made),
    ]) {
      for (const config of CONFIGS) {
        expect(stored(recording, config)).toEqual({ channels: 1, rate: RATE, bits: 16, samples: expected });
      }
    }
  });

  it('keep their two channels for any division into chunks', () => {
    const samples = new Uint8Array(
      Float32Array.from({ length: 4_000 }, (_, index) => Math.sin(index)).buffer,
    );
    const recording = wav(samples, { encoding: 3, bits: 32, channels: 2 });
    expect(stored(recording)).toMatchObject({ channels: 2, bits: 16 });
    for (const size of [1, 3, 7, 1_021]) expect(take(null, recording, [size])).toEqual(take(null, recording));
  });

  it('are refused with another size', () => {
    for (const bits of [8, 16, 24, 80]) {
      expect(take(null, wav(noise(9_600), { encoding: 3, bits }))).toMatchObject({
        code: 'recording_unsupported',
      });
    }
  });
});

describe('WAV files that are joined', () => {
  const [first, second, third] = [noise(4_000), noise(6_001).subarray(1), noise(8_002).subarray(2)];
  const all = concat(first, second, third);
  const streamed = (samples: Uint8Array, claimed: number, made: Format = {}) =>
    riff(chunk('fmt ', format(made)), chunk('data', samples, claimed));

  it('keep all their samples, with any chunks between them', () => {
    const more = chunk('LIST', noise(333));
    for (const recording of [
      concat(wav(first), wav(second), wav(third)),
      concat(wav(first), more, wav(second), more, more, wav(third), more),
      concat(riff(more, chunk('fmt ', format()), chunk('data', first)), wav(second), wav(third)),
      concat(wav(first), riff(chunk('fmt ', extensible(1)), more, chunk('data', second)), wav(third)),
    ]) {
      for (const config of CONFIGS) expect(stored(recording, config).samples).toEqual(all);
      expect(take(null, recording, [997])).toEqual(take(null, recording));
    }
  });

  it.each([0, 0xff_ff_ff_ff, 0x7f_ff_ff_ff, 0x7f_ff_f0_00])(
    'keep all their samples if a recorder wrote %i as the length',
    (claimed) => {
      for (const recording of [
        concat(streamed(first, claimed), wav(second), streamed(third, claimed)),
        concat(wav(first), streamed(second, claimed), streamed(third, claimed)),
      ]) {
        expect(stored(recording).samples).toEqual(all);
        expect(take(null, recording, [1_013])).toEqual(take(null, recording));
      }
    },
  );

  it('are joined at whole samples if the file before is cut', () => {
    const cut = concat(streamed(new Uint8Array(), 0xff_ff_ff_ff), first.subarray(0, 3_999), wav(second));
    expect(stored(cut).samples).toEqual(concat(first.subarray(0, 3_998), second));
    const odd = { bits: 8 };
    const padded = concat(wav(first.subarray(0, 1_001), odd), wav(second, odd));
    expect(stored(padded).samples).toEqual(concat(first.subarray(0, 1_001), second));
  });

  it.each<[string, Format]>([
    ['rate', { rate: 8_000 }],
    ['number of channels', { channels: 2 }],
    ['width', { bits: 24 }],
    ['encoding', { encoding: 3, bits: 32 }],
  ])('are refused with another %s', (_, made) => {
    expect(take(null, concat(wav(first), wav(second, made)))).toEqual({
      ok: false,
      code: 'recording_unsupported',
      detail:
        'This is a WAV file of several recordings in different formats. Send WAV, MP3, FLAC or PCM samples.',
    });
  });

  it('are refused with more chunks than the maximum', () => {
    const empty8 = chunk('JUNK', new Uint8Array());
    const of = (count: number) => concat(wav(first), ...Array.from({ length: count }, () => empty8));
    expect(stored(of(MAX_CHUNKS_BEHIND)).samples).toEqual(first);
    expect(take(null, of(MAX_CHUNKS_BEHIND + 1))).toMatchObject({ code: 'recording_unsupported' });
  });

  it('end before other content, and before a file that is cut in its header', () => {
    for (const behind of [noise(500), wav(second).subarray(0, 30), wav(second).subarray(0, 5)]) {
      expect(stored(concat(wav(first), behind)).samples).toEqual(first);
    }
  });
});

/** Samples of a format, by their values from -1 to 1. */
function samplesOf(values: readonly number[], bits: number): Uint8Array {
  const bytes = bits / 8;
  const made = new Uint8Array(values.length * bytes);
  const view = new DataView(made.buffer);
  for (const [index, value] of values.entries()) {
    const scaled = Math.round(value * (2 ** (bits - 1) - 1));
    if (bits === 8) view.setUint8(index, scaled + 128);
    else if (bits === 16) view.setInt16(2 * index, scaled, true);
    else if (bits === 32) view.setInt32(4 * index, scaled, true);
    else made.set([scaled & 0xff, (scaled >> 8) & 0xff, (scaled >> 16) & 0xff], 3 * index);
  }
  return made;
}

/** A tone of so many decibels of full scale (RMS), in values. */
function toneOf(decibels: number, seconds: number, rate = RATE): number[] {
  const peak = Math.SQRT2 * 10 ** (decibels / 20);
  return Array.from(
    { length: seconds * rate },
    (_, index) => peak * Math.sin((2 * Math.PI * 440 * index) / rate),
  );
}

const still = (seconds: number) => new Array<number>(Math.round(seconds * RATE)).fill(0);

describe('silence', () => {
  it('is an empty message in any format with any label', () => {
    for (const config of CONFIGS) {
      for (const bits of [16, 24, 32]) {
        expect(take(config, wav(samplesOf(toneOf(-53, 1), bits), { bits }))).toEqual(SILENT);
        expect(take(config, wav(samplesOf(still(1), bits), { bits }))).toEqual(SILENT);
      }
      expect(take(config, wav(samplesOf(still(1), 8), { bits: 8 }))).toEqual(SILENT);
      const floats = new Uint8Array(Float32Array.from(toneOf(-53, 1)).buffer);
      expect(take(config, wav(floats, { encoding: 3, bits: 32 }))).toEqual(SILENT);
    }
    expect(take(PCM16, samplesOf(toneOf(-53, 1), 16))).toEqual(SILENT);
    expect(take(PCM32, samplesOf(toneOf(-53, 1), 32))).toEqual(SILENT);
  });

  it('includes a constant, hum and hiss of a poor microphone', () => {
    const hiss = Array.from({ length: RATE }, (_, index) => 0.001 * Math.sin(index * index));
    for (const values of [
      still(1).map(() => 0.008),
      toneOf(-53, 1).map((value) => value + 0.006),
      hiss.map((value) => value - 0.005),
    ]) {
      expect(take(null, wav(samplesOf(values, 16)))).toEqual(SILENT);
    }
  });

  it('does not include a soft voice', () => {
    for (const bits of [16, 24, 32]) {
      expect(stored(wav(samplesOf(toneOf(-47, 1), bits), { bits })).bits).toBe(bits);
    }
    expect(stored(wav(samplesOf(toneOf(-40, 1), 8), { bits: 8 })).bits).toBe(8);
  });

  it('does not include a short word at any position of a long pause, in either channel', () => {
    for (const before of [0, 1, 17.31, 29.98]) {
      const values = [...still(before), ...toneOf(-40, 0.03), ...still(30 - before)];
      expect(take(null, wav(samplesOf(values, 16)))).toMatchObject({ ok: true });
    }
    for (const channel of [0, 1]) {
      const word = toneOf(-40, 0.1).flatMap((value) => (channel === 0 ? [value, 0] : [0, value]));
      const values = [...still(10), ...word, ...still(10)];
      expect(take(null, wav(samplesOf(values, 16), { channels: 2 }))).toMatchObject({ ok: true });
    }
  });

  it('is recognized for any division into chunks', () => {
    const values = [...still(1), ...toneOf(-45, 0.1), ...still(1)];
    const [quiet, loud] = [samplesOf(still(1), 16), samplesOf(values, 16)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        expect(take(PCM16, quiet, sizes)).toEqual(SILENT);
        expect(take(PCM16, loud, sizes)).toMatchObject({ ok: true });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a recording of less than 50 ms', () => {
  it.each([
    [8_000, 16],
    [16_000, 16],
    [44_100, 24],
    [48_000, 32],
  ])('is an empty message at %i Hz and %i bits, and one of 50 ms is not', (rate, bits) => {
    const frames = Math.ceil(rate / 20);
    const of = (count: number) => wav(noise((count * bits) / 8), { rate, bits });
    expect(take(null, of(frames - 1))).toEqual(SHORT);
    expect(stored(of(frames)).rate).toBe(rate);
  });

  it('is an empty message as bare samples', () => {
    expect(take(PCM16, noise(1_598))).toEqual(SHORT);
    expect(take(PCM32, noise(1_596))).toEqual(SHORT);
    expect(stored(noise(1_600), PCM16).samples).toHaveLength(1_600);
  });
});
