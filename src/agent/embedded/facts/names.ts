/** Names of people in what a user says. */
import { trimEndOf } from '../../../text.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { isNegator } from '../language/grammar.ts';
import { findAddress } from './places.ts';
import { holdsTime } from './times.ts';

/** Words that introduce a name: "my name is", "call me". */
const INTRODUCTION =
  /^(?:.*\b(?:(?:my|the|his|her|whose|first|last|full) (?:sur|fore)?name(?:'s| is| was| would be)?|(?:sur|fore)?name(?:'s| is| was)|names? of|under(?: the name(?: of)?)?|call me|calling me|this is|it(?:'s| is) (?:on|under|for)|(?:you can |please |just |better )?(?:put|book|reserve|make|write|take|get|leave) (?:it|that|this|them|the \w+) (?:down )?(?:under|on|in|for|to|with|as)|(?:you can |please |just |better )?(?:write|put|use|take|note)(?: down)?))\s+(?:the name (?:of )?)?/i;
const BARE_INTRODUCTION =
  /^(?:(?:hi|hello|hey|yes|ok|okay|sure|well|oh)[,.!\s]+)*(?:i(?:'m| am)|it(?:'s| is)|that(?:'s| is)|that would be|for|just|on)\s+/i;
/** Words behind a name that call it one: "Bea Novak is my name". */
const CLOSING =
  /,? (?:is (?:my|the) (?:full |last |first )?name|speaking)\W*$|(?<=^\p{Lu}[\p{Ll}'’-]{1,30}(?: \p{Lu}[\p{Ll}'’-]{1,30}){0,2}) here\W*$/u;
const PARTICLES = new Set(
  'de del della di da dos van von der den ter la le al bin ibn ben y e o st'.split(' '),
);
const NO_NAME = new Set(
  'quickly first last name sure thanks thank cheers sorry nothing good fine great later soon today tomorrow why private correct done afraid allergic calling looking interested here hm hmm yes no ok dunno asking wait moment second minute'.split(
    ' ',
  ),
);
/** A pronoun with its verb, which is no name. */
const CONTRACTION = /^(?:it|that|this|he|she|i|we|you|they|there|what|who|let|here)['’](?:s|m|re|d|ll|ve)$/;
const MAX_NAME_WORDS = 5;

function isName(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > MAX_NAME_WORDS || holdsTime(words.join(' '))) return false;
  const plain = words.map((word) => word.toLowerCase());
  if (plain.every((word) => PARTICLES.has(word))) return false;
  return plain.every(
    (word, index) =>
      PARTICLES.has(word) ||
      (/^\p{L}[\p{L}'’.-]*$/u.test(word) &&
        !CONTRACTION.test(word) &&
        !isNegator(word) &&
        !NO_NAME.has(word) &&
        // "Will" and "May" are names when they are written as such.
        (!FUNCTION_WORDS.has(word) ||
          (/^\p{Lu}/u.test(words[index] ?? '') && word.length > 2 && words.length > 1))),
  );
}

/** A title before a name, with its full stop. */
const TITLE = /\b(mr|mrs|ms|dr|prof)\.\s+/gi;

/** Returns the first part of a text: up to a comma, the end of the sentence, or a word such as "and" or "please". */
function firstPart(text: string): string {
  return (text.split(/[,;!?\n]|\.(?:\s|$)|\b(?:and|but|please|thanks|thank you)\b/i, 1)[0] ?? '').trim();
}

/** The name in the answer to the question for one, without any other words; null when it holds none. */
export function findName(said: string): string | null {
  const text = said.replaceAll(TITLE, '$1 ');
  const last = text.split(/[.!?:]\s+/).findLast((part) => part.trim() !== '') ?? text;
  const plain = [text, last].map((part) => part.replace(CLOSING, ''));
  const parts = plain.flatMap((part) => [
    part.replace(INTRODUCTION, ''),
    part.replace(BARE_INTRODUCTION, ''),
    part,
  ]);
  for (const part of parts) {
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

/** Words for a person, behind which a name can stand: "for my daughter Amara Okafor". */
const PERSON_WITH_NAME =
  /\b(?:my|our|his|her|their) (?:(?:little|older|elder|younger|eldest|youngest|own|late) )?(?:daughter|son|child|baby|boy|girl|kid|mother|mum|mom|father|dad|wife|husband|partner|brother|sister|grandson|granddaughter|grandchild|nephew|niece|friend|colleague|neighbour|neighbor|boss|aunt|uncle|cousin)(?: is(?: called)?)?,? (?=\p{Lu})([\p{L}'’. -]{1,80})/u;

/** Returns the capitalized words behind a word for a person, if they are a first and a last name. */
function nameOfPerson(text: string): string | null {
  const words = firstPart(PERSON_WITH_NAME.exec(text)?.[1] ?? '').split(/\s+/);
  const end = words.findIndex((word) => !/^\p{Lu}/u.test(word) && !PARTICLES.has(word.toLowerCase()));
  const name = end === -1 ? words : words.slice(0, end);
  return name.length > 1 && isName(name) ? name.join(' ') : null;
}

/**
 * A name that is introduced as one, wherever it is said: "my name is Amara Okafor", "I'm Oliver Quinn", "my son Oliver
 * Quinn".
 */
export function findIntroducedName(text: string): string | null {
  const found =
    /\b(?:(?:my |the )?(?:(?:last|first|full|family|second) )?(?:sur|fore)?name(?:'s| is)|i(?:'m| am)|this is|under the name(?: of)?|call me)\s+(?=\p{Lu})(.{1,80})/iu.exec(
      text,
    );
  const rest = found?.[1] ?? '';
  if (!/^\p{Lu}/u.test(rest)) return nameOfPerson(text);
  const words = firstPart(rest).split(/\s+/).filter(Boolean);
  return isName(words) && words.every((word) => /^\p{Lu}/u.test(word) || PARTICLES.has(word.toLowerCase()))
    ? words.join(' ')
    : null;
}

const BY_PARTS =
  /\bfirst name(?:'s| is)?:? (\p{L}[\p{L}'’-]{0,30})\b.{0,20}\b(?:last|second|family) name(?:'s| is)?:? (\p{L}[\p{L}'’-]{0,30})/iu;
const LAST_NAME_FIRST = /^\W*(\p{Lu}[\p{L}'’-]{1,30}), (\p{Lu}[\p{L}'’-]{1,30})\W*$/u;

/** The first and the last name in the answer to the question for both; null when only one of them is there. */
export function findFullName(text: string): string | null {
  const [, first, last] = BY_PARTS.exec(text) ?? [];
  if (first !== undefined && last !== undefined) return `${first} ${last}`;
  const turned = LAST_NAME_FIRST.exec(text.trim());
  if (turned !== null) return `${turned[1] ?? ''}, ${turned[2] ?? ''}`;
  const name = findName(text);
  return name !== null && name.includes(' ') ? name : null;
}

/** A first and a last name that are introduced as such or stand alone between signs, wherever they are said. */
export function findIntroducedFullName(text: string): string | null {
  const name = findIntroducedName(text);
  return name?.includes(' ') === true ? name : findListedName(text);
}

const SIGNS = /[,;:!?\n()]|\.(?:\s|$)|\s[–—-]\s/;
const BESIDE_NAME =
  /^(?:and|hi|hello|hey|it(?:'s| is)|i(?:'m| am)|this is)\s{1,3}|\s{1,3}(?:here|speaking|calling)$/gi;
const MAX_LISTED_WORDS = 4;

/**
 * Returns the first and the last name that stand alone between signs: "a bicycle, Luis Ortega, born 2 March". A text that
 * is nothing else tells no name: it can name anything.
 */
export function findListedName(text: string): string | null {
  const parts = text.split(SIGNS).map((part) => part.trim().replaceAll(BESIDE_NAME, ''));
  if (parts.filter((part) => part !== '').length < 2) return null;
  const found = parts.findLast((part) => {
    const words = part.split(/\s+/);
    return (
      words.length > 1 &&
      words.length <= MAX_LISTED_WORDS &&
      isName(words) &&
      words.every((word) => /^\p{Lu}[\p{L}'’-]*\p{Ll}/u.test(word) || PARTICLES.has(word)) &&
      !holdsTime(part) &&
      findAddress(part) === null &&
      !GREETING.test(part)
    );
  });
  return found ?? null;
}

const GREETING = /^(?:good|dear|kind|best|many) /i;
