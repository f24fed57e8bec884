/** Counts in what a user says, in digits or in words. English. */
import { findCode, findPhoneNumber, withoutContacts } from './contacts.ts';
import { LARGE_NUMBER_WORD, NUMBER_WORD } from './number-words.ts';
import { withoutAddresses } from './places.ts';
import { withoutTimes } from './times.ts';

const NUMBER = new RegExp(
  `\\b(?:\\d+(?:[.,]\\d+)?|${LARGE_NUMBER_WORD}|none|zero|half a dozen|a dozen|dozen|a couple|a pair|a few|both|half|${NUMBER_WORD})\\b`,
  'gi',
);
/** "That one", "this one", "one of these": no count. */
const POINTING =
  /\b(?:that|this|which|another|any|no|every) one\b|\b(?:the|a|that|this|my) \w{1,20} one\b|\bthe one (?:with|on|that|who|from|in)\b|\bone (?:of|more thing|thing|too|as well)\b/gi;

/** Times and dates that are written as such, and so count nothing: "6 pm", "18:30", "12 July", "the 4th". */
const WRITTEN_TIME =
  /\b\d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b|\b\d{1,2}:\d{2}\b|\b(?:\d{1,2}|[a-z]{3,6}) o['’ ]?clock\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}\.? (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/gi;

/** The last count in an answer to the question for one: there "about ten" is no time. */
export function findNumberInAnswer(text: string): string | null {
  const plain = withoutAddresses(withoutContacts(text))
    .replaceAll(WRITTEN_TIME, ' ')
    .replaceAll(POINTING, ' ');
  return findNumber(text) ?? [...plain.matchAll(NUMBER)].at(-1)?.[0] ?? findCode(text);
}

/** The last count in a text; times, phone numbers and addresses are none. */
export function findNumber(text: string): string | null {
  if (findPhoneNumber(text) !== null && !/[a-z]{3}/i.test(text)) return null;
  const plain = withoutTimes(withoutAddresses(withoutContacts(text))).replaceAll(POINTING, ' ');
  return [...plain.matchAll(NUMBER)].at(-1)?.[0] ?? null;
}

const MONEY = new RegExp(
  `(?:[€$£] ?(\\d{1,7}(?:[.,]\\d{1,3})?)|\\b(\\d{1,7}(?:[.,]\\d{1,3})?|${LARGE_NUMBER_WORD}|${NUMBER_WORD}) ?(?:[€$£]|(?:euros?|eur|dollars?|pounds?|quid|francs?|bucks?|usd|gbp|chf)\\b))`,
  'gi',
);

/** The last sum of money in a text, without its currency. */
export function findMoney(text: string): string | null {
  const found = [...text.matchAll(MONEY)].at(-1);
  return found?.[1] ?? found?.[2] ?? null;
}

const COUNTED = /\b(?:how many|numbers? of(?: the)?) ([a-z]{3,20})\b/i;
const PEOPLE = /^(?:people|persons?|guests?|players?|adults?|visitors?|seats?)$/i;
/** A count with the thing behind it: "six people", "four of us", "a dozen red roses". */
const COUNT_WITH_THING = new RegExp(
  `\\b(?:\\d{1,4}|${NUMBER_WORD}|a couple of|half a dozen|a dozen) (?:(of us)\\b|([a-z]{2,20})\\b(?: ([a-z]{2,20})\\b)?)`,
  'gi',
);

/** Returns true if a word names a thing in the singular or the plural. */
function isThing(word: string | undefined, single: string): boolean {
  return word !== undefined && [single, `${single}s`, `${single}es`].includes(word.toLowerCase());
}

/** Returns true if a text counts the things that a description asks the number of: "how many people", "six people". */
export function countsThings(description: string, text: string): boolean {
  const thing = COUNTED.exec(description)?.[1]?.toLowerCase();
  if (thing === undefined) return false;
  const counts = [...text.matchAll(COUNT_WITH_THING)];
  if (PEOPLE.test(thing))
    return counts.some(
      ([, us, ...words]) => us !== undefined || words.some((word) => PEOPLE.test(word ?? '')),
    );
  const single = thing.replace(/s$/, '');
  return counts.some(([, , ...words]) => words.some((word) => isThing(word, single)));
}
