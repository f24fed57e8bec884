/** Sounds that a test can judge. */

/** One second of a tone, in whole samples. */
export function tone(hertz: number, rate: number, amplitude = 10_000): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: rate }, (_, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / rate)),
  );
}

/** The amplitude of a tone, by its mean power in the middle of it. */
export function amplitudeOf(samples: Int16Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  return Math.sqrt((2 * middle.reduce((sum, sample) => sum + sample * sample, 0)) / middle.length);
}
