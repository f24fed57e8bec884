import { resample } from 'wave-resampler';
import { SAMPLE_RATE } from './ports.ts';

/**
 * Converts samples to another rate; both rates are in Hz. Frequencies that the lower rate cannot represent are filtered
 * out first, in both directions, so that nothing is shifted. The first and last milliseconds ring if sound begins or
 * ends abruptly.
 */
export function resampled(samples: Int16Array, from: number, to = SAMPLE_RATE): Int16Array<ArrayBuffer> {
  // Always a copy: the filter changes the array that it gets.
  if (from === to || samples.length === 0) return new Int16Array(samples);
  const numbers = resample(Float64Array.from(samples), from, to);
  const result = new Int16Array(numbers.length);
  for (let index = 0; index < result.length; index += 1)
    result[index] = Math.max(-0x8000, Math.min(0x7fff, Math.round(numbers[index] ?? 0)));
  return result;
}
