/**
 * Hints of a state's explanations at the answers to its question. "A car park or a driveway is safe. The hard shoulder
 * is not." gives the hint that a user in a driveway is in a safe place.
 */
import { evidenceOf, type WeightedProposition } from '../evidence.ts';
import { clausesOf, sentencesOf, type Clause } from '../language/clauses.ts';
import type { Proposition } from './descriptions.ts';

/** The weight of each word of a hint. Two words of a hint weigh about as much as one of a description. */
const HINT_WEIGHT = 0.45;
const LEAST = 0.3;
/** "Is not", at the end of a sentence: the one before says what it is not. */
const ELLIPTIC_END = /\b(?:is|are|do|does|was|were)(?: not|n't)[.!]?$/i;

/** An answer that a hint may speak for: the propositions of an exit, or of a yes (+1) or a no (-1) to the question. */
export interface HintedAnswer {
  propositions: readonly WeightedProposition[];
}

/** Verbs of a sentence that describes something and gives no instruction. */
const STATES = /\b(?:is|are|was|were|means?|counts?|sounds?|starts?|comes?|shows?|stands?)\b/;

/** The parts of a sentence that each tell of one answer: "three or four is strong, one or two is weak". */
function partsOf(sentence: string): Clause[] {
  return sentence.split(/[,;]\s*(?:and |but )?/).flatMap((part) => clausesOf(part));
}

/** Returns the index of the answer that a clause tells of; -1 when it tells of none, or of several. */
function toldOf(clause: Clause, answers: readonly HintedAnswer[]): number {
  const evidence = answers.map(({ propositions }) =>
    Math.max(0, ...propositions.map((proposition) => evidenceOf(clause, proposition))),
  );
  const best = Math.max(...evidence);
  const winners = evidence.flatMap((each, index) => (each > best - 0.1 ? [index] : []));
  return best < LEAST || winners.length !== 1 ? -1 : (winners[0] ?? -1);
}

/** The hints that explanations give for each answer, as propositions of their own. */
export function hintsFor(
  explanations: readonly string[],
  answers: readonly HintedAnswer[],
): WeightedProposition[][] {
  const hints: WeightedProposition[][] = answers.map(() => []);
  const taken = new Set(
    answers.flatMap(({ propositions }) => propositions.flatMap(({ words }) => words.map(([stem]) => stem))),
  );
  let last = -1;
  for (const { text } of explanations.flatMap(sentencesOf)) {
    if (text.endsWith('?')) continue;
    const isElliptic = ELLIPTIC_END.test(text) && answers.length === 2 && last !== -1;
    for (const clause of partsOf(text)) {
      if (!STATES.test(clause.words.join(' '))) continue;
      const told = isElliptic ? 1 - last : toldOf(clause, answers);
      if (told === -1) continue;
      const words = clause.stems
        .filter((stem) => !taken.has(stem))
        .map((stem) => [stem, HINT_WEIGHT] as const);
      if (words.length > 0) hints[told]?.push({ words, negated: false, loose: true });
      last = told;
    }
  }
  return hints;
}

/** The answers yes and no to a question, as hints tell of them. */
export function yesAndNo({ stems }: Proposition): [HintedAnswer, HintedAnswer] {
  const words = stems.map((stem) => [stem, 0.6] as const);
  return [{ propositions: [{ words, negated: false }] }, { propositions: [{ words, negated: true }] }];
}
