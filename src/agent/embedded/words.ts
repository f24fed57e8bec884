/** The words of a text, as the embedded agent compares them. English. */
import { stemmer } from 'stemmer';
import { cut } from '../../text.ts';

/**
 * Words that say nothing about the matter, in English, with those that every description of a user's wish holds.
 * Words of courtesy are here too: what they mean is a signal, not a word to be compared.
 */
const STOP_WORDS = new Set(
  (
    'a about actually after again all also am an and any anything are as asks at be because been before being both but by ca ' +
    'can cant could did do does doing done dont else everything for from get give gives given go had has have having he hello her ' +
    'here hey hi him his how i id if im in into is it its ive just let like many may me might mind more most much must ' +
    'my need needs never no not nothing now of off oh ok okay on one or other our out over own patient person please put really ' +
    'said say says she should so some something such tell tells than that thats the their them then there these they thing ' +
    'things this those to too up us user users very want wants was we well were what when where which while who why will ' +
    'wish wishes with without wo would yes you your yours'
  ).split(' '),
);

/** The longest part of a message that is read, in UTF-16 units. A longer message has named its matter by then. */
const MAX_HEARD_LENGTH = 4_000;
/** The most stems of a text that are compared. The first words of a message tell its matter. */
const MAX_WORDS_COMPARED = 200;
/**
 * The longest part of a word that is compared, in UTF-16 units. No word of a language is longer, and the memory of a
 * fuzzy search grows with the square of the length.
 */
const MAX_WORD_LENGTH = 40;

/** The part of a message that its meaning is taken from. */
export function hear(text: string): string {
  return cut(text, MAX_HEARD_LENGTH);
}

/** The ending of a contraction: "I'd", "can't", "what's". */
const CONTRACTION = /(?:n['’]t|['’](?:d|s|ll|m|re|ve))(?![\p{L}\p{N}])/gu;

export function tokenize(text: string): string[] {
  return text
    .replaceAll(CONTRACTION, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => cut(word, MAX_WORD_LENGTH));
}

/** The stem of a word that says something, `null` of any other. */
export function processTerm(term: string): string | null {
  const word = term.toLowerCase();
  return STOP_WORDS.has(word) ? null : stemmer(word);
}

/** The stems of the words that say something, each once, in the order of the text. */
export function stemsOf(text: string): string[] {
  const stems = tokenize(text).map(processTerm);
  return [...new Set(stems.filter((stem) => stem !== null))].slice(0, MAX_WORDS_COMPARED);
}
