/** Relations between the stems of the vocabulary, from WordNet. */
import { stemOf } from '../../src/agent/embedded/language/stems.ts';
import type { Word } from './vocabulary.ts';
import { PARTS_OF_SPEECH, type WordNet } from './wordnet.ts';

/** For each stem, by its place: the places of related stems with a weight, and those of opposite ones. */
export interface Relations {
  near: ReadonlyMap<number, number>[];
  opposite: ReadonlySet<number>[];
}

/** The senses of a word that count, the words of a related sense, and the steps up to wider senses. */
const MAX_SENSES = 4;
const MAX_WORDS = 3;
const WIDER = [0.6, 0.35];
const SIMILAR = 0.6;
/** The words of a stem that count. The rest are rare. */
const MAX_FORMS = 3;

class Collected {
  readonly near = new Map<number, number>();
  readonly opposite = new Set<number>();
  readonly #own: number;
  readonly #places: ReadonlyMap<string, number>;
  readonly #wordNet: WordNet;

  constructor(own: number, places: ReadonlyMap<string, number>, wordNet: WordNet) {
    this.#own = own;
    this.#places = places;
    this.#wordNet = wordNet;
  }

  #placeOf(word: string): number | undefined {
    const place = /^[a-z]+$/.test(word) ? this.#places.get(stemOf(word)) : undefined;
    return place === this.#own ? undefined : place;
  }

  #add(words: readonly string[], weight: number): void {
    for (const place of words.map((word) => this.#placeOf(word)))
      if (place !== undefined) this.near.set(place, Math.max(this.near.get(place) ?? 0, weight));
  }

  addSense(id: string, word: string, weight: number): void {
    const { senses } = this.#wordNet;
    const sense = senses.get(id);
    if (sense === undefined) return;
    this.#add(sense.words, weight);
    let wider = sense.wider;
    for (const share of WIDER) {
      for (const each of wider) this.#add(senses.get(each)?.words.slice(0, MAX_WORDS) ?? [], weight * share);
      wider = wider.flatMap((each) => senses.get(each)?.wider ?? []);
    }
    for (const each of sense.similar)
      this.#add(senses.get(each)?.words.slice(0, MAX_WORDS) ?? [], weight * SIMILAR);
    for (const { sense: other, own, other: at } of sense.opposite) {
      const place =
        sense.words[own - 1] === word ? this.#placeOf(senses.get(other)?.words[at - 1] ?? '') : undefined;
      if (place !== undefined) this.opposite.add(place);
    }
  }
}

/** Returns the relations between stems. A word's usual senses count more than its rare ones. */
export function relationsOf(stems: ReadonlyMap<string, readonly Word[]>, wordNet: WordNet): Relations {
  const places = new Map([...stems.keys()].map((stem, place) => [stem, place]));
  const collected = [...stems.values()].map((words, place) => {
    const own = new Collected(place, places, wordNet);
    for (const { word, base } of words.slice(0, MAX_FORMS))
      for (const part of PARTS_OF_SPEECH)
        for (const [at, sense] of (wordNet.words.get(`${part}:${base ?? word}`) ?? [])
          .slice(0, MAX_SENSES)
          .entries())
          own.addSense(sense, base ?? word, 1 / (at + 1));
    return own;
  });
  return { near: collected.map(({ near }) => near), opposite: collected.map(({ opposite }) => opposite) };
}
