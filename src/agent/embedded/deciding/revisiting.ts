/**
 * Corrections that reopen a state passed earlier. A message reopens a state when it has a new value for the question of
 * the state and names its matter or says that something changes; or when it says that the matter changes. English.
 */
import type { ActionState } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import { stemOf } from '../language/stems.ts';
import { understandMessage, type Message } from '../language/message.ts';
import { GIVEN } from './hearing.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { askedState, wantedBy } from '../recollection.ts';
import { isInquiry } from '../signals.ts';
import { exitEvidence } from './exits.ts';
import type { Evidence } from '../evidence.ts';
import { answersHere, better, candidatesOf, CHANGE, correctionOf, type Candidate } from './corrections.ts';
import { matterOf } from '../reading/matters.ts';
import { asksConsent } from '../reading/questions.ts';
import { newValue } from './new-values.ts';
import { greatest, leaveBy, momentOf, pending, perform, type Chosen, type Moment } from './moment.ts';

/** Returns the choice of the revisit at `index`: revisits come behind the exits of the state. */
const reopen = ({ state }: Moment, index: number): Chosen => leaveBy(state.exit_conditions.length + index);

/** The evidence for an exit at which a change without a new value does not reopen a state. */
const ANSWERED = 0.55;

/**
 * Returns the choice of the state that a message reopens, or null. `exits` is the evidence of the message for the exits
 * of the present state: a fact that the present state asks for is its answer and no correction.
 */
export function revisitBy(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, state, hearing } = moment;
  const { message } = hearing;
  if ((situation.revisits ?? []).length === 0 || answersHere(moment, exits)) return null;
  const changes = message.acts.has('correction') || CHANGE.test(message.text);
  if (isInquiry(message.text) && message.statements.length === 0) return null;
  const best = candidatesOf(moment, moment.situation.revisits ?? [], matterOf(state))
    .filter(({ value, named }) => (value !== null && (changes || named > 0)) || (changes && named > 0))
    .reduce(better, null as Candidate | null);
  if (best === null) return null;
  if (best.value === null && Math.max(0, ...exits) >= ANSWERED) return null;
  return reopen(moment, best.index);
}

/**
 * Returns the choice of the state to which a message alone gives a new value, without saying that it corrects; null
 * unless the present state waits only for consent.
 */
export function revisitByValue(moment: Moment): Chosen | null {
  const { situation, hearing } = moment;
  const { question, message } = hearing;
  if ((situation.revisits ?? []).length === 0 || message.questions.length > 0) return null;
  if (!asksConsent(question)) return null;
  const found = candidatesOf(moment, situation.revisits ?? [], new Set())
    .filter(({ value }) => value !== null)
    .reduce(better, null as Candidate | null);
  return found === null ? null : reopen(moment, found.index);
}

/**
 * Returns the choice for a correction of an earlier answer: the state is reopened where it can be, else the exit for
 * corrections is taken, else the new value is noted and the pending question is asked again. Null for no correction.
 */
export function followCorrection(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, state, read, actions } = moment;
  const correction = correctionOf(moment, exits);
  if (correction === null) return null;
  const revisit = (situation.revisits ?? []).findIndex(
    (each) => each.state.name === correction.passed.state.name,
  );
  if (revisit !== -1) return reopen(moment, revisit);
  const exit = read.exits.findIndex(({ ways: [way] }) => way?.acts.has('correction') === true);
  if (exit !== -1) return leaveBy(exit);
  if (situation.position.performed.length === 0) return null;
  const answered = exitBesideCorrection(moment, correction);
  if (answered !== -1) return leaveBy(answered);
  const index = pending(actions, situation.position.performed);
  const whole = state.actions[index]?.includes('[') === true;
  return { ...perform(index), lead: `I have noted: ${correction.value}.`, whole };
}

/** Returns the exit for a fact that a message gives beside a correction: "Keller. Sorry, the unit is F12"; -1 without one. */
function exitBesideCorrection({ situation, state, read, hearing }: Moment, { value }: Candidate): number {
  const sentences = hearing.message.text.split(/(?<=[.!?;])\s+/);
  const rest = sentences.filter((sentence) => !sentence.includes(value ?? '')).join(' ');
  if (rest === '' || rest === hearing.message.text) return -1;
  const alone = momentOf(situation, state, understandMessage(rest), hearing.vectors);
  return exitEvidence(read, alone.hearing).findIndex(
    (each, index) => each >= GIVEN && read.exits[index]?.ways[0]?.awaits === true,
  );
}

