/** Rewords an answer so that the agent can read it back to the user: "my bicycle" becomes "your bicycle". */
import { cut, trimEndOf } from '../../text.ts';
import { findNamedFact } from './facts/named-facts.ts';
import { isInquiry } from './signals.ts';

/** The longest answer that is read back in full, in UTF-16 units. A longer one is cut. */
const MAX_READ_BACK_LENGTH = 120;

/** Words that stand before the content of an answer: "um", "hi", "I would like". */
const PREAMBLE = new RegExp(
  '^(?:(?:um+|uh+|er+|h+m+|well|so|oh|ok(?:ay)?|yes|yeah|sure(?=[\\s,.!:])|no(?=[,.!])|nope|actually|(?:hi|hello|hey)(?=[,.!])|sorry|please|maybe|perhaps|probably|just|' +
    "it'?s|it is|it would be|that'?s|that is|i think|i guess|i meant?|for|about|because(?: of)?|how about|what about|make it|do you have|" +
    "have you got|i(?:'m| am) looking for|" +
    "(?:can|could) (?:i|we) (?:do|have|come|make it)|let'?s (?:do|say|make it)|i(?:'d| would) (?:like|prefer|love)|" +
    "i(?:'ll| will) (?:take|have))(?![\\w'])[\\s,.!:-]*)+",
  'i',
);
const COURTESY =
  /(?<![\s,])[\s,]+(?:please|pls|thanks|thank you|thx|if possible|if that'?s (?:ok|okay|possible))$/i;

const TURNED: readonly [RegExp, string][] = [
  [/\bi(?:['’]m| am)\b/gi, 'you are'],
  [/\bi was\b/gi, 'you were'],
  [/\bi(['’](?:ve|d|ll))\b/gi, 'you$1'],
  [/\bmyself\b/gi, 'yourself'],
  [/\bmine\b/gi, 'yours'],
  [/\bmy\b/gi, 'your'],
  [/\b(?:i|me)\b/gi, 'you'],
];

function shorten(text: string): string {
  if (text.length <= MAX_READ_BACK_LENGTH) return text;
  const beginning = cut(text, MAX_READ_BACK_LENGTH);
  const lastSpace = beginning.lastIndexOf(' ');
  return `${lastSpace === -1 ? beginning : trimEndOf(beginning.slice(0, lastSpace), ',.;:')} …`;
}

/**
 * Returns an answer without the words that lead up to it and without courtesy: "Um, my bicycle, please." is "my
 * bicycle".
 */
export function plainAnswer(answer: string): string {
  const plain = answer.replaceAll(/\s+/g, ' ').trim();
  const trimmed = (text: string) => trimEndOf(text, '.!?,;');
  return trimmed(trimmed(plain.replace(PREAMBLE, '')).replace(COURTESY, '')) || trimmed(plain);
}

/** Returns an answer as the agent reads it back: "Um, my bicycle squeaks, please." becomes "your bicycle squeaks". */
export function readBack(answer: string): string {
  const turned = TURNED.reduce((text, [from, to]) => text.replaceAll(from, to), plainAnswer(answer));
  return shorten(turned.replace(/^(?:A|An|Some|Your?)\b/, (word) => word.toLowerCase()));
}

/** The text for an answer that was not given. */
export const NOTHING_NOTED = 'that';

/**
 * Returns the text that fills `slot`, a bracket that names one or more states. The answers are searched from the last
 * one back. An answer in a named state counts. An answer in another state counts if it holds the fact that the bracket
 * names: "make it Friday" corrects an earlier answer to "the day of the user's answer in ask_day". Returns "that" when
 * no answer counts.
 */
export function noted(slot: string, answers: Readonly<Record<string, string>>): string {
  const states = new Set(slot.match(/\w+/g));
  for (const [state, text] of Object.entries(answers).reverse()) {
    const answered = states.has(state);
    const fact = answered || !isInquiry(text) ? findNamedFact(slot, text, answered) : null;
    if (fact !== null) return readBack(fact);
    if (answered) return readBack(text);
  }
  return NOTHING_NOTED;
}
