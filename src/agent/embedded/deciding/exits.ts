/** Evidence that a message gives for each exit of an action state. */
import { evidenceOf, type Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { ReadDescription, ReadExit, ReadState } from '../reading/states.ts';
import { assentEvidence, onlyAssents } from './assent.ts';
import { allOrSomeEvidence, withAllOrSome } from './all-or-some.ts';
import { endingEvidence } from './endings.ts';
import { answerEvidence, comparedEvidence, correctionEvidence } from './answers.ts';
import { actEvidence } from './described-acts.ts';
import { EXACT, normal, strongestFor, type Hearing } from './hearing.ts';
import { codeEvidence } from './named-codes.ts';
import { impliedEvidence } from './implied.ts';
import { deniedMatter, exampleEvidence, isWhole, matterEvidence, matterOf } from './matter-evidence.ts';
import { isForeign, meaningEvidence } from './meaning.ts';
import { withLeaveTaking } from './leave-taking.ts';
import { withAnswerFirst, withComplement, withInstead, withOpenAnswer } from './settling.ts';
import { WEIGHTS } from '../weights.ts';

/** Acts by which a user tells nothing of what has happened. */
const NO_ACCOUNT: Message['acts'] = new Set(['farewell', 'withdrawal', 'hesitation', 'human'] as const);

function toldEvidence(hearing: Hearing): Evidence {
  const { statements, acts, bare, explicit } = hearing.message;
  const isOther = [...acts].some((act) => NO_ACCOUNT.has(act));
  return bare || isOther || isForeign(hearing) || explicit === -1 || statements.length === 0
    ? 0
    : WEIGHTS.told;
}

function evidenceForWay(way: ReadDescription, exit: ReadExit, hearing: Hearing): Evidence {
  const { message } = hearing;
  if (way.examples.some((example) => normal(example) === normal(message.text))) return EXACT;
  const spoken =
    way.request || way.awaits || way.subjectOnly
      ? [...message.statements, ...message.questions.flatMap(({ clauses }) => clauses)]
      : message.statements;
  // "Corrects something" waits for no answer of its own, unless it names the fact.
  const isCorrection = way.acts.has('correction') && way.kinds.length === 0;
  const stated = way.awaits
    ? 0
    : way.acts.has('withdrawal')
      ? deniedMatter(way, message)
      : matterOf(way, spoken, message);
  const matter =
    exit.ends && !isWhole(way, message.statements) ? Math.min(stated, WEIGHTS.leastWord) : stated;
  const found = [
    actEvidence(way, hearing),
    matter,
    comparedEvidence(way, hearing),
    ...message.statements.flatMap((clause) => way.hints.map((hint) => evidenceOf(clause, hint))),
    way.awaits && !isCorrection ? answerEvidence(way, exit, hearing) : 0,
    way.tells ? toldEvidence(hearing) : 0,
    way.awaits || exit.ends ? 0 : exampleEvidence(way, spoken),
    correctionEvidence(way, hearing),
  ];
  const best = Math.max(...found);
  return best > 0 ? best : Math.min(...found);
}

/** Returns the evidence of the statements of a message for what each exit says is the case, or is wanted. */
export function matterOfExits({ exits }: ReadState, { statements }: Message): Evidence[] {
  return exits.map(({ ways: [way] }) =>
    way === undefined || way.awaits || way.acts.has('withdrawal') ? 0 : matterEvidence(way, statements),
  );
}

/** The evidence for each exit, in their order. */
export function exitEvidence(read: ReadState, hearing: Hearing): Evidence[] {
  return withLeaveTaking(read.exits, evidenceByWordsOrMeaning(read, hearing), hearing);
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

function wordEvidence({ exits }: ReadState, hearing: Hearing): Evidence[] {
  const implied = impliedEvidence(exits, hearing);
  const endings = endingEvidence(exits, hearing);
  const codes = codeEvidence(exits, hearing.message);
  const assent = assentEvidence(exits, hearing);
  const own = exits.map((exit, index) => {
    const stated = strongestFor(exit.ways.map((way) => evidenceForWay(way, exit, hearing)));
    if (codes[index] !== 0) return codes[index] ?? 0;
    const assented = assent[index] ?? 0;
    if (assented !== 0 && onlyAssents(hearing)) return assented;
    // "They do, as bright as always" says yes, and not that they are weak.
    if (stated <= WEIGHTS.against) return stated;
    return strongestFor([implied[index] ?? 0, stated, endings[index] ?? 0, assented]);
  });
  const whole = withAllOrSome(own, allOrSomeEvidence(exits, hearing.message));
  const instead = withInstead(exits, whole, hearing.message);
  const answered = withAnswerFirst(exits, withOpenAnswer(exits, instead), hearing.message);
  return withComplement(exits, answered, hearing.question);
}
