import { describe, expect, it } from 'vitest';
import { resampled } from '../../src/speech/resample.ts';
import { amplitudeOf, tone } from './tones.ts';

describe.each([8_000, 11_025, 22_050, 24_000, 44_100, 48_000])('resampling from %i Hz', (rate) => {
  it('keeps the length of a second and the loudness of a tone', () => {
    const result = resampled(tone(1_000, rate), rate);
    expect(Math.abs(result.length - 16_000)).toBeLessThanOrEqual(1);
    expect(amplitudeOf(result)).toBeGreaterThan(9_500);
    expect(amplitudeOf(result)).toBeLessThan(10_500);
  });
});

it.each([22_050, 24_000, 48_000])(
  'frequencies that 16 kHz cannot represent are removed from %i Hz',
  (rate) => {
    expect(amplitudeOf(resampled(tone(9_000, rate), rate))).toBeLessThan(10);
  },
);

it('resampling to the same rate returns a copy', () => {
  const samples = tone(1_000, 16_000);
  const result = resampled(samples, 16_000);
  expect(result).toEqual(samples);
  expect(result.buffer).not.toBe(samples.buffer);
});

it('resampling does not change the given samples', () => {
  const samples = tone(1_000, 24_000);
  resampled(samples, 24_000);
  expect(samples).toEqual(tone(1_000, 24_000));
});

it.each([0, 1, 2])('%i samples are resampled without an error', (length) => {
  const result = resampled(new Int16Array(length).fill(100), 24_000);
  expect(result.length).toBeLessThanOrEqual(length);
});

it('the loudest sound is clipped, and does not overflow', () => {
  const square = Int16Array.from({ length: 24_000 }, (_, index) => (index % 240 < 120 ? 32_767 : -32_768));
  const result = resampled(square, 24_000);
  expect(Math.max(...result)).toBe(32_767);
  expect(Math.min(...result)).toBe(-32_768);
  // In the middle of each half wave the sign is that of the square.
  expect(result[8_000 + 40]).toBeGreaterThan(30_000);
});
