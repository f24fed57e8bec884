/** Nearness in meaning of a message to the phrases of triggers. */
import { isOtherComplaint, isAlike } from '../language/body.ts';
import type { Clause } from '../language/clauses.ts';
import type { WordVectors } from './vectors.ts';

/** A phrase of a trigger: its stems, and whether it denies something. */
interface Phrase {
  stems: readonly string[];
  negated: boolean;
}

/** The least nearness at which a trigger is set off, and at which a set is a candidate. */
export const SETS_OFF = 0.66;
export const RELEVANT = 0.5;

/** Weight of how rare a word is, and the weight of a usual word: frequent words are near to many others. */
const RARITY = 0.8;
const USUAL = 0.75;
/** The least mean nearness of the two nearest phrases of a trigger, which together set it off. */
const OF_TWO = 0.52;
/** The most stems of a phrase and of a message that are compared, and the most of all triggers for one message. */
const MAX_STEMS = 6;
const MAX_SAID = 40;
const MAX_COMPARED = 600;

/** Nearness of the stem of a message that is nearest to a stem of a phrase, and its weight in the table. */
interface Nearest {
  nearness: number;
  weight: number;
}

const FAR: Nearest = { nearness: 0, weight: 0 };
const FAR_PHRASE = { ...FAR, stems: [] as readonly string[] };

/** Returns the one that is nearer. */
function nearer(a: Nearest, b: Nearest): Nearest {
  return b.nearness > a.nearness ? b : a;
}

/** A message that is compared with the triggers of many sets. Each stem of a trigger is compared once. */
export class SaidMeaning {
  readonly #vectors: WordVectors;
  /** The stems of each clause that is not denied, and of each that is. */
  readonly #clauses: { negated: boolean; stems: readonly string[] }[] = [];
  /** For each stem of a trigger, the nearest stem of each clause. */
  readonly #nearest = new Map<string, readonly Nearest[]>();

  constructor(clauses: readonly Clause[], vectors: WordVectors) {
    this.#vectors = vectors;
    let left = MAX_SAID;
    for (const { stems, negated } of clauses) {
      const taken = [...new Set(stems)].slice(0, left);
      left -= taken.length;
      if (taken.length > 0) this.#clauses.push({ negated, stems: taken });
    }
  }

  #compare(stem: string, other: string): Nearest {
    const isSame = other === stem || isAlike(other, stem);
    return {
      nearness: isSame ? 1 : isOtherComplaint(other, stem) ? 0 : this.#vectors.similarity(other, stem),
      weight: this.#vectors.weight(other),
    };
  }

  #nearestTo(stem: string): readonly Nearest[] {
    const known = this.#nearest.get(stem);
    if (known !== undefined) return known;
    if (this.#nearest.size >= MAX_COMPARED) return [];
    const found = this.#clauses.map(({ stems }) =>
      stems.map((other) => this.#compare(stem, other)).reduce(nearer, FAR),
    );
    this.#nearest.set(stem, found);
    return found;
  }

  /** Returns the nearness of the nearest clause to a phrase: that of the word of the phrase that is the farthest. */
  #ofPhrase({ stems, negated }: Phrase): Nearest {
    const words = stems.slice(0, MAX_STEMS).map((stem) => this.#nearestTo(stem));
    return this.#clauses
      .map((clause, index) =>
        clause.negated === negated
          ? words
              .map((clauses) => clauses[index] ?? FAR)
              .reduce((a, b) => (b.nearness < a.nearness ? b : a), { nearness: 1, weight: 0 })
          : FAR,
      )
      .reduce(nearer, FAR);
  }

  /**
   * Returns how near the message is to the phrases of triggers, 0 and up; at least `SETS_OFF` when it sets one off. A
   * clause is compared with phrases of its own polarity.
   */
  nearness(phrases: readonly Phrase[]): number {
    const near = phrases
      .map((phrase) => ({ ...this.#ofPhrase(phrase), stems: phrase.stems }))
      .sort((a, b) => b.nearness - a.nearness);
    const [first = FAR_PHRASE] = near;
    // "Chest pain" and "a pain in the chest" are one phrase.
    const second = near.find(({ stems }) => !stems.some((stem) => first.stems.includes(stem))) ?? FAR_PHRASE;
    const alone = Math.max(0, ...near.map(({ nearness, weight }) => nearness + RARITY * (weight - USUAL)));
    const both = (first.nearness + second.nearness) / 2;
    return both >= OF_TWO && first.weight >= USUAL ? Math.max(alone, SETS_OFF) : alone;
  }
}
