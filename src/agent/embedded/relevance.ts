import MiniSearch from 'minisearch';
import { FACT_SIGNALS, signalsOf, type SignalName } from './signals.ts';
import { processTerm, stemsOf, tokenize } from './words.ts';

interface Index {
  search: MiniSearch;
  /** Every stem of the texts: a word that is one of them was spelt as it was meant. */
  stems: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly string[], Index>();

/** An index of the texts, kept for as long as somebody holds the same list: a graph's state, for one. */
function indexOf(texts: readonly string[]): Index {
  const known = indexes.get(texts);
  if (known !== undefined) return known;
  const search = new MiniSearch({ fields: ['text'], tokenize, processTerm });
  search.addAll(texts.map((text, id) => ({ id, text })));
  const index = { search, stems: new Set(texts.flatMap(stemsOf)) };
  indexes.set(texts, index);
  return index;
}

/** How much a text has to do with what was said. */
export interface Match {
  /** Comparable within one list of texts only. 0 where they share nothing. */
  score: number;
  /** The share, 0 to 1, of what was said that the text has to do with; 1 when it meets what the sentence signals. */
  share: number;
}

/** One slip in a word of five letters, two in a word of ten. */
function slipsForgiven(term: string): number | false {
  return term.length < 5 ? false : Math.min(2, Math.floor(term.length / 5));
}

/**
 * Compares what was said with each text: BM25 over stems, slips in long words forgiven, with the signals of the
 * sentence ("yes" also means "confirms"), but for those that mean nothing here.
 */
export function matches(
  said: string,
  texts: readonly string[],
  without: readonly SignalName[] = [],
): Match[] {
  const found: Match[] = texts.map(() => ({ score: 0, share: 0 }));
  const words = stemsOf(said);
  const meanings = new Set(signalsOf(said, without).flatMap(stemsOf));
  // A day or a number that is mentioned does not tell what the sentence is about.
  const telling = new Set(signalsOf(said, [...without, ...FACT_SIGNALS]).flatMap(stemsOf));
  // Every term is a stem already, so the search must not make a stem of it again.
  const { search, stems } = indexOf(texts);
  const results = search.search([...words, ...meanings].join(' '), {
    processTerm: (term) => term,
    fuzzy: (term) => (meanings.has(term) || stems.has(term) ? false : slipsForgiven(term)),
    prefix: (term) => term.length > 4 && !meanings.has(term),
  });
  for (const { id, score, queryTerms } of results) {
    const met = queryTerms.filter((term) => words.includes(term)).length;
    const signalled = queryTerms.some((term) => telling.has(term));
    const share = signalled ? 1 : met / Math.max(1, words.length);
    found[id as number] = { score, share };
  }
  return found;
}

/** How relevant each text is to what was said. 0 where they share nothing. */
export function relevance(said: string, texts: readonly string[]): number[] {
  return matches(said, texts).map(({ score }) => score);
}

/** The index of the greatest score above zero; the first of equals. `null` when nothing is relevant. */
export function best(scores: readonly number[]): number | null {
  let winner: number | null = null;
  scores.forEach((score, index) => {
    if (score > 0 && score > (winner === null ? 0 : (scores[winner] ?? 0))) winner = index;
  });
  return winner;
}
