/** Evidence that a yes or a no gives for exits by which the user agrees, or does not. */
import type { Evidence } from '../evidence.ts';
import { WEIGHTS } from '../weights.ts';
import type { ReadExit, ReadState } from '../reading/states.ts';
import { assentOf, assentSaid, saysWhyNot } from '../reading/assent.ts';
import { wantedBy } from '../polarity/worth.ts';
import type { Hearing } from './hearing.ts';

/**
 * Returns the evidence for each exit of a state that reads something back or proposes something: a yes means "The number
 * is right" and "They want it", a no "There is a mistake" and "They decide against it". Where only one of two exits says
 * so, the other one is meant by the opposite answer, unless it is about something else.
 */
export function assentEvidence({ exits, actions }: ReadState, hearing: Hearing): Evidence[] {
  const { question } = hearing;
  const none = exits.map(() => 0);
  if (question.closing) return none;
  const polarity = polarityOf(hearing);
  if (Math.abs(polarity) < WEIGHTS.leastPolarity) return none;
  // "If the guest says no without saying what is wrong, ask what to change" takes a plain no.
  const hasAction = actions.some(({ occasion }) => occasion?.acts.has('no') === true);
  const signs = exits.map(({ ways: [way] }) =>
    way === undefined || way.awaits || (hasAction && way.acts.has('correction'))
      ? 0
      : assentOf(way, question.stems),
  );
  const isAgreement = signs.includes(1) && signs.includes(-1) && wantedBy(question.stems) >= 0;
  if (signs.every((sign) => sign === 0) || !(question.assent || isAgreement)) return none;
  const signed = hasAction ? signs : withOther(exits, signs);
  // "They want to stop" and "they want to go on" are both wishes: what is asked tells them apart.
  if ([1, -1].some((each) => signed.filter((sign) => sign === each).length > 1)) return none;
  return signed.map((sign, index) => {
    const exit = exits[index];
    // A plain no does not give up the whole matter.
    const givesUp = exit?.ends === true && exit.ways[0]?.acts.has('withdrawal') === true;
    return sign === 0 || givesUp ? 0 : sign * polarity;
  });
}

/** Returns the polarity of a message, which may say in words of its own that something is right or not. */
function polarityOf({ message, question, polarity }: Hearing): Evidence {
  if (saysWhyNot(message.text)) return WEIGHTS.explicit;
  // "I'll be right back" says nothing of what is right.
  const waits = message.acts.has('hesitation') && message.statements.length === 0;
  const said = message.questions.length > 0 || waits ? 0 : assentSaid(message.stated, question.stems);
  return said === 0 ? polarity : said * WEIGHTS.explicit;
}

/** Returns true if a message only says that something is right or wanted, or not. */
export function onlyAssents({ message, question }: Hearing): boolean {
  if (message.questions.length > 0) return saysWhyNot(message.text);
  return message.bare || assentSaid(message.stated, question.stems) !== 0;
}

/** Gives the opposite sign to the other exit when one exit says that all is right, and the other one corrects. */
function withOther(exits: readonly ReadExit[], signs: readonly number[]): number[] {
  const [known] = signs.filter((sign) => sign !== 0);
  if (exits.length !== 2 || known === undefined || !signs.includes(0)) return [...signs];
  return signs.map((sign, index) => {
    const way = exits[index]?.ways[0];
    if (sign !== 0 || way === undefined || way.awaits) return sign;
    return known === 1 && way.acts.has('correction') ? -1 : sign;
  });
}
