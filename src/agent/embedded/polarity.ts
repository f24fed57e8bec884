/** Whether an answer says yes or no to a question, with or without the words "yes" and "no". */
import { comparisonOf } from './facts/quantities.ts';
import { evidenceOf, strongest, type Evidence, type WeightedProposition } from './evidence.ts';
import { isAuxiliary, isSubject } from './language/grammar.ts';
import { isNegativePole } from './language/scales.ts';
import type { Clause } from './language/clauses.ts';
import type { Message } from './language/acts.ts';
import type { Question } from './reading/questions.ts';

const EXPLICIT = 0.9;
const CORRECTING = 0.5;
const COMPARED = 0.85;
const ELLIPTIC = 0.75;
/** Beside a clause that names the matter, one that leaves it out tells less. */
const BESIDE = 0.6;
/** A negation that does not meet the question's words: "I haven't tried that yet". */
const ASIDE_NEGATED = 0.45;
/** A statement about what was asked, in other words. */
const ASIDE = 0.3;

/** "It does", "I haven't": an answer that leaves the matter out. */
function ellipticEvidence({ words, negated }: Clause): Evidence {
  if (negated) return -ELLIPTIC;
  return words.some(isAuxiliary) && words.some(isSubject) ? ELLIPTIC : 0;
}

function ofEllipsis(clause: Clause): Evidence {
  return clause.stems.length === 0 ? ellipticEvidence(clause) : 0;
}

/** A statement in words that are not those of the question: most people who do not deny, affirm. */
function asideEvidence({ words, stems, negated, background }: Clause): Evidence {
  if (background) return 0;
  const negative = stems.some(isNegativePole) !== negated;
  if (negative) return -ASIDE_NEGATED;
  const isStatement = words.some(isSubject) || words.some((word) => /^(?:my|our|the|mine)$/.test(word));
  return isStatement ? ASIDE : 0;
}

/** What explanations tell about a yes and about a no. */
export interface YesAndNoHints {
  yesHints: readonly WeightedProposition[];
  noHints: readonly WeightedProposition[];
}

const NO_HINTS: YesAndNoHints = { yesHints: [], noHints: [] };

function hintedEvidence(clause: Clause, { yesHints, noHints }: YesAndNoHints): Evidence {
  return strongest([
    ...yesHints.map((hint) => evidenceOf(clause, hint)),
    ...noHints.map((hint) => -evidenceOf(clause, hint)),
  ]);
}

/** The evidence for a yes (+) or a no (-) to a question. */
export function answerPolarity(
  message: Message,
  question: Question,
  hints: YesAndNoHints = NO_HINTS,
): Evidence {
  const { proposition, consent } = question;
  const compared = consent ? null : comparisonOf(question.text, message.text);
  if (compared !== null) return compared * COMPARED;
  // "No, I meant the blue one" goes on to say what is right.
  const corrects = message.acts.has('correction') && !message.bare;
  if (message.explicit !== 0) return message.explicit * (corrects ? CORRECTING : EXPLICIT);
  if (proposition === null) return Math.min(0, ...message.statements.map(ofEllipsis));
  const weighted = { words: proposition.stems.map((stem) => [stem, 0.6] as const), negated: false };
  const says = message.statements.some(({ stems }) => stems.length > 0);
  const met = message.statements.map((clause) =>
    clause.stems.length === 0 ? ellipticEvidence(clause) * (says ? BESIDE : 1) : evidenceOf(clause, weighted),
  );
  const direct = strongest([...message.statements.map((clause) => hintedEvidence(clause, hints)), ...met]);
  if (direct !== 0 || consent) return direct;
  return strongest(message.statements.map(asideEvidence));
}
