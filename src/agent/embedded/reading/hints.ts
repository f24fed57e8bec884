/**
 * Hints of a state's explanations at the answers to its question. "A car park or a driveway is safe. The hard shoulder
 * is not." gives the hint that a user in a driveway is in a safe place.
 */
import { evidenceOf, isQuantifier, type WeightedProposition } from '../evidence.ts';
import { clausesOf, sentencesOf, type Clause } from '../language/clauses.ts';
import type { Proposition } from './descriptions.ts';
import { WEIGHTS } from '../weights.ts';

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
  return best < WEIGHTS.leastHint || winners.length !== 1 ? -1 : (winners[0] ?? -1);
}

function wordsFor({ stems }: Clause, taken: ReadonlySet<string>): WeightedProposition['words'] {
  return stems.filter((stem) => !taken.has(stem)).map((stem) => [stem, WEIGHTS.hintWord] as const);
}

/** Returns the two clauses of a rule, "If it swings, it is loose"; null of another sentence. */
function conditionIn(sentence: string): { given: Clause; told: Clause } | null {
  const parts = /^(?:if|when) ([^,]{2,120}), (?:then )?([^,]{2,120})$/i.exec(sentence);
  if (parts === null) return null;
  const [given, told] = [clausesOf(parts[1] ?? '')[0], clausesOf(parts[2] ?? '')[0]];
  return given === undefined || told === undefined ? null : { given, told };
}

/** Returns what explanations say should be the case, as hints at the answer that all is well: "The belt should click". */
export function hintsOfNorm(
  explanations: readonly string[],
  asked: readonly string[],
): WeightedProposition[] {
  return explanations
    .flatMap(sentencesOf)
    .filter(({ text }) => NORM.test(text))
    .flatMap(({ clauses }) =>
      clauses.filter(({ words, background }) => words.includes('should') && !background),
    )
    .flatMap((clause) => {
      const words = wordsFor(clause, new Set(asked)).filter(([stem]) => !isQuantifier(stem));
      return words.length === 0 ? [] : [{ words, negated: clause.negated, loose: true }];
    });
}

const NORM = /\bshould\b(?!.*\?)/i;

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
    const condition = conditionIn(text);
    const meant = condition === null ? -1 : toldOf(condition.told, answers);
    if (condition !== null && meant !== -1) {
      const words = wordsFor(condition.given, taken);
      if (words.length > 0) hints[meant]?.push({ words, negated: condition.given.negated, loose: true });
      continue;
    }
    for (const clause of partsOf(text)) {
      if (!STATES.test(clause.words.join(' '))) continue;
      const told = isElliptic ? 1 - last : toldOf(clause, answers);
      if (told === -1) continue;
      const words = wordsFor(clause, taken);
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
