/** How strongly a message speaks for each exit of an action state. */
import { evidenceOf, strongest, type Evidence } from '../evidence.ts';
import { answerPolarity, relatednessOf, type YesAndNoHints } from '../polarity.ts';
import { comparisonOf } from '../facts/quantities.ts';
import { EXACT_KINDS } from '../facts/kinds.ts';
import { answersNothing, isInquiry } from '../signals.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/acts.ts';
import type { Question } from '../reading/questions.ts';
import type { ReadDescription, ReadExit, ReadState } from '../reading/states.ts';
import { topicWordsOf } from '../reading/topics.ts';
import { choosesOption, refersBack } from './options.ts';

/** What a message is compared with, besides the descriptions. */
export interface Hearing {
  message: Message;
  question: Question;
  /** Evidence for a yes (+) or a no (-) to the question. */
  polarity: Evidence;
  /** Every stem of the graph: another word is one that the graph does not speak of. */
  vocabulary: ReadonlySet<string>;
}

export function hearingOf(
  message: Message,
  question: Question,
  vocabulary: ReadonlySet<string>,
  hints?: YesAndNoHints,
): Hearing {
  return { message, question, polarity: answerPolarity(message, question, hints), vocabulary };
}

const EXACT = 1;
const CLEAR = 0.9;
const GIVEN = 0.8;
const OPEN = 0.5;

