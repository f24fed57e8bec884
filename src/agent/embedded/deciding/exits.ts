/** Evidence that a message gives for each exit of an action state. */
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { ReadState } from '../reading/states.ts';
import { assentEvidence, onlyAssents } from './assent.ts';
import { allOrSomeEvidence, withAllOrSome } from './all-or-some.ts';
import { withChoice } from './choices.ts';
import { strongestFor, type Hearing } from './hearing.ts';
import { codeEvidence } from './named-codes.ts';
import { impliedEvidence } from './implied.ts';
import { evidenceByNames } from './named-options.ts';
import { matterEvidence } from './matter-evidence.ts';
import { meaningEvidence } from './meaning.ts';
import { withAnswerFirst, withComplement, withInstead, withOpenAnswer } from './settling.ts';
import { evidenceForWay } from './way-evidence.ts';
import { WEIGHTS } from '../weights.ts';

/** Returns the evidence of the statements of a message for what each exit says is the case, or is wanted. */
export function matterOfExits({ exits }: ReadState, { statements }: Message): Evidence[] {
  return exits.map(({ ways: [way] }) =>
    way === undefined || way.awaits || way.acts.has('withdrawal') ? 0 : matterEvidence(way, statements),
  );
}

/** The evidence for each exit, in their order. */
export function exitEvidence(read: ReadState, hearing: Hearing): Evidence[] {
  return withChoice(read, evidenceByWordsOrMeaning(read, hearing), hearing);
}

function evidenceByWordsOrMeaning(read: ReadState, hearing: Hearing): Evidence[] {
  const found = wordEvidence(read, hearing);
  const isAwaited = read.exits.some(({ ways: [way] }) => way?.awaits === true);
  const isWish = !isAwaited && read.exits.some(({ ways: [way] }) => way?.request === true);
  const [best = 0, next = 0] = [...found].sort((a, b) => b - a);
  if (best >= (isWish ? WEIGHTS.wishesDecide : WEIGHTS.wordsDecide) && best - next > WEIGHTS.tie)
    return found;
  const { exits } = meaningEvidence(read, hearing);
  return found.map((each, index) =>
    each < WEIGHTS.deniedByWords ? each : Math.max(each, exits[index] ?? 0),
  );
}

function wordEvidence(read: ReadState, hearing: Hearing): Evidence[] {
  const { exits } = read;
  const implied = impliedEvidence(exits, hearing);
  const named = evidenceByNames(exits, hearing);
  const codes = codeEvidence(exits, hearing.message);
  const assent = assentEvidence(read, hearing);
  const own = exits.map((exit, index) => {
    const stated = strongestFor(exit.ways.map((way) => evidenceForWay(way, exit, hearing)));
    if (codes[index] !== 0) return codes[index] ?? 0;
    const assented = assent[index] ?? 0;
    if (assented !== 0 && onlyAssents(hearing)) return assented;
    // "They do, as bright as always" says yes, and not that they are weak.
    if (stated <= WEIGHTS.against) return stated;
    return strongestFor([implied[index] ?? 0, stated, named[index] ?? 0, assented]);
  });
  const whole = withAllOrSome(own, allOrSomeEvidence(exits, hearing.message));
  const instead = withInstead(exits, whole, hearing.message);
  const answered = withAnswerFirst(exits, withOpenAnswer(exits, instead, hearing.message), hearing.message);
  return withComplement(exits, answered, hearing.question);
}
