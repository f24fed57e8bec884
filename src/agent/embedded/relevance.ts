import MiniSearch from 'minisearch';
import { stemmer } from 'stemmer';
import { signalsOf } from './signals.ts';

/** Words that say nothing about the matter, in English, with those that every description of a user's wish holds. */
const STOP_WORDS = new Set(
  (
    'a about after again all also am an and any are as asks at be because been before being both but by can could ' +
    'did do does doing done else for from get give gives given go had has have having he her here him his how i if ' +
    'im in into is it its just let like many may me might more most much must my need needs no not now of off on ' +
    'one or other our out over own patient person please put said say says she should so some such tell tells than ' +
    'that thats the their them then there these they thing things this those to too up us user users very want ' +
    'wants was we well were what when where which while who will wish wishes with would you your yours'
  ).split(' '),
);

function processTerm(term: string): string | null {
  const word = term.toLowerCase().replaceAll(/['’]/g, '');
  return word === '' || STOP_WORDS.has(word) ? null : stemmer(word);
}

const indexes = new WeakMap<readonly string[], MiniSearch>();

/** An index of the texts, kept for as long as somebody holds the same list: a graph's state, for one. */
function indexOf(texts: readonly string[]): MiniSearch {
  const known = indexes.get(texts);
  if (known !== undefined) return known;
  const index = new MiniSearch({ fields: ['text'], processTerm });
  index.addAll(texts.map((text, id) => ({ id, text })));
  indexes.set(texts, index);
  return index;
}

/**
 * How relevant each text is to what was said: BM25 over stems, near misses of long words forgiven, with the signals
 * of the sentence ("yes" also means "confirms"). 0 where they share nothing.
 */
export function relevance(said: string, texts: readonly string[]): number[] {
  const scores = texts.map(() => 0);
  const results = indexOf(texts).search([said, ...signalsOf(said)].join(' '), {
    fuzzy: (term) => (term.length > 5 ? 0.2 : false),
    prefix: (term) => term.length > 4,
  });
  for (const { id, score } of results) scores[id as number] = score;
  return scores;
}

/** The index of the greatest score above zero; the first of equals. `null` when nothing is relevant. */
export function best(scores: readonly number[]): number | null {
  let winner: number | null = null;
  scores.forEach((score, index) => {
    if (score > 0 && score > (winner === null ? 0 : (scores[winner] ?? 0))) winner = index;
  });
  return winner;
}
