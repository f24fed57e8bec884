/** Choices among all exits of a state, beside the words of each exit by itself, and the limits of leave-taking. */
import type { Evidence } from '../evidence.ts';
import { isOfQuestions } from '../language/wishes.ts';
import type { Message } from '../language/message.ts';
import type { ReadExit, ReadState } from '../reading/states.ts';
import { CLEAR, type Hearing } from './hearing.ts';
import { ordinalEvidence } from './ordinals.ts';
import { asksForFact, wishEvidence, withWishes } from './wishes.ts';
import { withoutValue } from './withheld.ts';

/** The most evidence for an option when the message only asks for a fact: "How big is the large one?" */
const ASKED_ABOUT = 0.35;

/** Returns true if an exit is taken by questions too. */
function takesQuestions({ ways, takesQuestion }: ReadExit, { text }: Message): boolean {
  const [way] = ways;
  if (way === undefined || way.awaits || way.subjectOnly || ways.length > 1 || takesQuestion(text))
    return true;
  return way.acts.has('asks') || way.acts.has('more') || [...way.wishes].some(isOfQuestions);
}

/** Limits the evidence for the options of a question when the message only asks for a fact about them. */
function withoutInquiry(
  exits: readonly ReadExit[],
  evidence: readonly Evidence[],
  { message, question }: Hearing,
): Evidence[] {
  if (question.options.length < 2 || !asksForFact(message)) return [...evidence];
  return evidence.map((own, index) => {
    const exit = exits[index];
    return exit === undefined || takesQuestions(exit, message) ? own : Math.min(own, ASKED_ABOUT);
  });
}

/** Returns the evidence for the exits of a state, from that of their words and meaning. */
export function withChoice(
  { exits, order }: ReadState,
  found: readonly Evidence[],
  hearing: Hearing,
): Evidence[] {
  const { message } = hearing;
  const wished = wishEvidence(
    exits.map(({ ways }) => ways),
    message,
  );
  const placed = ordinalEvidence(exits, order, message);
  // "Yes, please deliver it" agrees, although "deliver" is a word of "wants another day of delivery".
  const isAgreed = hearing.question.consent && message.explicit === 1 && Math.max(...found) >= CLEAR;
  const chosen = placed.some((each) => each > 0) || isAgreed ? placed : wished;
  return withoutValue(exits, withoutInquiry(exits, withWishes(found, chosen), hearing), hearing);
}
