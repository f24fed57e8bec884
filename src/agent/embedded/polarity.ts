/** Polarity of an answer: evidence for a yes or a no to a question, with or without the words "yes" and "no". */
import { comparisonOf } from './facts/quantities.ts';
import { evidenceOf, strongest, type Evidence, type WeightedProposition } from './evidence.ts';
import type { WordVectors } from './meaning/vectors.ts';
import { deniesKnowledge, isAuxiliary, isSubject } from './language/grammar.ts';
import { relation, worthOf } from './language/scales.ts';
import type { Clause } from './language/clauses.ts';
import type { Message } from './language/message.ts';
import { asideEvidence, cannotCheck, judgedPredicate } from './polarity/asides.ts';
import { agreesInWords, consentEvidence } from './polarity/consent.ts';
import { echoes, inspects, intendsDeed, isDeedOfTrouble, isStillToDo } from './polarity/deeds.ts';
import {
  cureTold,
  doesNothing,
  deniesByOthers,
  deniesForPart,
  isNormal,
  tellsLoss,
  withLackOf,
} from './polarity/things.ts';
import { wantedBy, withWorth } from './polarity/worth.ts';
import type { Proposition } from './reading/descriptions.ts';
import type { Question } from './reading/questions.ts';
import { WEIGHTS } from './weights.ts';

/** The most words of a yes that leaves the matter out. */
const MAX_ELLIPSIS = 6;

/** Returns the evidence of an answer that leaves the matter out: "It does", "I haven't". */
function ellipticEvidence(clause: Clause): Evidence {
  const { words, negated } = clause;
  if (cannotCheck(clause) || deniesKnowledge(words)) return 0;
  if (negated) return -WEIGHTS.elliptic;
  // "I am looking" tells what the user does, and not that they are what was asked.
  if (words.some((word) => DOING.test(word))) return 0;
  return !clause.background &&
    words.length <= MAX_ELLIPSIS &&
    words.some(isAuxiliary) &&
    words.some(isSubject)
    ? WEIGHTS.elliptic
    : 0;
}

/** A verb in progress. */
const DOING = /^\w{2,20}ing$/;

function ofEllipsis(clause: Clause): Evidence {
  return clause.stems.length === 0 ? ellipticEvidence(clause) : 0;
}

/** Returns the evidence of a clause that tells a loss: a no, and a yes where it denies one. */
function lossEvidence({ negated }: Pick<Proposition, 'negated'>): Evidence {
  return negated ? WEIGHTS.elliptic : -WEIGHTS.elliptic;
}

/** Returns how an answer in words is related to a question: above 0 if a yes would mean it, below 0 if a no would. */
export function relatednessOf(
  answer: Pick<Proposition, 'stems' | 'negated'>,
  asked: readonly string[],
): Evidence {
  const clause = { words: [], stems: [...answer.stems], negated: answer.negated, background: false };
  if (tellsLoss(answer, asked)) return lossEvidence(answer);
  // What the answer says besides is not what a yes or a no says.
  const own = answer.stems.filter((stem) => asked.some((word) => relation(word, stem) !== 0));
  const covered = answer.stems.length === 0 ? 1 : own.length / answer.stems.length;
  return (
    withWorth(evidenceOf(clause, weightedBy(asked)), clause, asked) *
    (WEIGHTS.leastCovered + (1 - WEIGHTS.leastCovered) * covered)
  );
}

function weightedBy(stems: readonly string[]): WeightedProposition {
  return { words: stems.map((stem) => [stem, WEIGHTS.questionWord] as const), negated: false };
}

/** Hints of explanations for a yes and for a no. */
export interface YesAndNoHints {
  yesHints: readonly WeightedProposition[];
  noHints: readonly WeightedProposition[];
}

/** Knowledge with which an answer is understood. */
interface Known extends YesAndNoHints {
  vectors: WordVectors | null;
  /** Time of the turn, in milliseconds since 1970; null when years have no age. */
  now: number | null;
}

const NOTHING_KNOWN: Known = { yesHints: [], noHints: [], vectors: null, now: null };

