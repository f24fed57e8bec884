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

/** A proposition whose words have a weight. */
export interface WeightedProposition {
  words: readonly (readonly [stem: string, weight: number])[];
  negated: boolean;
  /** What the user wants to do, where that is described: "cancel" of "wants to cancel a reservation". */
  verb?: string | undefined;
  /** Whether each of its words tells by itself, however many others are not met. */
  loose?: boolean;
}

/** Weighs the words of each candidate's propositions: words that tell the candidates apart count more. */
export function weigh(candidates: readonly (readonly Proposition[])[]): WeightedProposition[][] {
  const holders = new Map<string, Set<number>>();
  candidates.forEach((propositions, index) => {
    for (const { stems } of propositions)
      for (const stem of stems) holders.set(stem, (holders.get(stem) ?? new Set()).add(index));
  });
  return candidates.map((propositions) =>
    propositions.map(({ stems, negated, verb }) => ({
      words: stems.map((stem) => [stem, (holders.get(stem)?.size ?? 1) > 1 ? SHARED_WEIGHT : 1] as const),
      negated,
      verb,
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

/** How a word of a description is met by a clause: by itself or by its like (+1), by its opposite (-1), or not (0). */
function metBy(clause: Clause, stem: string): 1 | 0 | -1 {
  let opposite = false;
  for (const said of clause.stems) {
    const related = relation(said, stem);
    if (related === 1) return 1;
    opposite ||= related === -1;
  }
  if (opposite) return -1;
  return clause.stems.some((said) => differsBySlip(said, stem)) ? 1 : 0;
}

/** The evidence of one clause for one proposition. Negation and opposites turn it round. */
export function evidenceOf(clause: Clause, { words, negated, verb, loose }: WeightedProposition): Evidence {
  let met = 0;
  let all = 0;
  let turned = false;
  for (const [stem, weight] of words) {
    const how = metBy(clause, stem);
    all += weight;
    if (how === 0) continue;
    met += weight;
    turned ||= how === -1;
  }
  if (met === 0) return 0;
  const against = [turned, negated, clause.negated].filter(Boolean).length % 2 === 1;
  const covered = loose === true ? 1 : UNCOVERED + (1 - UNCOVERED) * (met / all);
  const deed = verb !== undefined && metBy(clause, verb) === 0 ? WITHOUT_VERB : 1;
  return (against ? -1 : 1) * (met / (met + HALF)) * covered * deed * (clause.background ? BACKGROUND : 1);
}

/** The strongest evidence of several; of equal strength, the later one. */
export function strongest(evidence: readonly Evidence[]): Evidence {
  return evidence.reduce((best, next) => (Math.abs(next) >= Math.abs(best) ? next : best), 0);
}
