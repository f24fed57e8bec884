/** Names of people in what a user says. */
import { trimEndOf } from '../../../text.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { isNegator } from '../language/grammar.ts';

/** Words that introduce a name: "my name is", "call me". */
const INTRODUCTION =
  /^(?:.*\b(?:(?:my|the|his|her|whose|first|last|full) name(?:'s| is| was| would be)?|name(?:'s| is| was)|names? of|under(?: the name(?: of)?)?|call me|calling me|this is|it(?:'s| is) (?:on|under|for)|(?:put|book|reserve) it (?:under|on|for)))\s+/i;
const BARE_INTRODUCTION =
  /^(?:(?:hi|hello|hey|yes|ok|okay|sure|well|oh)[,.!\s]+)*(?:i(?:'m| am)|it(?:'s| is)|that(?:'s| is)|that would be|for|just)\s+/i;
const PARTICLES = new Set(
  'de del della di da dos van von der den ter la le al bin ibn ben y e o st'.split(' '),
);
const NO_NAME = new Set(
  'quickly first last name sure thanks thank cheers sorry nothing good fine great later soon today tomorrow why private correct done afraid allergic calling looking interested here hm hmm yes no ok dunno asking wait moment second minute'.split(
    ' ',
  ),
);
const MAX_NAME_WORDS = 5;

function isName(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > MAX_NAME_WORDS) return false;
  const plain = words.map((word) => word.toLowerCase());
  if (plain.every((word) => PARTICLES.has(word))) return false;
  return plain.every(
    (word, index) =>
      PARTICLES.has(word) ||
      (/^\p{L}[\p{L}'’.-]*$/u.test(word) &&
        !isNegator(word) &&
        !NO_NAME.has(word) &&
        // "Will" and "May" are names when they are written as such.
        (!FUNCTION_WORDS.has(word) ||
          (/^\p{Lu}/u.test(words[index] ?? '') && word.length > 2 && words.length > 1))),
  );
}

/** Returns the first part of a text: up to a comma, the end of the sentence, or a word such as "and" or "please". */
function firstPart(text: string): string {
  return (text.split(/[,;!?\n]|\.(?:\s|$)|\b(?:and|but|please|thanks|thank you)\b/i, 1)[0] ?? '').trim();
}

/** The name in the answer to the question for one, without any other words; null when it holds none. */
export function findName(text: string): string | null {
  const last = text.split(/[.!?]\s+/).findLast((part) => part.trim() !== '') ?? text;
  for (const part of [text.replace(INTRODUCTION, ''), text.replace(BARE_INTRODUCTION, ''), text, last]) {
    const words = trimEndOf(firstPart(part), '.!?,').split(/\s+/).filter(Boolean);
    if (isName(words)) return words.join(' ');
  }
  return nameBehindComma(text);
}

/** Returns the capitalized words behind a comma, if they are a name: "my husband's name, Peter Holm". */
function nameBehindComma(text: string): string | null {
  const parts = text
    .split(',')
    .slice(1)
    .map((part) => trimEndOf(part.trim(), '.!?').split(/\s+/));
  const found = parts.find((words) => isName(words) && words.every((word) => /^\p{Lu}/u.test(word)));
  return found?.join(' ') ?? null;
}

/** A name that is introduced as one, wherever it is said: "my name is Amara Okafor", "I'm Oliver Quinn". */
export function findIntroducedName(text: string): string | null {
  const found =
    /\b(?:my name(?:'s| is)|the name is|i(?:'m| am)|under the name(?: of)?|call me)\s+(?=\p{Lu})(.{1,80})/iu.exec(
      text,
    );
  const rest = found?.[1] ?? '';
  if (!/^\p{Lu}/u.test(rest)) return null;
  const words = firstPart(rest).split(/\s+/).filter(Boolean);
  return isName(words) && words.every((word) => /^\p{Lu}/u.test(word) || PARTICLES.has(word.toLowerCase()))
    ? words.join(' ')
    : null;
}