function hintedEvidence(clause: Clause, { yesHints, noHints }: YesAndNoHints): Evidence {
  return strongest([
    ...yesHints.map((hint) => evidenceOf(clause, hint)),
    ...noHints.map((hint) => -evidenceOf(clause, hint)),
  ]);
}

/** Words by which the user does not know, which deny nothing of what was asked. */
const UNKNOWN =
  /\b(?:i|we) (?:\w+ )?(?:do|can|could|am|are) not (?:\w+ )?(?:know|understand|remember|recall|sure|certain|say|tell)\b|^not (?:really |quite )?(?:sure|certain)\b/;

/** Returns true if a clause tells only that the user does not know. */
function isUnknown({ words, stems, negated }: Clause): boolean {
  return negated && stems.length === 0 && UNKNOWN.test(words.join(' '));
}

/** The evidence for a yes (+) or a no (-) to a question. */
export function answerPolarity(heard: Message, question: Question, known: Partial<Known> = {}): Evidence {
  // What the user does not know denies nothing of what was asked.
  const message = { ...heard, statements: heard.statements.filter((clause) => !isUnknown(clause)) };
  const { vectors, now, ...hints }: Known = { ...NOTHING_KNOWN, ...known };
  const { proposition, consent, closing } = question;
  // "That's it, thanks" says no to "Is there anything else?"
  if (closing && (message.acts.has('farewell') || message.acts.has('finished'))) return -WEIGHTS.explicit;
  const stated = message.statements.map(({ words }) => words.join(' ')).join(', ');
  const compared = consent ? null : comparisonOf(question.text, stated, now);
  // "No, it is below 30" says no, whatever its number is compared with.
  if (compared !== null && message.explicit * compared >= 0) return compared * WEIGHTS.compared;
  // "No, I meant the blue one" goes on to say what is right.
  const corrects = message.acts.has('correction') && !message.bare;
  // "That is wrong" refuses nothing where no yes or no is asked for.
  if (corrects && proposition === null) return 0;
  const said = statedPolarity(message, question, hints, vectors);
  if (message.explicit !== 0 && !(message.acknowledges && said < 0))
    return message.explicit * (corrects ? WEIGHTS.correcting : WEIGHTS.explicit);
  if (consent && Math.abs(said) < WEIGHTS.leastPolarity)
    return strongest([said, consentEvidence(message, question.stems, vectors)]);
  if (said !== 0 || consent || proposition === null || message.acts.has('thanks')) return said;
  if (WAITS_FIRST.test(message.text)) return 0;
  const aside = message.statements.map((clause) =>
    inspects(clause, message, question) || promises(clause, question)
      ? 0
      : asideEvidence(clause, proposition.stems, vectors),
  );
  return strongest(aside);
}

/** Words by which the user asks for time before they tell where they are: "hang on, I am upstairs". */
const WAITS_FIRST =
  /^\W*(?:hang on|hold on|(?:one|a|just a) (?:second|sec|moment|minute)|wait(?: a \w+)?)\b(?:,? please)?\W+i\b/i;

/** Returns true if a clause denies that there is the first thing that is asked about: "there's no light at all". */
export function deniesThing({ words, stems, negated }: Clause, asked: readonly string[]): boolean {
  return (
    negated &&
    stems[0] === asked[0] &&
    stems.length > 0 &&
    NO_THING.test(words.join(' ')) &&
    worthOf(asked) >= 0 &&
    stems.every((stem) => asked.includes(stem))
  );
}

const NO_THING = /^(?:(?:there (?:is|are|was|were)|i (?:have|see|hear|feel|get)|it has) )?no \w/;

/** Tells how often something was done or happened, and nothing else: "once or twice", "not once". */
const FREQUENCY =
  /^(?:(?:just|only|about|maybe|perhaps|at least|yes|no|well|oh|not|not even) )*(?:(?:once|twice|thrice)(?: or (?:twice|thrice|two))?|(?:a few|a couple of|several|many|some|two|three|four|five|six|\d{1,3})(?: or \w+)? times|sometimes|occasionally|regularly|now and then|from time to time|every now and then)(?: already| before| so far| ago| now)?$/;

