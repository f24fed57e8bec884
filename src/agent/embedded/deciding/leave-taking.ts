/** Limits exits by which users take their leave to messages that say so. English. */
import type { Evidence } from '../evidence.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import { deniesKnowledge } from '../language/grammar.ts';
import { relation } from '../language/scales.ts';
import type { ReadExit } from '../reading/states.ts';
import type { Act } from '../language/acts.ts';
import { withClearConsent } from './commitments.ts';
import { WEIGHTS } from '../weights.ts';
import { leavesOpen, saysOnlyThatAllIsWell } from './described-acts.ts';
import { EXACT, type Hearing } from './hearing.ts';

/**
 * The most evidence for an exit by which the user takes their leave when the message says nothing of the kind. It is not
 * enough to take the exit.
 */
const UNSAID = 0.5;

/** The beginning of a denial by which something can be declined: "I wouldn't", "I don't need one". */
const DECLINES =
  /^(?:(?:no|well|oh|so|but|and|actually|then) )*(?:(?:i|we|that|it|there) )?(?:do|would|will|am|are|is|have|need|want) not\b(?! \w+ (?:know|understand))/;
/** A denial that a thing is wanted. That a deed is not wanted tells something else: "I don't want to cancel". */
const WANTS_NO_THING = /\bnot (?:\w+ )?(?:need|want|require)\b(?! (?:(?:you|this|that|it|them) )?to\b)/;

/** Returns true if an exit is for users who take their leave or decline all that is offered. */
function takesLeave({ ends, ways }: ReadExit): boolean {
  return ends && ways.some(({ acts }) => acts.has('farewell') || acts.has('no'));
}

const LEAVE: readonly Act[] = ['farewell', 'withdrawal', 'finished'];

/** Returns true if a denial declines what is asked: it leaves the matter out, repeats it, or wants no such thing. */
function declines({ words, stems, negated }: Clause, asked: readonly string[]): boolean {
  const said = words.join(' ');
  if (!negated || !DECLINES.test(said) || deniesKnowledge(words)) return false;
  return WANTS_NO_THING.test(said) || stems.every((stem) => asked.some((word) => relation(stem, word) === 1));
}

/** Returns true if a message says that the user declines, withdraws or goes, in words for it. */
function saysSo({ message: { text, explicit, acts, statements }, question }: Hearing): boolean {
  if (LEAVE.some((act) => acts.has(act))) return true;
  if (explicit === -1) return !leavesOpen(text);
  return statements.some((clause) => declines(clause, question.stems));
}

/** Returns true if a message is content with what was done: thanks, a yes, or that all is well. */
function isContent(hearing: Hearing): boolean {
  const { acts, statements, questions } = hearing.message;
  const waits = acts.has('hesitation') || acts.has('unknown') || acts.has('repeat');
  if (waits || questions.length > 0) return false;
  return (
    acts.has('thanks') ||
    (hearing.question.closing &&
      statements.length + hearing.message.explicit > 0 &&
      statements.every(({ negated }) => !negated) &&
      saysOnlyThatAllIsWell(hearing))
  );
}

/**
 * Limits the evidence for exits by which users take their leave when nothing in the message says so: what is bad, near in
 * meaning or unknown is no farewell.
 */
function withLimit(exits: readonly ReadExit[], evidence: readonly Evidence[], hearing: Hearing): Evidence[] {
  if (saysSo(hearing) || isContent(hearing)) return [...evidence];
  return evidence.map((each, index) => {
    const exit = exits[index];
    return exit !== undefined && takesLeave(exit) && each < EXACT ? Math.min(each, UNSAID) : each;
  });
}

/**
 * Raises the evidence for an exit that ends the conversation when the user takes leave and no exit names a farewell: any
 * such exit that is not denied; and when the user thanks, one for which there is evidence: "It works, thanks!"
 */
function withLeaving(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  { acts, questions }: Message,
): Evidence[] {
  const isNamed = exits.some(({ ways: [way] }) => way?.acts.has('farewell') === true);
  if (isNamed || questions.length > 0) return [...evidence];
  const least = acts.has('farewell') ? 0 : acts.has('thanks') ? WEIGHTS.leastToChoose : Infinity;
  return evidence.map((own, index) =>
    exits[index]?.ends === true && own >= least ? Math.max(own, WEIGHTS.leastToEnd) : own,
  );
}

/** Settles the evidence for the exits by which users take their leave, or by which something is carried out. */
export function withLeaveTaking(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  hearing: Hearing,
): Evidence[] {
  const clear = withClearConsent(exits, evidence, hearing);
  return withLeaving(exits, withLimit(exits, clear, hearing), hearing.message);
}
