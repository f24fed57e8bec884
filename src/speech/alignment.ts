import { SAMPLE_RATE } from './ports.ts';

/** A character of a spoken text, with the time when it is heard in milliseconds since the audio began. */
export type AlignedCharacter = [ms: number, character: string];

/** Largest absolute value of a silent sample: about -46 dB of full scale. */
const SILENCE = 160;

/** Returns the length of samples at `SAMPLE_RATE` in milliseconds. */
export function durationMs(samples: number): number {
  return (samples * 1000) / SAMPLE_RATE;
}

/**
 * Returns the first and the end position of the audio without silence at its ends; of all samples if all are silent.
 */
function voiced(samples: Int16Array): [from: number, to: number] {
  let from = 0;
  while (from < samples.length && Math.abs(samples[from] ?? 0) <= SILENCE) from += 1;
  if (from === samples.length) return [0, samples.length];
  let to = samples.length;
  while (Math.abs(samples[to - 1] ?? 0) <= SILENCE) to -= 1;
  return [from, to];
}

const SPACE = /\s/;

/**
 * Returns a weight for each character of a text of which `words` are spoken: 1 for a spoken one, 0 for marks, targets
 * of links and others that are not spoken. If the words are in another order than the text, as in a table, all weights
 * are 1.
 */
function heard(characters: readonly string[], words: string): number[] {
  const said = Array.from(words);
  let next = 0;
  const weights = characters.map((character) => {
    const isNext = (at: number) => said[at] === character || (said[at] === ' ' && SPACE.test(character));
    // An added stop or space is skipped.
    const at = isNext(next) ? next : /^[. ]$/.test(said[next] ?? '') && isNext(next + 1) ? next + 1 : -1;
    if (at === -1) return 0;
    next = at + 1;
    return 1;
  });
  const isWhole = next >= said.length || (next === said.length - 1 && said[next] === '.');
  return isWhole ? weights : characters.map(() => 1);
}

/**
 * Distributes the characters of a text evenly over its audio, because no provider here tells their times. Returns one
 * entry per character (Unicode code point), in order, and none after the end of the audio. `startMs` is the start of
 * the audio within the message; `words` are the spoken words of the text. A character that is not spoken has the time
 * of the next spoken one.
 */
export function alignByDuration(
  text: string,
  samples: Int16Array,
  startMs: number,
  words = text,
): AlignedCharacter[] {
  const characters = Array.from(text);
  const [from, to] = voiced(samples);
  const begin = startMs + durationMs(from);
  const weights = heard(characters, words);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const each = durationMs(to - from) / total;
  let before = 0;
  return characters.map((character, index) => {
    // Characters after the last spoken one have its time.
    const at = Math.floor(begin + Math.min(before, total - 1) * each);
    before += weights[index] ?? 0;
    return [at, character];
  });
}
