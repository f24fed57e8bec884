/** Answers to a question for two things, such as a day and a time, that give one of them. English. */
import { findIntroducedFullName, findFullName, findName } from '../facts/names.ts';
import { findClock, findDay } from '../facts/times.ts';
import type { Message } from '../language/message.ts';
import { toldIn } from '../recollection.ts';
import { leaveBy, perform, type Chosen, type Moment } from './moment.ts';

/** Words by which a user says that there is only one name. */
const ONLY_ONE =
  /\b(?:only|just)\b.{0,20}\b(?:one|a single|single)\b(?:.{0,12}\bname)?|\b(?:no|not have an?|n['’]t have an?|without an?) (?:last|family|second|other|sur) ?name\b|\b(?:that|this|it)(?:['’]s| is) (?:all|it|my (?:full|whole|only|entire) name|the (?:full|whole|only) name)\b|\bmononym\b/i;

/** Parts of a fact: the name of each, and whether a message gives it. */
const PARTS: Readonly<Record<string, readonly [RegExp, (text: string) => boolean][]>> = {
  'day and time': [
    [/\b(?:day|date)\b/i, (text) => findDay(text) !== null],
    [/\btime\b/i, (text) => findClock(text) !== null],
  ],
  'full name': [
    [/\bfirst name\b/i, (text) => findName(text) !== null],
    [
      /\b(?:last|family|second) name\b/i,
      (text) => (findFullName(text) ?? findIntroducedFullName(text)) !== null,
    ],
  ],
};

/** An action for a user who gave one part: "If only the day is known, ask for the time." */
const FOR_A_PART = /\bonly\b/i;

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

/**
 * Returns the choice for an answer that gives one of the two things that a state asks for: the action for it, or the exit
 * when the other one was told before or there is only one. Null for any other answer.
 */
export function chooseOnHalf(moment: Moment): Chosen | null {
  const { situation, read, hearing } = moment;
  const { message } = hearing;
  const exit = read.exits.findIndex(({ ways: [way] }) => way?.awaits === true);
  const kind = read.exits[exit]?.ways[0]?.kinds.find(({ name }) => name in PARTS);
  const parts = PARTS[kind?.name ?? ''];
  if (kind === undefined || parts === undefined || message.questions.length > 0) return null;
  if (kind.name === 'full name' && findFullName(message.text) === null && completesName(moment, message))
    return leaveBy(exit);
  const told =
    kind.name === 'full name' ? [message.text] : toldIn(situation).map((each) => each.message.text);
  const given = parts.filter(([, isGiven]) => isGiven(message.text));
  const missing = parts.filter(([, isGiven]) => !told.some((text) => isGiven(text)));
  if (given.length === 0 || missing.length === 0) return null;
  const action = read.actions.findIndex(
    ({ read: { occasion } }) =>
      occasion !== null &&
      FOR_A_PART.test(occasion) &&
      given.some(([named]) => named.test(occasion)) &&
      !missing.some(([named]) => named.test(occasion)),
  );
  return action === -1 ? null : perform(action);
}
