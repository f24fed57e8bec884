/** Evidence that a clause gives for what a graph describes: how strong it is, and whether it speaks for or against. */
import { relation } from './language/scales.ts';
import type { Clause } from './language/clauses.ts';
import type { Proposition } from './reading/descriptions.ts';

/** Evidence from -1, which speaks against, to +1. 0 is none. */
export type Evidence = number;

/** A word is worth this when other candidates have it as well: it tells the subject, not the answer. */
const SHARED_WEIGHT = 0.3;
/** One telling word gives two thirds. */
const HALF = 0.5;
/** The share of evidence that a description keeps of which hardly anything is met. */
const UNCOVERED = 0.6;
/** "A reservation" alone does not want one cancelled. */
const WITHOUT_VERB = 0.45;
/** What "when" and "if" introduce is not what is the case. */
const BACKGROUND = 0.3;
/** A letter more, less or wrong, in words that are long enough. */
const MIN_SLIP_LENGTH = 5;

/** What tells how many are meant: "only one" is not "all", whatever is denied of them. */
const QUANTIFIERS = new Set([
  'only',
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
  /** What the user wants to do, where that is described: "cancel" of "wants to cancel a reservation". */
  verb?: string | undefined;
  /** Its words for how many, where no other candidate has them. */
  quantifiers?: readonly string[];
  /** Whether each of its words tells by itself, however many others are not met. */
  loose?: boolean;
}

/** A word that one candidate affirms and another denies tells them apart. */
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
        (stem) => [stem, (holders.get(keyOf(stem, negated))?.size ?? 1) > 1 ? SHARED_WEIGHT : 1] as const,
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

/** Whether two words differ by one letter that is missing, added, wrong or swapped with the next. */
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

/** Which word of a clause meets a word of a description: itself or its like (+1), its opposite (-1); null without. */
function meeting(said: readonly string[], stem: string): { word: string; how: 1 | -1 } | null {
  if (said.includes(stem)) return { word: stem, how: 1 };
  const alike = said.find((word) => relation(word, stem) === 1);
  if (alike !== undefined) return { word: alike, how: 1 };
  const opposite = said.find((word) => relation(word, stem) === -1);
  if (opposite !== undefined) return { word: opposite, how: -1 };
  const slip = said.find((word) => differsBySlip(word, stem));
  return slip === undefined ? null : { word: slip, how: 1 };
}

const QUANTIFIED = 0.6;

/** "Not all of them" is not all. */
const NOT_ALL = /\bnot (?:all|both|every|each|everything)\b/;

function quantifiersOf({ stems: said, words: spoken }: Clause, wanted: readonly string[]): Evidence {
  const given = said.filter((stem) => QUANTIFIERS.has(stem));
  if (wanted.length === 0 || given.length === 0) return 0;
  const related = given.flatMap((stem) => wanted.map((other) => relation(stem, other)));
  if (related.includes(1)) return NOT_ALL.test(spoken.join(' ')) ? -QUANTIFIED : QUANTIFIED;
  return related.includes(-1) ? -QUANTIFIED : 0;
}

/** The words of a description, those first that were said themselves. */
function byExactness(
  words: WeightedProposition['words'],
  said: readonly string[],
): WeightedProposition['words'] {
  return [
    ...words.filter(([stem]) => said.includes(stem)),
    ...words.filter(([stem]) => !said.includes(stem)),
  ];
}

/** The evidence of one clause for one proposition. Negation and opposites turn it round. */
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
  const against = [turned, negated, clause.negated].filter(Boolean).length % 2 === 1;
  const covered = loose === true ? 1 : UNCOVERED + (1 - UNCOVERED) * (met / all);
  const deed = done ? 1 : WITHOUT_VERB;
  return (against ? -1 : 1) * (met / (met + HALF)) * covered * deed * (clause.background ? BACKGROUND : 1);
}

/** The strongest evidence of several; of equal strength, the later one. */
export function strongest(evidence: readonly Evidence[]): Evidence {
  return evidence.reduce((best, next) => (Math.abs(next) >= Math.abs(best) ? next : best), 0);
}
