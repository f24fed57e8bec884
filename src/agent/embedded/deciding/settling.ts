/** Settles the evidence for the exits of a state against each other. */
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { Question } from '../reading/questions.ts';
import type { ReadExit } from '../reading/states.ts';
import { EXACT, GIVEN, OPEN, UNSAID_CHANGE } from './hearing.ts';
import { isAside, isPolar } from '../reading/described-kinds.ts';
import { WEIGHTS } from '../weights.ts';
import { isAnswer, isWishBesideAnswer } from './kinds-of-exits.ts';

/**
 * Limits the evidence for the other exits when any words can be the answer. An exit below `CLEAR_WISH` may only share
 * a word with the answer.
 */
export function withOpenAnswer(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  { stated }: Message,
): Evidence[] {
  const isOther = evidence.some(
    (own, index) => own >= WEIGHTS.leastToChoose && exits[index]?.ways[0]?.awaits === false,
  );
  // "Something funny" names no title where the user may also wish for an idea.
  if (isOther && INDEFINITE.test(stated))
    return evidence.map((own) => (own === OPEN ? WEIGHTS.leastToChoose : own));
  const isOpen = exits.some(({ ways: [way] }, index) => way?.awaits === true && evidence[index] === OPEN);
  return evidence.map((own, index) =>
    isOpen && own < CLEAR_WISH && exits[index]?.ways[0]?.awaits !== true ? Math.min(own, OPEN * 0.8) : own,
  );
}

const CLEAR_WISH = 0.62;
const INDEFINITE = /\b(?:something|anything)\b/i;

/**
 * Limits the evidence for corrections, for users who do not know, for a yes and for a no when the message gives the fact that is asked for. If
 * the time is asked for, "Actually, at eight" corrects nothing, and "no, at eight" declines nothing.
 */
export function withAnswerFirst(
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
      way !== undefined &&
      !way.awaits &&
      (way.acts.has('correction') ||
        way.acts.has('unknown') ||
        (!bare && (isPolar(way) || way.acts.has('withdrawal'))));
    return yields && own < EXACT ? Math.min(own, UNSAID_CHANGE) : own;
  });
}

/** Evidence of a wish that stands beside a withdrawal: "don't cancel it, I'd rather move it". */
const LEAST_INSTEAD = 0.58;

/** Limits the evidence of a withdrawal when the message also says what is wanted instead. */
export function withInstead(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  { acts }: Message,
): Evidence[] {
  const isAsked = exits.some(
    ({ ways: [way] }, index) =>
      way !== undefined &&
      !way.awaits &&
      !isAside(way) &&
      !isPolar(way) &&
      (evidence[index] ?? 0) >= LEAST_INSTEAD,
  );
  if (!acts.has('withdrawal') || !isAsked) return [...evidence];
  return evidence.map((own, index) =>
    exits[index]?.ways[0]?.acts.has('withdrawal') === true && own < EXACT
      ? Math.min(own, LEAST_INSTEAD - 0.1)
      : own,
  );
}

/** Turns evidence against one exit into evidence for the other, when the answer must be one of two exits. */
export function withComplement(
  exits: readonly ReadExit[],
  evidence: Evidence[],
  { consent, closing }: Question,
): Evidence[] {
  // "Would you like another room?" is answered by two wishes: another room, or to stay.
  const isOffer = consent && !closing;
  const answers = exits
    .map((exit, index) => ({ way: exit.ways[0], index }))
    .filter(
      ({ way }) =>
        way !== undefined &&
        (isAnswer(way) ||
          isWishBesideAnswer(way, exits) ||
          (isOffer && way.request && (!isAside(way) || way.acts.has('withdrawal')))),
    );
  const [a, b] = answers;
  if (answers.length !== 2 || a === undefined || b === undefined) return evidence;
  const [ofA, ofB] = [evidence[a.index] ?? 0, evidence[b.index] ?? 0];
  return evidence.map((own, index) => {
    if (index === a.index && ofB < 0 && own <= 0) return Math.max(own, -ofB * 0.8);
    if (index === b.index && ofA < 0 && own <= 0) return Math.max(own, -ofA * 0.8);
    return own;
  });
}