/** The least evidence for an exit of a state that was reopened, and for one that another known exit gives way to. */
const LEAST = 0.28;
const CLEAR_EVIDENCE = 0.6;

/** Returns true if a message says more than that something changes: it has words of its own for an answer. */
function hasContent(message: Message, state: ActionState): boolean {
  const matter = matterOf(state);
  return message.statements
    .flatMap(({ stems, words }) => stems.filter((stem) => words.some((word) => stemOf(word) === stem)))
    .some((stem) => !matter.has(stem) && !CHANGE_STEMS.has(stem));
}

const CHANGE_STEMS = new Set(
  'chang correct wrong mistak mistaken mistyp typo instead fix edit redo back go mean meant wait actual sorri differ other anoth right'.split(
    ' ',
  ),
);

/** Chooses in the state that was reopened: the exit for the new answer, or its question when the message has none. */
function chooseReopened(moment: Moment): Chosen {
  const { situation, state, read, actions, hearing } = moment;
  const { performed } = situation.position;
  const { kinds } = wantedBy(situation.graph, state);
  const isOpen = kinds.length === 0 && hearing.question.options.length < 2;
  const hasValue = isOpen
    ? hasContent(hearing.message, state)
    : newValue({ state, graph: situation.graph }, hearing.message, true) !== null;
  const evidence = exitEvidence(read, hearing);
  const usable = evidence.map((each, index) =>
    each >= LEAST && (hasValue || read.exits[index]?.ways[0]?.awaits !== true) ? each : 0,
  );
  const best = greatest(usable);
  if (best !== -1 && (hasValue || (usable[best] ?? 0) >= CLEAR_EVIDENCE)) return leaveBy(best);
  const given = read.exits.findIndex(({ ways: [way] }) => way?.awaits === true);
  return hasValue && given !== -1 ? leaveBy(given) : perform(pending(actions, performed));
}

/** Returns true if a state asks for a fact, a choice or whether something is the case, and not for consent. */
function asksForFacts({ situation: { graph }, state, read, hearing: { question } }: Moment): boolean {
  if (asksConsent(question)) return false;
  return (
    question.proposition !== null ||
    question.options.length > 1 ||
    wantedBy(graph, state).kinds.length > 0 ||
    read.exits.some(({ ways: [way] }) => way?.awaits === true)
  );
}

/** Notes the new value and asks the question that waited when the user corrected; null when the message has no value. */
function askOn({ situation, actions, hearing: { message, question } }: Moment): Chosen | null {
  // The answer that is stored last is that to the state that was reopened.
  const asked = askedState(situation, Object.keys(situation.position.answers).at(-1) ?? '');
  const value = asked === null ? null : newValue(asked, message, true);
  if (value === null || question.text.includes('[')) return null;
  const index = pending(actions, situation.position.performed);
  return { ...perform(index), lead: `I have noted: ${value}.` };
}

/**
 * Chooses in a turn in which a correction reopened a state; null for the usual choice. States that asked for facts are
 * left as before. A state that asked for consent asks again, because it asked about the earlier fact.
 */
export function chooseAfterCorrection(
  situation: Situation,
  state: ActionState,
  message: Message,
  vectors: WordVectors | null,
): Chosen | null {
  const { correction } = situation;
  if (correction === undefined) return null;
  const moment = momentOf(situation, state, message, vectors);
  if (correction.reopens) return chooseReopened(moment);
  const { exit } = correction;
  if (!asksForFacts(moment)) return null;
  if (exit === null) return askOn(moment);
  const evidence = exitEvidence(moment.read, moment.hearing);
  const best = greatest(evidence);
  const isOther = best !== -1 && best !== exit && (evidence[best] ?? 0) >= CLEAR_EVIDENCE;
  return leaveBy(isOther && moment.read.exits[best]?.ends !== true ? best : exit);
}
