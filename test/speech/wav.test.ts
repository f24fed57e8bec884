import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLE_RATE } from '../../src/speech/ports.ts';
import { readWav, WavError, wavOf } from '../../src/speech/wav.ts';

interface Parts {
  tag?: number;
  channels?: number;
  rate?: number;
  bits: number;
  data: number[];
  /** Length in the header, if it is wrong. */
  claimed?: number;
  /** Chunks before the data. */
  before?: number[];
}

const u16 = (value: number) => [value & 0xff, (value >>> 8) & 0xff];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const ascii = (text: string) => [...new TextEncoder().encode(text)];

function wav({ tag = 1, channels = 1, rate = 8_000, bits, data, claimed, before = [] }: Parts): Uint8Array {
  const frame = (channels * bits) / 8;
  const format = [
    ...u16(tag),
    ...u16(channels),
    ...u32(rate),
    ...u32(rate * frame),
    ...u16(frame),
    ...u16(bits),
    ...(tag === 0xfffe
      ? [...u16(22), ...u16(bits), ...u32(0), ...u16(1), ...new Array<number>(14).fill(0)]
      : []),
  ];
  return Uint8Array.from([
    ...ascii('RIFF'),
    ...u32(claimed ?? 36 + data.length),
    ...ascii('WAVEfmt '),
    ...u32(format.length),
    ...format,
    ...before,
    ...ascii('data'),
    ...u32(claimed ?? data.length),
    ...data,
  ]);
}

const float = (value: number) => [...new Uint8Array(Float32Array.of(value).buffer)];

describe('a WAV file is read', () => {
  it.each<[string, Parts, number[]]>([
    ['8 bit', { bits: 8, data: [0, 128, 255] }, [-32_768, 0, 32_512]],
    ['16 bit', { bits: 16, data: [...u16(1), ...u16(-2), ...u16(0x7fff)] }, [1, -2, 32_767]],
    ['24 bit', { bits: 24, data: [9, ...u16(-3), 9, ...u16(300)] }, [-3, 300]],
    ['32 bit', { bits: 32, data: [9, 9, ...u16(-3)] }, [-3]],
    [
      '32 bit of floating point',
      { tag: 3, bits: 32, data: [...float(0.5), ...float(-7)] },
      [16_384, -32_767],
    ],
    ['the extensible form', { tag: 0xfffe, bits: 16, data: u16(7) }, [7]],
    [
      'two channels',
      { channels: 2, bits: 16, data: [...u16(10), ...u16(20), ...u16(-1), ...u16(-3)] },
      [15, -2],
    ],
    [
      'a chunk of odd length before',
      { bits: 16, before: [...ascii('LIST'), ...u32(3), 1, 2, 3, 0], data: u16(5) },
      [5],
    ],
    ['a length of 0, as streamed', { bits: 16, claimed: 0, data: [...u16(5), ...u16(6)] }, [5, 6]],
    ['the greatest length, as streamed', { bits: 16, claimed: 0xffffffff, data: u16(5) }, [5]],
    ['a length beyond the end', { bits: 16, claimed: 900, data: [...u16(5), ...u16(6)] }, [5, 6]],
    ['half a sample at the end', { bits: 16, data: [...u16(5), 1] }, [5]],
    ['no sound', { bits: 16, data: [] }, []],
  ])('with %s', (_, parts, samples) => {
    expect(readWav(wav(parts))).toEqual({ rate: 8_000, samples: Int16Array.from(samples) });
  });

  it('from the middle of a larger buffer', () => {
    const bytes = wav({ bits: 16, data: u16(5) });
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    expect(readWav(larger.subarray(3, 3 + bytes.length)).samples).toEqual(Int16Array.of(5));
  });
});

describe('a file that is no WAV file', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a page', Uint8Array.from(ascii('<!doctype html><title>Sign in</title>'))],
    ['an MP3', Uint8Array.from([0xff, 0xfb, 0x90, 0x64, ...new Array<number>(400).fill(0)])],
    ['another encoding', wav({ tag: 7, bits: 8, data: [1] })],
    ['12 bit', wav({ bits: 12, data: [1, 2, 3] })],
    ['no channel', wav({ channels: 0, bits: 16, data: u16(1) })],
    ['too many channels', wav({ channels: 999, bits: 16, data: u16(1) })],
    ['a rate of 0', wav({ rate: 0, bits: 16, data: u16(1) })],
    [
      'data before the format',
      Uint8Array.from([...ascii('RIFF'), ...u32(4), ...ascii('WAVEdata'), ...u32(0)]),
    ],
    ['no data', wav({ bits: 16, data: [] }).subarray(0, 36)],
  ])('with %s', (_, bytes) => {
    expect(() => readWav(bytes)).toThrow(WavError);
  });
});

describe('any bytes', () => {
  const parts = fc.record({
    tag: fc.constantFrom(1, 3, 0xfffe),
    channels: fc.integer({ min: 1, max: 4 }),
    rate: fc.constantFrom(8_000, 16_000, 48_000),
    bits: fc.constantFrom(8, 16, 24, 32),
    data: fc.array(fc.nat(255), { maxLength: 64 }),
    claimed: fc.nat(0xffffffff),
  });

  it('cut at every byte or changed at any, a WAV file is read or refused', () => {
    fc.assert(
      fc.property(parts, fc.nat(200), fc.nat(255), (made, at, value) => {
        const whole = wav(made);
        if (at < whole.length) whole[at] = value;
        for (let length = 0; length <= whole.length; length += 1) {
          try {
            expect(readWav(whole.subarray(0, length)).samples.length).toBeLessThanOrEqual(length);
          } catch (error) {
            expect(error).toBeInstanceOf(WavError);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it('are refused if they are noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => readWav(bytes)).toThrow(WavError);
      }),
    );
  });

  it('a written WAV file is read again', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 100 }), fc.constantFrom(8_000, 24_000), (made, rate) => {
        const samples = Int16Array.from(made);
        expect(readWav(wavOf(samples, rate))).toEqual({ rate, samples });
      }),
    );
    expect(readWav(wavOf(new Int16Array(2))).rate).toBe(SAMPLE_RATE);
    expect(wavOf(new Int16Array(2))).toHaveLength(48);
  });
});
