/** The vocabulary of the table: stems of English words, the most frequent first. */
import { stemOf } from '../../src/agent/embedded/language/stems.ts';
import { PARTS_OF_SPEECH, type WordNet } from './wordnet.ts';

/** A word with its rank by frequency, and its form in WordNet; null when WordNet lacks it. */
export interface Word {
  word: string;
  base: string | null;
  rank: number;
}

/** Everyday words that WordNet lacks. */
const MODERN = new Set(
  (
    'atm wifi app usb pdf gps sms tv pc pin led internet website online email smartphone hotspot router modem login ' +
    'username url chatbot iphone android'
  ).split(' '),
);
const IRREGULAR = new Map(
  (
    'thrown:throw threw:throw broke:break broken:break left:leave lost:lose got:get went:go gone:go ran:run ate:eat ' +
    'eaten:eat drank:drink bought:buy paid:pay sent:send fell:fall stuck:stick kept:keep stole:steal stolen:steal ' +
    'drove:drive driven:drive bent:bend heard:hear saw:see felt:feel met:meet children:child feet:foot teeth:tooth ' +
    'wore:wear worn:wear forgot:forget forgotten:forget spoke:speak came:come took:take taken:take froze:freeze ' +
    'frozen:freeze'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);
const ENDINGS: readonly [string, string][] = [
  ['ies', 'y'],
  ['es', ''],
  ['s', ''],
  ['ied', 'y'],
  ['ed', ''],
  ['ed', 'e'],
  ['ing', ''],
  ['ing', 'e'],
  ['er', ''],
  ['er', 'e'],
  ['est', ''],
  ['est', 'e'],
  ['ly', ''],
];
const DOUBLED = /^(.*)([bdgmnprt])\2(?:ed|ing|er|est)$/;
const MIN_BASE = 3;

/** Forms of which a word can be an inflection. */
function basesOf(word: string): string[] {
  const cut = ENDINGS.filter(
    ([ending]) => word.endsWith(ending) && word.length - ending.length >= MIN_BASE,
  ).map(([ending, instead]) => word.slice(0, -ending.length) + instead);
  const doubled = DOUBLED.exec(word);
  return [
    IRREGULAR.get(word) ?? word,
    word,
    ...cut,
    ...(doubled === null ? [] : [`${doubled[1] ?? ''}${doubled[2] ?? ''}`]),
  ];
}

/** Returns true if WordNet knows a word, and not only as a name such as "York". */
function isKnown({ words, senses }: WordNet, word: string): boolean {
  return PARTS_OF_SPEECH.flatMap((part) => words.get(`${part}:${word}`) ?? []).some(
    (sense) => senses.get(sense)?.words.includes(word) === true,
  );
}

/** Returns the words of each stem. `words` are in the order of their frequency; at most `size` stems are taken. */
export function stemsWithWords(
  words: readonly string[],
  wordNet: WordNet,
  size: number,
): Map<string, Word[]> {
  const found = new Map<string, Word[]>();
  let rank = 0;
  for (const word of words) {
    if (!/^[a-z]{2,24}$/.test(word)) continue;
    const base = basesOf(word).find((form) => isKnown(wordNet, form)) ?? null;
    if (base === null && !MODERN.has(word)) continue;
    rank += 1;
    const stem = stemOf(word);
    const known = found.get(stem);
    if (known !== undefined) known.push({ word, base, rank });
    else if (found.size < size) found.set(stem, [{ word, base, rank }]);
  }
  return found;
}
