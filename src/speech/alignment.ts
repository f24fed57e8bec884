import { SAMPLE_RATE } from './ports.ts';

/** When a character of a spoken text is heard, in milliseconds since the audio began. */
export type AlignedCharacter = [ms: number, character: string];

/** Softer than this is silence: about -46 dB of full scale. */
const SILENCE = 160;

export function durationMs(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE;
}

/** The part of the audio that is not silence at its ends, as samples from and to; all of it when all is silence. */
function voiced(samples: Int16Array): [from: number, to: number] {
  let from = 0;
  while (from < samples.length && Math.abs(samples[from] ?? 0) <= SILENCE) from += 1;
  if (from === samples.length) return [0, samples.length];
  let to = samples.length;
  while (Math.abs(samples[to - 1] ?? 0) <= SILENCE) to -= 1;
  return [from, to];
}

/**
 * Spreads the characters of a text evenly over what is heard of it: no provider that is reached here tells times. One
 * entry per character (Unicode code point), each no earlier than the one before and none after the audio's end.
 * `startMs` is where the audio begins within the message.
 */
export function alignByDuration(text: string, samples: Int16Array, startMs: number): AlignedCharacter[] {
  const characters = Array.from(text);
  const [from, to] = voiced(samples);
  const begin = startMs + durationMs(from);
  const each = durationMs(to - from) / Math.max(characters.length, 1);
  return characters.map((character, index) => [Math.floor(begin + index * each), character]);
}
