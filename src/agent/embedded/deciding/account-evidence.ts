/** Evidence of what a user tells before the question for it: in the words of an exit, or as an amount. English. */
import type { Evidence } from '../evidence.ts';
import { amountsIn } from '../facts/amounts.ts';
import type { Clause } from '../language/clauses.ts';
import { relation } from '../language/scales.ts';
import type { Question } from '../reading/questions.ts';
import type { ReadDescription } from '../reading/states.ts';
import { comparedEvidence } from './answers.ts';
import type { Hearing } from './hearing.ts';
import { exampleEvidence, matterEvidence } from './matter-evidence.ts';

/** An amount of time, or a time in the past. */
const SINCE = /\b(?:yesterday|last (?:week|month|year|spring|summer|autumn|fall|winter|christmas)|ago)\b/;

/** Returns true if a clause tells an amount of what a question asks about: "tuned it 8 months ago" at "When was it tuned?" */
function tellsAmount({ words, stems }: Clause, { stems: asked }: Question): boolean {
  const said = words.join(' ');
  const isAmount = SINCE.test(said) || amountsIn(said).some(({ unit }) => unit !== '');
  return isAmount && stems.some((stem) => asked.some((other) => relation(stem, other) === 1));
}

/** Returns a clause with those of its stems alone that stand in a description. Words of like meaning are no account. */
function exactly(clause: Clause, { weighted, weightedExamples }: ReadDescription): Clause {
  const described = new Set(
    [...weighted, ...weightedExamples].flatMap(({ words }) => words.map(([stem]) => stem)),
  );
  return { ...clause, stems: clause.stems.filter((stem) => described.has(stem)) };
}

/** Returns the evidence of a clause, told before the question, for what an exit says is the case. */
export function accountEvidence(way: ReadDescription, clause: Clause, hearing: Hearing): Evidence {
  const exact = [exactly(clause, way)].filter(({ stems }) => stems.length > 0);
  const matter = Math.max(matterEvidence(way, exact), exampleEvidence(way, exact));
  if (!tellsAmount(clause, hearing.question)) return matter;
  const alone = { ...hearing.message, text: clause.words.join(' '), statements: [clause] };
  return Math.max(matter, comparedEvidence(way, { ...hearing, message: alone }));
}
