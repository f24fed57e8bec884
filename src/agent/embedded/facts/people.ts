/** Numbers of people in what a user says: "two adults and a child", "me and my wife", "just me". English. */
import { NUMBER_WORD, valueOfNumber } from './number-words.ts';

/** Words by which a graph asks for a number of people. */
export const PEOPLE_COUNTED =
  /\b(?:numbers? of (?:the |your |their )?(?:people|persons?|guests?|visitors?|players?|travell?ers|passengers|participants|adults|attendees)|how many (?:people|persons|guests|visitors|players|travell?ers|passengers|participants|of you|are you|will you be|you are)|(?:party|group) size)\b/i;

const PERSON =
  '(?:adults?|child(?:ren)?|kids?|bab(?:y|ies)|infants?|toddlers?|teenagers?|persons?|people|guests?|seniors?|grown-?ups?|men|man|women|woman|boys?|girls?|friends?|colleagues?|students?|pensioners?)';
const COUNTED = new RegExp(
  `\\b(?:\\d{1,3}|${NUMBER_WORD}|an?|a couple of) (?:\\w{3,12} )?${PERSON}\\b`,
  'gi',
);
const RELATIVE =
  '(?:(?:my|our) (?:wife|husband|partner|girlfriend|boyfriend|son|daughter|mother|father|mum|mom|dad|friend|sister|brother|boss|colleague|child|baby|neighbou?r|fianc[eé]e?)|(?:a|one) (?:friend|colleague))';
const WITH_ME = new RegExp(
  `\\b(?:(?:me|i|myself)(?:(?:,| and|, and) ${RELATIVE}){1,5}|${RELATIVE}(?:, ${RELATIVE}){0,4},? and (?:me|i|myself))\\b`,
  'i',
);
const ALONE =
  /\b(?:(?:just|only) (?:me|myself|for me|one person)|by myself|on my own|i(?:['’]m| am) alone|me alone|alone)\b/i;
const RELATIVES = new RegExp(RELATIVE, 'gi');
const MORE_THAN_ONE = 2;

/** Returns the words that tell how many people there are: several counts in their context, or the people themselves. */
export function findPeople(text: string): string | null {
  const counts = [...text.matchAll(COUNTED)];
  const [first, last] = [counts[0], counts.at(-1)];
  if (counts.length >= MORE_THAN_ONE && first !== undefined && last !== undefined)
    return text.slice(first.index, last.index + last[0].length);
  return WITH_ME.exec(text)?.[0] ?? ALONE.exec(text)?.[0] ?? null;
}

/** Returns the number of people in words that `findPeople` found; null of any other words. */
export function countOfPeople(words: string): number | null {
  const counts = [...words.matchAll(COUNTED)];
  if (counts.length >= MORE_THAN_ONE)
    return counts.reduce(
      (sum, [each]) => sum + (valueOfNumber(/^an? (?!couple)/i.test(each) ? 'one' : firstWords(each)) ?? 0),
      0,
    );
  const together = WITH_ME.exec(words)?.[0];
  if (together !== undefined) return [...together.matchAll(RELATIVES)].length + 1;
  return ALONE.test(words) ? 1 : null;
}

function firstWords(count: string): string {
  return /^a couple of/i.test(count) ? 'a couple' : (count.split(' ')[0] ?? '');
}
