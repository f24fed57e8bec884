/**
 * Evidence that a message gives what an exit waits for, corrects an earlier answer, or keeps the limit that an exit
 * sets. English.
 */
import type { Evidence } from '../evidence.ts';
import { EXACT_KINDS } from '../facts/kinds.ts';
import { hasOtherAnswer } from '../facts/named-facts.ts';
import { comparisonOf } from '../facts/quantities.ts';
import type { Message } from '../language/message.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';
import { answersNothing, isInquiry } from '../signals.ts';
import { asksForHelp, onlyIntroduces } from './help.ts';
import { GIVEN, OPEN, UNSAID_CHANGE, type Hearing } from './hearing.ts';
import { choosesOption, refersBack } from './options.ts';

/** An answer in the user's own words, whatever options the question names. */
const FREE =
  /\b(?:said|told|described|explained|mentioned) (?:what|why|how(?! (?:many|much|long|often|old))|where|who|whether|something)\b/i;

/** An answer that tells who the user is. */
const WHO = /\b(?:who|names?|themselves|introduced?)\b/i;

/** Returns true if a statement and an example share more than half of the stems that they have together. */
function isLikeExample({ weightedExamples }: ReadDescription, { statements }: Message): boolean {
  return statements.some(({ stems }) =>
    weightedExamples.some(({ words }) => {
      const shared = words.filter(([stem]) => stems.includes(stem)).length;
      return shared / (words.length + stems.length - shared) > 0.5;
    }),
  );
}

/** Comments on what was offered, such as "That is early". They give no answer. */
const COMMENTS = /\b(?:that|this|it)(?:'s| is)\b|\btoo\b/i;

/** The evidence of a text that can be the fact that an exit waits for. */
function factEvidence({ kinds }: ReadDescription, stated: string): Evidence {
  if (kinds.some(({ name }) => name === 'name') && answersNothing(stated)) return 0;
  if (kinds.every(({ findInAnswer }) => findInAnswer(stated) !== null)) return GIVEN;
  return answersNothing(stated) || COMMENTS.test(stated) ? 0 : OPEN;
}

/** Returns true if a message only asks for time: the "one" of "one moment please" is no number. */
function isHesitation({ acts, statements, questions }: Message): boolean {
  return acts.has('hesitation') && statements.length === 0 && questions.length === 0;
}

const ASKS_WHY = /\b(?:why|reason)\b/i;
const STOPS = /\b(?:never ?mind|stop|cancel|forget|leave it|drop it)\b/i;

/** Returns true if a denial or a withdrawal is the reason that is asked for: "I don't like it", "changed my mind". */
function isReason({ text }: ReadDescription, { message, question }: Hearing): boolean {
  const { acts, statements, explicit, questions } = message;
  if (!ASKS_WHY.test(`${text} ${question.text}`) || questions.length > 0 || explicit !== 0) return false;
  const isDenial = statements.some(({ negated }) => negated) || acts.has('withdrawal');
  return isDenial && !STOPS.test(message.text);
}

/** The evidence that an answer is what an exit waits for. */
export function answerEvidence(way: ReadDescription, exit: ReadExit, hearing: Hearing): Evidence {
  const { message, question } = hearing;
  const isProposal = message.questions.length > 0 && !isInquiry(message.text);
  const asksOnly = message.questions.length > 0 && !isProposal && !exit.takesQuestion(message.text);
  if (message.acts.has('repeat') || isHesitation(message)) return 0;
  if (asksOnly && message.statements.length === 0) return 0;
  // "One moment" tells no time.
  if (message.acts.has('hesitation') && message.statements.length === 0) return 0;
  if (way.kinds.some(({ name, answeredBy }) => name === 'matter' && !answeredBy(message.text))) return 0;
  if (way.kinds.length > 0 && way.kinds.every(({ name }) => name !== 'matter')) {
    const stated = asksOnly ? message.stated : message.text;
    if (way.kinds.every(({ answeredBy }) => answeredBy(stated))) return factEvidence(way, stated);
    if (!hasOtherAnswer(way.text)) return 0;
  }
  if (question.options.length > 2 && !FREE.test(way.text)) {
    if (choosesOption(question.options, hearing)) return GIVEN;
    const clauses = isProposal
      ? [...message.statements, ...message.questions.flatMap((asked) => asked.clauses)]
      : message.statements;
    const isExplained = clauses.some(({ stems }) => stems.some((stem) => way.explained.has(stem)));
    return refersBack(message) || isExplained || isLikeExample(way, message) ? OPEN : 0;
  }
  if (exit.takesQuestion(message.text)) return GIVEN;
  if (answersNothing(message.text) || message.acts.has('hesitation') || message.bare) return 0;
  if (isReason(way, hearing)) return GIVEN;
  if (message.acts.has('withdrawal')) return 0;
  if (asksForHelp(message) || (onlyIntroduces(message) && !WHO.test(way.text))) return 0;
  return asksOnly ? 0 : OPEN;
}

const CHANGED = 0.88;

/**
 * Returns the evidence that a message corrects an earlier answer: it calls itself a correction, gives a new value, or
 * says no.
 */
export function correctionEvidence(way: ReadDescription, { message }: Hearing): Evidence {
  if (!way.acts.has('correction') || message.bare) return 0;
  const given = (way.kinds.length > 0 ? way.kinds : EXACT_KINDS).some(
    ({ find }) => find(message.text) !== null,
  );
  if (message.acts.has('correction') && !message.acts.has('withdrawal')) return CHANGED;
  if (given && message.explicit === -1) return CHANGED;
  return given || message.explicit === -1 ? UNSAID_CHANGE : 0;
}

/** Returns the evidence that a message keeps the limit of an exit: "it was within the last three months". */
export function comparedEvidence(
  { text, awaits, request }: ReadDescription,
  { message, now }: Hearing,
): Evidence {
  const compared =
    awaits || request || message.statements.length === 0 ? null : comparisonOf(text, message.text, now);
  return compared === null ? 0 : compared * GIVEN;
}
