/** Streets and addresses in what a user says. English. */
import { trimEndOf } from '../../../text.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { NUMBER_WORD } from './number-words.ts';
import { holdsTime } from './times.ts';

const WORD = "\\p{L}[\\p{L}'’.-]{1,25}";
/** Words that are never a part of a street's name. */
const NO_NAME =
  '(?!(?:my|our|your|his|her|their|this|that|a|an|any|some|of|them|people|please|pizzas?|in|at|on|and|or|for|to|the|is|are|i|we|you|it|times?|minutes?|hours?|days?|weeks?|months?|years?|large|small|medium|more|less|euros?|dollars?|percent|o.?clock)\\b)';
const STREET =
  '(?:street|str|st|road|rd|lane|ln|avenue|ave|drive|way|square|close|court|walk|place|alley|boulevard|terrace|gardens|row|hill|quay|park|crescent|mews|strasse|straße|weg|platz)';
const NUMBER_FIRST = new RegExp(
  `\\b(?:\\d{1,4}[a-z]?|${NUMBER_WORD}) ${NO_NAME}${WORD}(?: ${NO_NAME}${WORD}){0,3}`,
  'giu',
);
const NUMBER_LAST = new RegExp(`\\b\\p{Lu}[\\p{L}'’.-]{1,25}(?: ${WORD}){0,3} \\d{1,4}[a-z]?\\b`, 'gu');
const STREET_ONLY = new RegExp(`\\b(?:${NO_NAME}${WORD} ){1,3}${STREET}\\b(?: \\d{1,4}[a-z]?\\b)?`, 'giu');
const NUMBERED_STREET = new RegExp(
  `\\b(?:\\d{1,4}[a-z]?|${NUMBER_WORD}) (?:${NO_NAME}${WORD} ){1,3}${STREET}\\b`,
  'giu',
);
const FLOOR = /\b(?:(?:first|second|third|fourth|fifth|top|ground) floor)\b/gi;
const NUMBER_BEFORE = new RegExp(`(?:^|[\\s,])((?:\\d{1,4}[a-z]?|${NUMBER_WORD}) )$`, 'i');
const TRAILING = new Set('please thanks thank you then instead second first third floor'.split(' '));
const LEADING = /^(?:it'?s|its|that'?s|we live at|i live at|at|to|in|on|the|my address is|address is) /i;

function tidy(found: string): string {
  const words = found.replace(LEADING, '').split(' ');
  while (words.length > 1 && TRAILING.has(trimEndOf(words.at(-1)?.toLowerCase() ?? '', ','))) words.pop();
  return trimEndOf(words.join(' '), ',');
}

function lastOf(pattern: RegExp, text: string): string | null {
  const found = [...text.matchAll(pattern)].at(-1)?.[0];
  return found === undefined ? null : tidy(withNumber(text, found));
}

/** Returns a street with the number before it, if there is one: "12 Mill Lane" rather than "Mill Lane". */
function withNumber(text: string, found: string): string {
  const at = text.lastIndexOf(found);
  const number = NUMBER_BEFORE.exec(text.slice(Math.max(0, at - 20), at))?.[1] ?? '';
  return number === '' ? found : `${number.trim()} ${found}`;
}

/** Words that begin a sentence with a number and no name of a street: "Make it 3", besides those of grammar. */
const NO_STREET = new Set(
  'take make give need want add book order send put pay bring use only exactly table room line platform gate page number roughly almost nearly under over step level size age version point row seat track bus train tram flight'.split(
    ' ',
  ),
);

/** Returns true if a name with a number behind it is a sentence, "We will stay for 5", or a time, "Tuesday at 4". */
function isNoAddress(found: string): boolean {
  if (found.search(STREET_ONLY) !== -1) return false;
  const words = found.toLowerCase().split(' ').slice(0, -1);
  const isOfGrammar = (word: string) => FUNCTION_WORDS.has(word) && word !== 'of' && word !== 'the';
  return (
    words[0] === 'the' || words.some((word) => isOfGrammar(word) || NO_STREET.has(word)) || holdsTime(found)
  );
}

/**
 * Returns the last address that can be recognized without its question: a name with a number, or a street by its name.
 */
export function findAddress(text: string): string | null {
  const found = lastOf(NUMBER_LAST, text);
  return (found !== null && isNoAddress(found) ? null : found) ?? lastOf(STREET_ONLY, text);
}

/** The address in the answer to the question for one: a number with any name will do. */
export function findAddressInAnswer(text: string): string | null {
  const plain = text.replaceAll(FLOOR, ' ');
  return findAddress(plain) ?? lastOf(NUMBER_FIRST, plain);
}

const HOUSE_NUMBER = `(?:\\d{1,4}(?: ?[a-z])?|${NUMBER_WORD})`;
const CALLED_NUMBER = new RegExp(
  `\\b(?:(?:house )?number|no\\.?)(?: is| was|:)? (?!${NUMBER_WORD} (?:of|in)\\b)(${HOUSE_NUMBER})(?![\\w ]*\\d)\\b`,
  'i',
);
const NUMBER_ALONE = new RegExp(`\\b(?<!not )${HOUSE_NUMBER}\\b`, 'gi');

/** The number of a house that a text calls one, or that stands in an address: "12b" of "Mill Lane 12b". */
export function findHouseNumber(text: string): string | null {
  const called = CALLED_NUMBER.exec(text)?.[1];
  return called ?? NUMBER_ALONE_IN.exec(findAddress(text) ?? '')?.[0] ?? null;
}

const NUMBER_ALONE_IN = new RegExp(`^${HOUSE_NUMBER}\\b|\\b${HOUSE_NUMBER}$`, 'i');

/** The number of a house in the answer to the question for it: the last number that is not ruled out. */
export function findHouseNumberInAnswer(text: string): string | null {
  return findHouseNumber(text) ?? [...text.matchAll(NUMBER_ALONE)].at(-1)?.[0] ?? null;
}

/** A text without its addresses. */
export function withoutAddresses(text: string): string {
  return text
    .replaceAll(NUMBERED_STREET, ' ; ')
    .replaceAll(NUMBER_LAST, (found) => (isNoAddress(found) ? found : ' ; '))
    .replaceAll(STREET_ONLY, ' ; ');
}
