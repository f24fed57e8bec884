/** Answers to a question for two things, such as a day and a time, that give one of them. English. */
import { findIntroducedFullName, findFullName, findName } from '../facts/names.ts';
import type { Message } from '../language/message.ts';
import { toldIn } from '../recollection.ts';
import { isInquiry } from '../signals.ts';
import type { FactKind } from '../facts/kinds.ts';
import { countsThings } from '../facts/numbers.ts';
import { CLEAR_KINDS } from './known-answers.ts';
import { leaveBy, pending, perform, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';
import { partsOf, questionFor, toldInAnswer, type Parts } from './parts.ts';

/** Words by which a user says that there is only one name. */
const ONLY_ONE =
  /\b(?:only|just)\b.{0,20}\b(?:one|a single|single)\b(?:.{0,12}\bname)?|\b(?:no|not have an?|n['’]t have an?|without an?) (?:last|family|second|other|sur) ?name\b|\b(?:that|this|it)(?:['’]s| is) (?:all|it|my (?:full|whole|only|entire) name|the (?:full|whole|only) name)\b|\bmononym\b/i;

/** Evidence of an action that answers what the user asks: "what about the weekend?" gives no day then. */
const ANSWERED = 0.5;

/** Words of an occasion that name what was given: "If only the day is known". */
const FOR_A_PART = /\bonly\b/i;
/** Words of an occasion that name what is missing: "If the postcode is missing". */
const FOR_MISSING =
  /\b(?:missing|left out|(?:not|never) (?:yet )?(?:known|given|said|told|named|mentioned)|unknown|open|without|lacks?|no [\w ]{1,30} (?:was|is|has been) (?:given|said|told|named))\b/i;

/** Returns the last two names of one word that the user told in succession, the older one first. */
function lastNames({ situation }: Moment): string[] {
  return toldIn(situation)
    .slice(0, 2)
    .map(({ message }) => findName(message.text) ?? '')
    .reverse();
}

/** Returns true if the agent asked for a name in its last two messages. */
function askedTwice({ situation: { history } }: Moment): boolean {
  const asked = history.filter(({ by }) => by === 'agent').slice(-2);
  return asked.length === 2 && asked.every(({ text }) => /\bnames?\b/i.test(text));
}

/** Returns true if a message completes a name, or says that it is the whole one. */
function completesName(moment: Moment, { text }: Message): boolean {
  if (ONLY_ONE.test(text)) return lastNames(moment).some((name) => name !== '');
  return askedTwice(moment) && lastNames(moment).every((name) => name !== '' && !name.includes(' '));
}

/** Returns the index of the action that asks for what is missing, or -1. `given` and `missing` name kinds of facts. */
function actionFor({ read }: Moment, given: readonly RegExp[], missing: readonly RegExp[]): number {
  return read.actions.findIndex(({ read: { occasion } }) => {
    if (occasion === null) return false;
    const names = (patterns: readonly RegExp[]) => patterns.some((named) => named.test(occasion));
    if (FOR_A_PART.test(occasion)) return names(given) && !names(missing);
    return FOR_MISSING.test(occasion) && names(missing) && !names(given);
  });
}

const FIRST_NAME = /\bfirst name\b/i;
const LAST_NAME = /\b(?:last|family|second) name\b/i;

/** Returns the choice for one of two names; null for a whole name, for none, and where the state asks for no name. */
function chooseOnName(moment: Moment): Chosen | null {
  const { read, hearing } = moment;
  const { text } = hearing.message;
  const exit = read.exits.findIndex(({ ways: [way] }) => way?.awaits === true);
  if (read.exits[exit]?.ways[0]?.kinds.some(({ name }) => name === 'full name') !== true) return null;
  if (findFullName(text) === null && completesName(moment, hearing.message)) return leaveBy(exit);
  if ((findFullName(text) ?? findIntroducedFullName(text)) !== null || findName(text) === null) return null;
  const action = actionFor(moment, [FIRST_NAME], [LAST_NAME]);
  return action === -1 ? null : perform(action);
}

/** Returns the text of the user's answer before this one, if the state had been reached then; null otherwise. */
function answerBefore({ situation: { position, history }, hearing: { question } }: Moment): string | null {
  const asked = history.filter(({ by }) => by === 'agent').map(({ text }) => text);
  // The first message in a state has its question. Another one, or the same one again, is a later message.
  const isFirst =
    asked.at(-1)?.includes(question.text) === true && asked.at(-2)?.includes(question.text) !== true;
  if (position.performed.length === 0 || isFirst) return null;
  return history.findLast(({ by }) => by === 'user')?.text ?? null;
}

/** Returns the kinds of a state's parts that the user has told, in this message or before it. */
function toldParts(moment: Moment, parts: Parts): readonly FactKind[] {
  const before = answerBefore(moment);
  const here = before === null ? [] : toldInAnswer(before, parts);
  const texts = toldIn(moment.situation)
    .filter(({ message }) => !isInquiry(message.text))
    .map(({ message }) => message.text);
  return parts.kinds.filter(
    (kind) =>
      here.includes(kind) ||
      (CLEAR_KINDS.includes(kind.name) && texts.some((text) => kind.find(text) !== null)),
  );
}

/** Asks for the first one of the missing parts: by the action for it, else in the words of the question. */
function askFor(moment: Moment, parts: Parts, told: readonly FactKind[]): Chosen {
  const { situation, read, actions, hearing } = moment;
  const missing = parts.kinds.filter((kind) => !told.includes(kind));
  const action = actionFor(
    moment,
    told.map(({ named }) => named),
    missing.map(({ named }) => named),
  );
  const [first] = missing;
  if (action !== -1 || first === undefined) return perform(Math.max(0, action));
  const words = questionFor(first, hearing.question, read.exits[parts.exit]?.exit.description ?? '');
  return { ...perform(pending(actions, situation.position.performed)), words };
}

/**
 * Returns the choice for an answer that gives one of the things that a state asks for: the question for the other one, or
 * the exit when that was told before. Null for any other answer.
 */
export function chooseOnHalf(moment: Moment): Chosen | null {
  const { read, hearing } = moment;
  const { message, question } = hearing;
  if (message.questions.some(({ text }) => isInquiry(text))) return null;
  if (questionsEvidence(read, hearing).some((each) => each >= ANSWERED)) return null;
  const parts = partsOf(read, question);
  if (parts === null) return chooseOnName(moment);
  const given = toldInAnswer(message.text, parts);
  if (given.length === 0 || given.length === parts.kinds.length) return null;
  const told = [...new Set([...given, ...toldParts(moment, parts)])];
  return told.length === parts.kinds.length ? leaveBy(parts.exit) : askFor(moment, parts, told);
}

/**
 * Returns the choice in a state that the agent has just reached, where messages told some of what it asks for: the exit
 * when they told all of it, else the question for the rest. Null where they told none of it.
 */
export function chooseOnTold(moment: Moment, messages: readonly Message[]): Chosen | null {
  const parts = partsOf(moment.read, moment.hearing.question);
  if (parts === null) return null;
  const description = moment.read.exits[parts.exit]?.exit.description ?? '';
  const isTold = ({ name, find }: FactKind) =>
    messages.some(({ text }) =>
      name === 'number' ? countsThings(description, text) : CLEAR_KINDS.includes(name) && find(text) !== null,
    );
  const told = parts.kinds.filter(isTold);
  if (told.length === 0) return null;
  return told.length === parts.kinds.length ? leaveBy(parts.exit) : askFor(moment, parts, told);
}