function normal(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Whether an exit leads to something further: "would like another table", "wants to cancel a reservation". */
function isMore(way: ReadDescription): boolean {
  return way.acts.has('more') || (way.request && !isAside(way));
}

/** The evidence of an act that a description names: a farewell for an exit by farewell. */
function actEvidence(way: ReadDescription, { message, question, polarity }: Hearing): Evidence {
  const described = way.acts;
  const { acts, explicit, bare, questions } = message;
  const found: Evidence[] = [];
  if (described.has('farewell')) {
    if (acts.has('farewell'))
      found.push(question.consent && !question.closing && explicit === 1 ? 0.6 : 0.95);
    if (question.closing && explicit === -1 && bare && questions.length === 0) found.push(EXACT);
    if (question.closing && bare && acts.has('thanks') && explicit !== 1 && questions.length === 0)
      found.push(GIVEN);
  }
  if (described.has('withdrawal') && acts.has('withdrawal')) found.push(CLEAR);
  if (described.has('human') && acts.has('human')) found.push(CLEAR);
  if (described.has('thanks') && acts.has('thanks') && bare) found.push(GIVEN);
  if (isMore(way) && question.closing && explicit === 1 && bare) found.push(GIVEN);
  if (described.has('greeting') && acts.has('greeting') && bare) found.push(GIVEN);
  if (described.has('yes')) found.push(polarity);
  if (described.has('no')) {
    found.push(-polarity);
    if (acts.has('withdrawal')) found.push(GIVEN);
  }
  return found.length === 0 ? 0 : Math.max(...found);
}

/** The evidence of what is said for what a description says is the case. */
function matterEvidence({ weighted }: ReadDescription, clauses: readonly Clause[]): Evidence {
  return strongest(
    clauses
      .map((clause) => weighted.map((proposition) => evidenceOf(clause, proposition)))
      .map((each) => strongestFor(each)),
  );
}

/** Of several propositions any may be the case: evidence for one counts before evidence against another. */
function strongestFor(evidence: readonly Evidence[]): Evidence {
  const best = Math.max(0, ...evidence);
  return best > 0 ? best : Math.min(0, ...evidence);
}

/** The evidence of a message that is like an example. */
function exampleEvidence({ weightedExamples }: ReadDescription, clauses: readonly Clause[]): Evidence {
  const found = clauses.flatMap((clause) => weightedExamples.map((example) => evidenceOf(clause, example)));
  return Math.max(0, ...found) * 0.9;
}

/** How an exit in words is related to what is asked. One part that a no would mean makes it what a no means. */
function relatedTo(asked: readonly string[], { weighted, acts }: ReadDescription): Evidence {
  if (acts.has('yes') || acts.has('no')) return 0;
  const found = weighted.map(({ words, negated }) =>
    relatednessOf({ stems: words.map(([stem]) => stem), negated }, asked),
  );
  const least = Math.min(0, ...found);
  return least < 0 ? least : Math.max(0, ...found);
}

/** An exit that is related less than this share of the strongest one is about something else. */
const RELATED_SHARE = 0.7;

/** A yes or a no means an exit that tells the answer in words: to "Are they tight?" a no means "They are loose". */
function impliedEvidence(exits: readonly ReadExit[], { question, polarity }: Hearing): Evidence[] {
  const none = exits.map(() => 0);
  if (Math.abs(polarity) < LEAST_POLARITY) return none;
  const ways = exits.map(({ ways: [way] }) => (way === undefined || way.awaits ? null : way));
  const related = ways.map((way) => (way === null || isAside(way) ? 0 : relatedTo(question.stems, way)));
  // Neither a yes nor a no tells which of two is meant.
  if (
    question.options.length > 1 &&
    related.filter((each) => each > Math.max(LEAST_RELATED, Math.max(...related) * RELATED_SHARE)).length > 1
  )
    return none;
  const implied = implications(related, question, polarity);
  if (implied.some((each) => each > 0)) return implied;
  // "No" to "Shall I send you the form?" means "The guest does not want the form".
  const declined = ways.map((way) =>
    way?.acts.has('withdrawal') === true ? relatedTo(question.stems, way) : 0,
  );
  return implications(declined, question, polarity).map((each, index) =>
    each === 0 ? (implied[index] ?? 0) : each,
  );
}

const LEAST_POLARITY = 0.3;
const LEAST_RELATED = 0.2;

function implications(
  related: readonly Evidence[],
  { proposition }: Question,
  polarity: Evidence,
): Evidence[] {
  const most = Math.max(...related.map(Math.abs));
  const implied = related.map((each) => {
    if (Math.abs(each) < Math.max(LEAST_RELATED, most * RELATED_SHARE)) return 0;
    // A question without a yes can only be answered by a no: "I haven't got one."
    if (proposition === null && (polarity > 0 || each > 0)) return 0;
    return Math.sign(each) * polarity * Math.min(0.95, 0.3 + Math.abs(each) * 0.8);
  });
  const best = Math.max(...implied);
  const isTie = implied.filter((each) => each > best - 0.05).length > 1;
  return best > 0 && isTie ? related.map(() => 0) : implied;
}

/** An answer in the user's own words, whatever options the question names. */
const FREE = /\b(?:said|told|described|explained|mentioned) (?:what|why|how|where|who|whether|something)\b/i;

/** Whether a message has more in common with an example than not. */
function isLikeExample({ weightedExamples }: ReadDescription, { statements }: Message): boolean {
  return statements.some(({ stems }) =>
    weightedExamples.some(({ words }) => {
      const shared = words.filter(([stem]) => stems.includes(stem)).length;
      return shared / (words.length + stems.length - shared) > 0.5;
    }),
  );
}

/** "That is early" is said of what was offered, and offers nothing. */
const COMMENTS = /\b(?:that|this|it)(?:'s| is)\b|\btoo\b/i;

/** The evidence that an answer is what an exit waits for. */
function answerEvidence(way: ReadDescription, exit: ReadExit, hearing: Hearing): Evidence {
  const { message, question } = hearing;
  const isProposal = message.questions.length > 0 && !isInquiry(message.text);
  const asksOnly = message.questions.length > 0 && !isProposal && !exit.takesQuestion(message.text);
  if (asksOnly && message.statements.length === 0) return 0;
  if (way.kinds.length > 0 && way.kinds.every(({ name }) => name !== 'matter')) {
    const stated = asksOnly
      ? message.statements.map(({ words }) => words.join(' ')).join(', ')
      : message.text;
    if (!way.kinds.every(({ answeredBy }) => answeredBy(stated))) return 0;
    if (way.kinds.some(({ name }) => name === 'name') && answersNothing(stated)) return 0;
    if (way.kinds.every(({ findInAnswer }) => findInAnswer(stated) !== null)) return GIVEN;
    return answersNothing(stated) || COMMENTS.test(stated) ? 0 : OPEN;
  }
  if (question.options.length > 2 && !FREE.test(way.text)) {
    if (choosesOption(question.options, hearing)) return GIVEN;
    return refersBack(message) || isLikeExample(way, message) ? OPEN : 0;
  }
  if (exit.takesQuestion(message.text)) return GIVEN;
  if (answersNothing(message.text) || message.acts.has('hesitation') || message.bare) return 0;
  return asksOnly ? 0 : OPEN;
}

const CHANGED = 0.88;
/** What is given may be a correction without being called one. */
const UNSAID_CHANGE = 0.6;

/** The evidence that a message corrects something: it says so, and says what. */
function correctionEvidence(way: ReadDescription, { message }: Hearing): Evidence {
  if (!way.acts.has('correction') || message.bare) return 0;
  const given = (way.kinds.length > 0 ? way.kinds : EXACT_KINDS).some(
    ({ find }) => find(message.text) !== null,
  );
  if (message.acts.has('correction') && !message.acts.has('withdrawal')) return CHANGED;
  return given || message.explicit === -1 ? UNSAID_CHANGE : 0;
}

/** An exit that sets a limit: "it was within the last three months". */
function comparedEvidence({ text, awaits, request }: ReadDescription, message: Message): Evidence {
  const compared =
    awaits || request || message.statements.length === 0 ? null : comparisonOf(text, message.text);
  return compared === null ? 0 : compared * GIVEN;
}

/** What is asked for is the same whether it is there or not: "Nobody has brought it" asks where it is. */
function matterOf(way: ReadDescription, spoken: readonly Clause[], { questions }: Message): Evidence {
  const matter = matterEvidence(way, spoken);
  if (!way.acts.has('asks')) return matter;
  const asked = { words: [], stems: topicWordsOf(questions), negated: false, background: false };
  const topic = Math.max(0, ...way.topics.map((each) => Math.abs(evidenceOf(asked, each))));
  return Math.max(Math.abs(matter), topic);
}

function evidenceForWay(way: ReadDescription, exit: ReadExit, hearing: Hearing): Evidence {
  const { message } = hearing;
  if (way.examples.some((example) => normal(example) === normal(message.text))) return EXACT;
  const spoken =
    way.request || way.awaits
      ? [...message.statements, ...message.questions.flatMap(({ clauses }) => clauses)]
      : message.statements;
  const matter = way.awaits || way.acts.has('withdrawal') ? 0 : matterOf(way, spoken, message);
  const found = [
    actEvidence(way, hearing),
    matter,
    comparedEvidence(way, message),
    ...message.statements.flatMap((clause) => way.hints.map((hint) => evidenceOf(clause, hint))),
    way.awaits ? answerEvidence(way, exit, hearing) : 0,
    way.awaits || exit.ends ? 0 : exampleEvidence(way, spoken),
    correctionEvidence(way, hearing),
  ];
  const best = Math.max(...found);
  return best > 0 ? best : Math.min(...found);
}

/** The evidence for each exit, in their order. */
export function exitEvidence({ exits }: ReadState, hearing: Hearing): Evidence[] {
  const implied = impliedEvidence(exits, hearing);
  const own = exits.map((exit, index) => {
    const stated = strongestFor(exit.ways.map((way) => evidenceForWay(way, exit, hearing)));
    // "They do, as bright as always" says yes, and not that they are weak.
    return stated <= AGAINST ? stated : strongestFor([implied[index] ?? 0, stated]);
  });
  const answered = withAnswerFirst(exits, withOpenAnswer(exits, own), hearing.message);
  return withComplement(exits, answered);
}

/** Where any words can be the answer, a wish needs more than a word that it shares with them. */
function withOpenAnswer(exits: readonly ReadExit[], evidence: readonly Evidence[]): Evidence[] {
  const isOpen = exits.some(({ ways: [way] }, index) => way?.awaits === true && evidence[index] === OPEN);
  return evidence.map((own, index) =>
    isOpen && own < CLEAR_WISH && exits[index]?.ways[0]?.awaits !== true ? Math.min(own, OPEN * 0.8) : own,
  );
}

/** What is stated against an exit outweighs what a yes or a no implies. */
const AGAINST = -0.4;
const CLEAR_WISH = 0.62;

/**
 * What is asked for and given is the answer: where the time is asked for, "Actually, at eight" corrects nothing, and
 * "no, at eight" declines nothing.
 */
function withAnswerFirst(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  { bare }: Message,
): Evidence[] {
  const isGiven = exits.some(
    ({ ways: [way] }, index) => way?.awaits === true && (evidence[index] ?? 0) >= GIVEN,
  );
  if (!isGiven) return [...evidence];
  return evidence.map((own, index) => {
    const way = exits[index]?.ways[0];
    const yields =
      way !== undefined && !way.awaits && (way.acts.has('correction') || (!bare && isPolar(way)));
    return yields && own < EXACT ? Math.min(own, UNSAID_CHANGE) : own;
  });
}

/** Where an answer must be one of two, what speaks against one speaks for the other. */
function withComplement(exits: readonly ReadExit[], evidence: Evidence[]): Evidence[] {
  const answers = exits
    .map((exit, index) => ({ way: exit.ways[0], index }))
    .filter(({ way }) => way !== undefined && (isAnswer(way) || isWishBesideAnswer(way, exits)));
  const [a, b] = answers;
  if (answers.length !== 2 || a === undefined || b === undefined) return evidence;
  const [ofA, ofB] = [evidence[a.index] ?? 0, evidence[b.index] ?? 0];
  return evidence.map((own, index) => {
    if (index === a.index && ofB < 0 && own <= 0) return Math.max(own, -ofB * 0.8);
    if (index === b.index && ofA < 0 && own <= 0) return Math.max(own, -ofA * 0.8);
    return own;
  });
}

const ASIDE: readonly string[] = ['farewell', 'withdrawal', 'correction', 'human', 'greeting', 'thanks'];

function isAside({ acts }: ReadDescription): boolean {
  return [...acts].some((act) => ASIDE.includes(act));
}

function isPolar({ acts }: ReadDescription): boolean {
  return acts.has('yes') || acts.has('no');
}

/** Whether an exit is one of the answers to the state's question, rather than a farewell or another wish. */
function isAnswer(way: ReadDescription): boolean {
  return !way.awaits && !(way.request && !isPolar(way)) && !isAside(way);
}

/** Beside one exit for a yes, a wish is what a no means. */
function isWishBesideAnswer(way: ReadDescription, exits: readonly ReadExit[]): boolean {
  return (
    way.request &&
    !isAside(way) &&
    exits.some(({ ways: [other] }) => other !== undefined && other !== way && isPolar(other))
  );
}