/** Returns +1 for a clause that tells only how often something was the case, -1 if it denies that; 0 for any other. */
function frequencyOf({ words, negated }: Clause): -1 | 0 | 1 {
  if (!FREQUENCY.test(words.join(' '))) return 0;
  return negated ? -1 : 1;
}

/** Words for what a user is going to do, which tell nothing of what is the case: "I'll try that". */
const PROMISES = /\b(?:i|we) (?:will|shall|am going to|are going to) (?!not\b)\w/;
/** A question that such a promise answers. */
const ASKS_TO_DO =
  /\b(?:will|would|can|could|do|are) (?:you|it|that)\b|\bplease\b|\b(?:shall|should|may|can) (?:i|we)\b/i;

/** Returns true if a clause only tells what the user is going to do, where that is not what is asked for. */
function promises({ words, stems }: Clause, { text }: Question): boolean {
  return stems.length === 0 && PROMISES.test(words.join(' ')) && !ASKS_TO_DO.test(text);
}

/** The evidence of one clause in the words of the question, or in none. `says` is true if another clause has matter. */
function clauseEvidence(
  clause: Clause,
  question: Question,
  says: boolean,
  vectors: WordVectors | null,
): Evidence {
  const { stems: asked } = question;
  const often = frequencyOf(clause);
  if (often !== 0) return often * WEIGHTS.elliptic;
  if (tellsLoss(clause, question.stems)) return lossEvidence(clause);
  const cure = cureTold(clause, question);
  if (cure !== 0) return cure * WEIGHTS.elliptic;
  if (doesNothing(clause, asked)) return WEIGHTS.elliptic;
  if (
    deniesByOthers(clause, question) ||
    deniesForPart(clause, asked) ||
    intendsDeed(clause, question) ||
    isNormal(clause, question, wantedBy(asked))
  )
    return -WEIGHTS.elliptic;
  if (clause.stems.length === 0) {
    if (promises(clause, question)) return 0;
    if (echoes(clause, question)) return WEIGHTS.elliptic;
    return ellipticEvidence(clause) * (says ? WEIGHTS.besideMatter : 1);
  }
  if (deniesThing(clause, asked)) return -WEIGHTS.elliptic;
  const judged = judgedPredicate(clause, asked, vectors);
  if (judged !== 0) return judged;
  const evidence = evidenceOf(foreground(clause, question), weightedBy(asked));
  if (evidence === 0 && echoes(clause, question)) return WEIGHTS.elliptic;
  if (isStillToDo(clause, asked) || isDeedOfTrouble(clause, question)) return -evidence;
  return withWorth(evidence, clause, asked);
}

/** The evidence of what is stated in the words of the question, or in none. */
function statedPolarity(
  message: Message,
  question: Question,
  hints: YesAndNoHints,
  vectors: WordVectors | null,
): Evidence {
  const { proposition } = question;
  if (proposition === null) return Math.min(0, ...message.statements.map(ofEllipsis));
  const says = message.statements.some(
    (clause) => clause.stems.length > 0 && !foreground(clause, question).background,
  );
  const isProposal = question.consent && !question.closing;
  const met = message.statements.map((clause) =>
    inspects(clause, message, question) ||
    (isProposal && !clause.negated && !agreesInWords(clause, question.stems))
      ? 0
      : clauseEvidence(withLackOf(clause, question), question, says, vectors),
  );
  const direct = strongest(met);
  // The words of the question count before those of its explanation.
  if (Math.abs(direct) >= WEIGHTS.leastDirect) return direct;
  return strongest([...message.statements.map((clause) => hintedEvidence(clause, hints)), ...met]);
}

/**
 * Returns a clause that tells a time or a condition as a statement, if the question asks with such a word ("when",
 * "while").
 */
function foreground(clause: Clause, { text }: Question): Clause {
  return clause.background && ASKS_WHEN.test(text) ? { ...clause, background: false } : clause;
}

const ASKS_WHEN = /\b(?:while|when|during|after|before|once)\b/i;
