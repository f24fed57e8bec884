/** Corrections of earlier answers: the passed states whose matter or value a message names. English. */
import type { ActionState, ContextGraph } from '../../../registry/graph.ts';
import type { Revisit, Situation } from '../../reasoner.ts';
import { relation } from '../language/scales.ts';
import { clausesOf } from '../language/clauses.ts';
import { understandMessage, type Message } from '../language/message.ts';
import { isInquiry } from '../signals.ts';
import { askedState, toldFor, valueFor, wantedBy } from '../recollection.ts';
import type { Evidence } from '../evidence.ts';
import { matterOf } from '../reading/matters.ts';
import { isAside } from '../reading/described-kinds.ts';
import { readState } from '../reading/states.ts';
import { GIVEN } from './hearing.ts';
import type { Moment } from './moment.ts';
import { asksConsent } from '../reading/questions.ts';
import { newValue } from './new-values.ts';

/** Words that say that something changes or was wrong. */
export const CHANGE =
  /\b(?:chang(?:e|ed|ing)|correct(?:ed|ing|ion)?|wrong|mistaken?|mistyped|typo|instead|fix(?:ed)?|edit|redo|go(?:ing)? back|misspoke|not (?:right|correct)|should (?:be|have been)|meant?|after all)\b/i;

/** Returns the stems of everything that a message states or asks. */
function stemsOf({ statements, questions }: Message): string[] {
  return [...statements, ...questions.flatMap(({ clauses }) => clauses)].flatMap(({ stems }) => stems);
}

/** A state that asked for something earlier. */
export type Passed = Pick<Revisit, 'state' | 'graph'>;

/** A passed state with what a message says about it. */
export interface Candidate {
  passed: Passed;
  index: number;
  /** The new value; null when the message has none. */
  value: string | null;
  /** The value that the user told before; null when none is known, or the message has no value. */
  before: string | null;
  /** The number of words by which the message names the matter of this state and of no other one. */
  named: number;
}

/** Returns the value that the user told for a state before the present message; null when none is known. */
function toldBefore(situation: Situation, { state, graph }: Passed): string | null {
  const { [situation.position.state]: _now, ...answers } = situation.position.answers;
  const told = toldFor(
    { ...situation, graph, input: [], position: { ...situation.position, answers } },
    state.name,
  );
  const answer = answers[state.name];
  return told ?? (answer === undefined ? null : newValue({ state, graph }, understandMessage(answer), false));
}

/**
 * Returns what a message says about each of some passed states. `own` are the stems that name the matter of the present
 * state: they name no other one.
 */
export function candidatesOf(
  { situation, hearing: { message } }: Pick<Moment, 'situation' | 'hearing'>,
  passed: readonly Passed[],
  own: ReadonlySet<string>,
): Candidate[] {
  const matters = passed.map(({ state }) => matterOf(state));
  const said = stemsOf(message);
  return passed.map((each, index) => {
    const isOwn = (stem: string) =>
      !own.has(stem) && matters.every((other, at) => at === index || !other.has(stem));
    const matter = [...(matters[index] ?? [])].filter(isOwn);
    const named = matter.filter((stem) => said.some((word) => word === stem || relation(word, stem) === 1));
    const value = newValue(each, message, named.length > 0);
    const inValue = new Set(clausesOf(value ?? '').flatMap(({ stems }) => stems));
    const before = value === null ? null : toldBefore(situation, each);
    const isNew = value !== null && before?.toLowerCase() !== value.toLowerCase();
    return {
      passed: each,
      index,
      value: isNew ? value : null,
      before,
      named: named.filter((stem) => !inValue.has(stem)).length,
    };
  });
}

/** Returns the better one of two candidates; the newer one, which comes first, of equals. */
export function better(a: Candidate | null, b: Candidate): Candidate {
  if (a === null) return b;
  const rank = ({ value, named }: Candidate) => (value === null ? 0 : 1) + Math.min(named, 2);
  return rank(b) > rank(a) ? b : a;
}

/** Returns true if the message gives what the present state asks for. */
export function answersHere(
  { situation: { graph }, state, read, hearing }: Moment,
  exits: readonly Evidence[],
): boolean {
  const isGiven = exits.some((each, index) => each >= GIVEN && read.exits[index]?.ways[0]?.awaits === true);
  return isGiven || valueFor(graph, state, hearing.message) !== null;
}

/** Returns true if a message denies a value: "it's Tuesday, not Monday". */
function denies({ statements }: Message, value: string | null): boolean {
  if (value === null) return false;
  const words = clausesOf(value).flatMap((clause) => clause.words);
  return statements.some(({ negated, words: said }) => negated && words.every((word) => said.includes(word)));
}

/**
 * Returns the earlier answer that a message corrects, with its new value: the message names the matter of that question,
 * says that something changes, or denies the earlier value. A value that the present state asks for is its answer,
 * unless the message names the other matter. Null when it corrects nothing.
 */
export function correctionOf(moment: Moment, exits: readonly Evidence[]): Candidate | null {
  const { situation, state, hearing } = moment;
  const { position } = situation;
  const { message } = hearing;
  const passed = Object.keys(position.answers)
    .reverse()
    .flatMap((name) => {
      const found = name === state.name ? null : askedState(situation, name);
      return found === null ? [] : [found];
    });
  if (hearing.question.closing || message.acts.has('withdrawal') || isInquiry(message.text)) return null;
  const changes = message.acts.has('correction') || CHANGE.test(message.text);
  const isAnswer = answersHere(moment, exits);
  // Where only a yes is waited for, a value alone is a correction.
  const isOnlyValue = asksConsent(hearing.question) && message.explicit === 0;
  return candidatesOf(moment, passed, matterOf(state))
    .filter(({ passed: { state: earlier, graph: earlierGraph }, value, before, named }) => {
      if (value === null || before === null) return false;
      const isChange = isOnlyValue || (changes && message.explicit !== 1) || denies(message, before);
      if (wantedBy(earlierGraph, earlier).kinds.length === 0)
        return isChange && !isAnswer && !routes(earlierGraph, earlier);
      return named > 0 || (isChange && !isAnswer);
    })
    .reduce(better, null as Candidate | null);
}

/** Returns true if the exits of a state are wishes: its answer chose the way, and a further wish corrects nothing. */
function routes(graph: ContextGraph, state: ActionState): boolean {
  return readState(graph, state).exits.some(({ ways: [way] }) => way?.request === true && !isAside(way));
}
