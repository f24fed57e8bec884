/**
 * Limits the evidence for exits behind which something cannot be undone, where the agent asks for consent: a tool is
 * called, or the conversation ends. They need words for it, and no words that are only near in meaning. English.
 */
import type { Evidence } from '../evidence.ts';
import { reports } from '../language/narrative.ts';
import { asksForDeed } from '../language/requests.ts';
import { isDerived } from '../language/scales.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import { assentSaid } from '../reading/assent.ts';
import type { ReadExit } from '../reading/states.ts';
import { WEIGHTS } from '../weights.ts';
import { EXACT, type Hearing } from './hearing.ts';

/** The most evidence for such an exit without words for it. It is not enough to take the exit. */
const UNSAID = WEIGHTS.leastToChoose - 0.01;
/** An exit that tells what is to be done: "The appointment is to be cancelled". */
const TO_BE_DONE = /\b(?:is|are) (?:\w+ )?to be \w+/i;

/** Matches what the user is going to do: "I'll drop in". */
const DECISION = /\b(?:i|we) (?:will|would|shall|am going to|are going to) (?!not\b)/;
/** A question by which the user asks for a deed. "What happens if I cancel?" asks for none. */
const ORDERS =
  /^\W*(?:(?:and|so|then|ok|okay|please|yes)\W+){0,3}(?:can|could|would|will) you\b(?!.*\b(?:if|later|already|still)\b)/i;
/** Particles name no deed: "what's up" is no "pick it up". */
const PARTICLES = new Set('in on up off out down'.split(' '));

/** Returns true if an exit carries out what the agent asks consent for. */
function commits({ ends, callsTool, ways: [way] }: ReadExit, { question }: Hearing): boolean {
  if (way === undefined || way.awaits || !(ends || callsTool) || question.closing) return false;
  return question.consent || TO_BE_DONE.test(way.text);
}

/** Returns true if a message names what an exit or the question is about in the same words, and reports nothing. */
function namesDeed(
  { ways }: ReadExit,
  { statements, questions }: Message,
  asked: readonly string[],
): boolean {
  const named = [
    ...ways.flatMap(({ weighted, weightedExamples }) =>
      [...weighted, ...weightedExamples].flatMap(({ words }) => words.map(([stem]) => stem)),
    ),
    ...asked,
  ].filter((stem) => !PARTICLES.has(stem));
  const clauses = [
    ...statements,
    ...questions.filter(({ text }) => ORDERS.test(text)).flatMap((each) => each.clauses),
  ];
  return clauses.some(
    ({ words, stems }) =>
      !reports(words) && stems.some((stem) => named.some((word) => word === stem || isDerived(word, stem))),
  );
}

/** Returns true if a no means the exit. */
function declines({ ways }: ReadExit): boolean {
  return ways.some(
    ({ acts, weighted }) =>
      acts.has('no') || acts.has('withdrawal') || weighted.some(({ negated }) => negated),
  );
}

/** Returns true if a message says yes or no, or judges what is proposed, or names the deed. */
function isClear(exit: ReadExit, hearing: Hearing): boolean {
  const { message, question, polarity } = hearing;
  const heard: ReadonlySet<string> = message.acts;
  if (message.explicit !== 0 || exit.ways.some(({ acts }) => [...acts].some((act) => heard.has(act))))
    return true;
  if (message.questions.length === 0 && assentSaid(message.stated, question.stems) !== 0) return true;
  const decides = ({ words }: Clause) => asksForDeed(words) || DECISION.test(words.join(' '));
  if (message.statements.some(decides)) return true;
  return (
    (question.consent && polarity * (declines(exit) ? -1 : 1) >= WEIGHTS.clearPolarity) ||
    namesDeed(exit, message, question.stems)
  );
}

/** Limits the evidence for exits that carry something out where the message does not say so. */
export function withClearConsent(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  hearing: Hearing,
): Evidence[] {
  return evidence.map((each, index) => {
    const exit = exits[index];
    return exit !== undefined &&
      each < EXACT &&
      each > UNSAID &&
      commits(exit, hearing) &&
      !isClear(exit, hearing)
      ? UNSAID
      : each;
  });
}
