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

const SPACE = /\s/;

/**
 * Which characters of a text are heard, when `words` are said of it: 1 for each, and 0 for marks, targets of links and
 * what else is left out. Where the words do not come in the text's order, as those of a table, all count as heard.
 */
function heard(characters: readonly string[], words: string): number[] {
  const said = Array.from(words);
  let next = 0;
  const weights = characters.map((character) => {
    const isNext = (at: number) => said[at] === character || (said[at] === ' ' && SPACE.test(character));
    // A stop or a space that was added is passed over.
    const at = isNext(next) ? next : /^[. ]$/.test(said[next] ?? '') && isNext(next + 1) ? next + 1 : -1;
    if (at === -1) return 0;
    next = at + 1;
    return 1;
  });
  const isWhole = next >= said.length || (next === said.length - 1 && said[next] === '.');
  return isWhole ? weights : characters.map(() => 1);
}

/**
 * Spreads the characters of a text over what is heard of it, evenly: no provider that is reached here tells times. One
 * entry per character (Unicode code point), each no earlier than the one before and none after the audio's end.
 * `startMs` is where the audio begins within the message; `words` are what was said of the text. What is not said has no
 * time of its own.
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
    // What is not said behind the last word goes with its last letter.
    const at = Math.floor(begin + Math.min(before, total - 1) * each);
    before += weights[index] ?? 0;
    return [at, character];
  });
}
