/** Evidence that a clause gives for what a graph describes: how strong it is, and whether it speaks for or against. */
import { relation, worthOf } from './language/scales.ts';
import type { Clause } from './language/clauses.ts';
import type { Proposition } from './reading/descriptions.ts';
import { WEIGHTS } from './weights.ts';

/** Evidence from -1, which speaks against, to +1. 0 is none. */
export type Evidence = number;

/** The shortest word, in letters, in which one slip is forgiven. */
const MIN_SLIP_LENGTH = 5;

/**
 * Stems of words for a quantity. They are compared before all other words, and a negated verb does not change the
 * result: "only one" is never "all".
 */
const QUANTIFIERS = new Set([
  'only',
  'onli',
  'one',
  'singl',
  'sole',
  'just',
  'alon',
  'both',
  'all',
  'everyth',
  'everi',
  'each',
  'whole',
  'entir',
]);

/** A proposition whose words have a weight. */
export interface WeightedProposition {
  words: readonly (readonly [stem: string, weight: number])[];
  negated: boolean;
  /** The stem of what the user wants to do, if a wish is described: "cancel" of "wants to cancel a reservation". */
  verb?: string | undefined;
  /** Its stems for a quantity that no other candidate has. */
  quantifiers?: readonly string[];
  /** True if each of its words tells by itself: words that are not met do not lower the evidence. */
  loose?: boolean;
}

/** Returns a key that differs for an affirmed and a denied word, because such a word tells two candidates apart. */
function keyOf(stem: string, negated: boolean): string {
  return negated ? `not ${stem}` : stem;
}

function holds(propositions: readonly Proposition[], stem: string): boolean {
  return propositions.some(({ stems }) => stems.includes(stem));
}

/** Weighs the words of each candidate's propositions: words that tell the candidates apart count more. */
export function weigh(candidates: readonly (readonly Proposition[])[]): WeightedProposition[][] {
  const holders = new Map<string, Set<number>>();
  candidates.forEach((propositions, index) => {
    for (const { stems, negated } of propositions)
      for (const stem of stems) {
        const key = keyOf(stem, negated);
        holders.set(key, (holders.get(key) ?? new Set()).add(index));
      }
  });
  return candidates.map((propositions) =>
    propositions.map(({ stems, negated, verb }) => ({
      words: stems.map(
        (stem) => [stem, (holders.get(keyOf(stem, negated))?.size ?? 1) > 1 ? WEIGHTS.shared : 1] as const,
      ),
      negated,
      verb,
      quantifiers: stems.filter(
        (stem) =>
          QUANTIFIERS.has(stem) && !candidates.some((other) => other !== propositions && holds(other, stem)),
      ),
    })),
  );
}

/**
 * Returns true if two words differ by one letter that is missing, added, wrong or swapped with the next. They begin
 * with the same letter and have at least `MIN_SLIP_LENGTH` letters.
 */
export function differsBySlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < MIN_SLIP_LENGTH || Math.abs(a.length - b.length) > 1 || a[0] !== b[0])
    return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(a, at + 1) === rest(b, at + 1) ||
    rest(a, at) === rest(b, at + 1) ||
    rest(a, at + 1) === rest(b, at) ||
    (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2))
  );
}

/**
 * Returns the word of a clause that meets a word of a description: the same word or one of its meaning (+1), or its
 * opposite (-1). Null when no word does.
 */
function meeting(said: readonly string[], stem: string): { word: string; how: 1 | -1 } | null {
  if (said.includes(stem)) return { word: stem, how: 1 };
  let opposite: string | undefined;
  for (const word of said) {
    const how = relation(word, stem);
    if (how === 1) return { word, how };
    if (how === -1) opposite ??= word;
  }
  if (opposite !== undefined) return { word: opposite, how: -1 };
  const slip = said.find((word) => differsBySlip(word, stem));
  return slip === undefined ? null : { word: slip, how: 1 };
}

/** Returns true if a stem is that of a word for a quantity, such as "every". */
export function isQuantifier(stem: string): boolean {
  return QUANTIFIERS.has(stem);
}

/** Denials of a quantity: "not all of them" speaks against all, "not alone" against alone. */
const NOT_ALL = /\bnot (?:all|both|every|each|everything|only|alone|just|one|a single)\b/;

function quantifiersOf({ stems: said, words: spoken }: Clause, wanted: readonly string[]): Evidence {
  const given = said.filter((stem) => QUANTIFIERS.has(stem));
  if (wanted.length === 0 || given.length === 0) return 0;
  const related = given.flatMap((stem) => wanted.map((other) => relation(stem, other)));
  if (related.includes(1)) return NOT_ALL.test(spoken.join(' ')) ? -WEIGHTS.quantified : WEIGHTS.quantified;
  return related.includes(-1) ? -WEIGHTS.quantified : 0;
}

/**
 * Returns the words of a description. Those that were said themselves come first, then those whose opposite was said: "on"
 * is the opposite of "off" before it is another word for "light". Of the rest, those that tell most come first.
 */
function byExactness(
  words: WeightedProposition['words'],
  said: readonly string[],
): WeightedProposition['words'] {
  if (words.length < 2) return words;
  const exact: WeightedWord[] = [];
  const opposed: WeightedWord[] = [];
  const rest: WeightedWord[] = [];
  for (const each of words) {
    const [stem] = each;
    if (said.includes(stem)) exact.push(each);
    else if (said.some((word) => relation(word, stem) === -1)) opposed.push(each);
    else rest.push(each);
  }
  return [...exact, ...opposed.sort(byWeight), ...rest.sort(byWeight)];
}

type WeightedWord = WeightedProposition['words'][number];

function byWeight([, a]: WeightedWord, [, b]: WeightedWord): number {
  return b - a;
}

/** Returns the evidence of one clause for one proposition. Each negation and an opposite word reverse it. */
export function evidenceOf(
  clause: Clause,
  { words, negated, verb, loose, quantifiers = [] }: WeightedProposition,
): Evidence {
  if (words.length === 0) return negated && clause.negated ? (clause.stems.length === 0 ? 0.7 : 0.35) : 0;
  const quantity = quantifiersOf(clause, quantifiers);
  if (quantity !== 0) return quantity;
  const open = [...clause.stems];
  let met = 0;
  let all = 0;
  let turned = false;
  let done = verb === undefined;
  for (const [stem, weight] of byExactness(words, open)) {
    const meets = meeting(open, stem);
    all += weight;
    if (meets === null) continue;
    // A word meets one word of a description only.
    open.splice(open.indexOf(meets.word), 1);
    met += weight;
    turned ||= meets.how === -1;
    done ||= stem === verb;
  }
  if (met === 0) return 0;
  // "Dead" denies as "not" does, where the description denies something: "no signal".
  const denies =
    clause.negated ||
    (negated && !turned && worthOf(clause.stems) < 0 && !words.some(([stem]) => worthOf([stem]) < 0));
  const against = [turned, negated, denies].filter(Boolean).length % 2 === 1;
  const covered = loose === true ? 1 : WEIGHTS.uncovered + (1 - WEIGHTS.uncovered) * (met / all);
  const deed = done ? 1 : WEIGHTS.withoutVerb;
  return (
    (against ? -1 : 1) *
    (met / (met + WEIGHTS.half)) *
    covered *
    deed *
    (clause.background ? WEIGHTS.background : 1)
  );
}

/** The strongest evidence of several; of equal strength, the later one. */
export function strongest(evidence: readonly Evidence[]): Evidence {
  return evidence.reduce((best, next) => (Math.abs(next) >= Math.abs(best) ? next : best), 0);
}
