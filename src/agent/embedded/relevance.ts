import MiniSearch from 'minisearch';
import { cut } from '../../text.ts';
import { FACT_SIGNALS, signalsOf, type SignalName } from './signals.ts';
import { hear, processTerm, stemsOf, tokenize } from './words.ts';

/**
 * The longest part of a graph's text that is compared, in UTF-16 units. An exit with all that is decided behind it is
 * shorter.
 */
const MAX_COMPARED_LENGTH = 16_000;

interface Index {
  search: MiniSearch;
  /** Every stem of the texts: a word that is one of them was spelt as it was meant. */
  stems: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly string[], Index>();

/**
 * Returns the index of the texts. It is kept as long as the same list is in use, for example by the state of a graph.
 */
function indexOf(texts: readonly string[]): Index {
  const known = indexes.get(texts);
  if (known !== undefined) return known;
  const search = new MiniSearch({ fields: ['text'], tokenize, processTerm });
  const compared = texts.map((text) => cut(text, MAX_COMPARED_LENGTH));
  search.addAll(compared.map((text, id) => ({ id, text })));
  const index = { search, stems: new Set(compared.flatMap(stemsOf)) };
  indexes.set(texts, index);
  return index;
}

/** The relevance of a text to what was said. */
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

/** A message prepared for the comparison with texts. It is prepared once for all lists of texts. */
export interface Understood {
  /** Stems of the words. */
  words: ReadonlySet<string>;
  /** Stems of what the sentence signals: "yes" also means "confirms". */
  meanings: ReadonlySet<string>;
  /** The meanings that tell what the sentence is about: not those of a day or a number that is mentioned. */
  telling: ReadonlySet<string>;
}

/** Works out what a message says, from as much of it as is heard; without the signals that mean nothing here. */
export function understand(said: string, without: readonly SignalName[] = []): Understood {
  const text = hear(said);
  return {
    words: new Set(stemsOf(text)),
    meanings: new Set(signalsOf(text, without).flatMap(stemsOf)),
    telling: new Set(signalsOf(text, [...without, ...FACT_SIGNALS]).flatMap(stemsOf)),
  };
}

/** Compares what was said with each text: BM25 over stems, slips in long words forgiven, and the signals of the sentence. */
export function compare({ words, meanings, telling }: Understood, texts: readonly string[]): Match[] {
  const found: Match[] = texts.map(() => ({ score: 0, share: 0 }));
  // Every term is a stem already, so the search must not make a stem of it again.
  const { search, stems } = indexOf(texts);
  const results = search.search([...words, ...meanings].join(' '), {
    processTerm: (term) => term,
    fuzzy: (term) => (meanings.has(term) || stems.has(term) ? false : slipsForgiven(term)),
    prefix: (term) => term.length > 4 && !meanings.has(term),
  });
  for (const { id, score, queryTerms } of results) {
    const met = queryTerms.filter((term) => words.has(term)).length;
    const signalled = queryTerms.some((term) => telling.has(term));
    const share = signalled ? 1 : met / Math.max(1, words.size);
    found[id as number] = { score, share };
  }
  return found;
}

/** Compares what was said with each text of one list. */
export function matches(
  said: string,
  texts: readonly string[],
  without: readonly SignalName[] = [],
): Match[] {
  return compare(understand(said, without), texts);
}

/** Returns the relevance of each text to what was said; 0 where they share nothing. */
export function relevance(said: string, texts: readonly string[]): number[] {
  return matches(said, texts).map(({ score }) => score);
}

/** The indexes of the lists that hold a text which shares something with what was said, the most relevant first. */
export function relevantLists(said: string, lists: readonly (readonly string[])[]): number[] {
  const understood = understand(said);
  return lists
    .map((texts, index) => ({
      index,
      score: Math.max(0, ...compare(understood, texts).map(({ score }) => score)),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ index }) => index);
}

/** The index of the greatest score above zero; the first of equals. `null` when nothing is relevant. */
export function best(scores: readonly number[]): number | null {
  let winner: number | null = null;
  scores.forEach((score, index) => {
    if (score > 0 && score > (winner === null ? 0 : (scores[winner] ?? 0))) winner = index;
  });
  return winner;
}
