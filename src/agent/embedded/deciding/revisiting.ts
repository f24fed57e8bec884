/**
 * Corrections that reopen a state passed earlier. A message reopens a state when it has a new value for the question of
 * the state and names its matter or says that something changes; or when it says that the matter changes. English.
 */
import type { ActionState } from '../../../registry/graph.ts';
import type { Revisit, Situation } from '../../reasoner.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { relation } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import { understandMessage, type Message } from '../language/message.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { askedState, toldFor, valueFor, wantedBy } from '../recollection.ts';
import { isInquiry } from '../signals.ts';
import { exitEvidence } from './exits.ts';
import type { Evidence } from '../evidence.ts';
import { questionOf } from '../reading/questions.ts';
import { asksConsent, newValue } from './new-values.ts';
import { GIVEN } from './hearing.ts';
import { greatest, leaveBy, momentOf, pending, perform, type Chosen, type Moment } from './moment.ts';

/** Words that say that something changes or was wrong. */
const CHANGE =
  /\b(?:chang(?:e|ed|ing)|correct(?:ed|ing|ion)?|wrong|mistaken?|mistyped|typo|instead|fix(?:ed)?|edit|redo|go(?:ing)? back|misspoke|not (?:right|correct)|should (?:be|have been)|meant?)\b/i;

/** Stems that name no matter: they stand in many questions. */
const COMMON = new Set('ask user custom caller guest client want need know state answer'.split(' '));

/** Returns the stems that name the matter of a state: of its name, its question and the facts that it asks for. */
function matterOf({ name, actions, objective }: ActionState): Set<string> {
  const asked = questionOf(actions[0] ?? objective);
  const words = name.toLowerCase().split(/[_\d]+/);
  const stems = words.filter((word) => word.length > 2 && !FUNCTION_WORDS.has(word)).map(stemOf);
  return new Set([...stems, ...asked.stems].filter((stem) => !COMMON.has(stem)));
}

/** Returns the stems of everything that a message states or asks. */
function stemsOf({ statements, questions }: Message): string[] {
  return [...statements, ...questions.flatMap(({ clauses }) => clauses)].flatMap(({ stems }) => stems);
}

/** A revisit with what a message says about it. */
interface Candidate {
  revisit: Revisit;
  index: number;
  /** The new value; null when the message has none. */
  value: string | null;
  /** The number of words by which the message names the matter of this state and of no other one. */
  named: number;
}

/** Returns true if a value is the one that the user told for a state before the present message. */
function isTold(value: string, situation: Situation, { state, graph }: Revisit): boolean {
  const { [situation.position.state]: _now, ...answers } = situation.position.answers;
  const told = toldFor(
    { ...situation, graph, input: [], position: { ...situation.position, answers } },
    state.name,
  );
  const answer = answers[state.name];
  const known =
    told ?? (answer === undefined ? null : newValue({ state, graph }, understandMessage(answer), false));
  return known?.toLowerCase() === value.toLowerCase();
}

function candidatesOf({ situation, hearing: { message } }: Moment, own: ReadonlySet<string>): Candidate[] {
  const { revisits = [] } = situation;
  const matters = revisits.map(({ state }) => matterOf(state));
  const said = stemsOf(message);
  return revisits.map((revisit, index) => {
    const isOwn = (stem: string) =>
      !own.has(stem) && matters.every((other, at) => at === index || !other.has(stem));
    const matter = [...(matters[index] ?? [])].filter(isOwn);
    const named = matter.filter((stem) => said.some((word) => word === stem || relation(word, stem) === 1));
    const value = newValue(revisit, message, named.length > 0);
    const isNew = value !== null && !isTold(value, situation, revisit);
    return { revisit, index, value: isNew ? value : null, named: named.length };
  });
}

/** Returns the better one of two candidates; the newer one, which comes first, of equals. */
function better(a: Candidate | null, b: Candidate): Candidate {
  if (a === null) return b;
  const rank = ({ value, named }: Candidate) => (value === null ? 0 : 1) + Math.min(named, 2);
  return rank(b) > rank(a) ? b : a;
}

/** Returns the choice of the revisit at `index`: revisits come behind the exits of the state. */
const reopen = ({ state }: Moment, index: number): Chosen => leaveBy(state.exit_conditions.length + index);

/** The evidence for an exit at which a change without a new value does not reopen a state. */
const ANSWERED = 0.55;

/** Returns true if the message gives what the present state asks for. */
function answersHere({ situation: { graph }, state, read, hearing }: Moment, exits: readonly Evidence[]) {
  const isGiven = exits.some((each, index) => each >= GIVEN && read.exits[index]?.ways[0]?.awaits === true);
  return isGiven || valueFor(graph, state, hearing.message) !== null;
}

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
  const best = candidatesOf(moment, matterOf(state))
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
  const [found, ...more] = candidatesOf(moment, new Set()).filter(({ value }) => value !== null);
  return found === undefined || more.length > 0 ? null : reopen(moment, found.index);
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
