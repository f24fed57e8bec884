/** What the embedded agent does next: an exit or an action of an action state, an exit of a decision state. */
import type { ActionState, ContextGraph, DecisionState, ExitCondition } from '../../registry/graph.ts';
import type { Choice, Situation } from '../reasoner.ts';
import { readAction, type ReadAction } from './actions.ts';
import { awaitsAnswer, decidedBehind, takesQuestion, targetOf } from './exits.ts';
import { canAnswer, isAskedInVain } from './facts.ts';
import { best, matches, relevance, type Match } from './relevance.ts';
import {
  answersNothing,
  FACT_SIGNALS,
  isInquiry,
  isQuestion,
  isRefusal,
  type SignalName,
} from './signals.ts';
import { hear } from './words.ts';

/** An exit beats an action of equal words: the graph's author meant it to lead on. */
const EXIT_WEIGHT = 1.5;
/** A question that the state itself can answer is answered here, rather than in another state. */
const HERE_WEIGHT = 1.5;
/** Who wants to know something has not answered, though the words may be those of an answer. */
const INQUIRY_WEIGHT = 0.3;
/** Where any words can be the answer, what else is chosen must have to do with this share of them. */
const LEAST_SHARE = 0.4;
/** A question has more words that are not its subject. */
const LEAST_SHARE_OF_QUESTION = 0.15;

/** A choice, and whether it is made for want of understanding what was said. */
export interface Chosen {
  choice: Choice;
  missed: boolean;
}

/** A state as it is read for choosing. */
interface ReadState {
  actions: ReadAction[];
  /** What is compared with what was said: the exits, then the actions. */
  candidates: string[];
}

/** Worked out once for as long as somebody holds the graph. The engine copies states, but not their exits. */
const readStates = new WeakMap<readonly ExitCondition[], ReadState>();

/** An exit into a decision state stands for everything that is decided there, but for what leads back here. */
function exitText(graph: ContextGraph, exit: ExitCondition, from: ActionState): string {
  const decided = decidedBehind(graph, exit);
  const beyond = decided.filter((further) => targetOf(graph, further)?.name !== from.name);
  return [exit, ...beyond].map(({ description }) => description).join('\n');
}

function read(graph: ContextGraph, state: ActionState): ReadState {
  const known = readStates.get(state.exit_conditions);
  if (known !== undefined) return known;
  const actions = state.actions.map(readAction);
  const exits = state.exit_conditions.map((exit) => exitText(graph, exit, state));
  const made = { actions, candidates: [...exits, ...actions.map(({ occasion, deed }) => occasion ?? deed)] };
  readStates.set(state.exit_conditions, made);
  return made;
}

function said({ input }: Situation): string {
  return hear(input.map(({ text }) => text).join('\n'));
}

/** The plain actions that are still to come, in their order; they go on behind the last one performed. */
function plainAhead(actions: readonly ReadAction[], performed: readonly number[]): number[] {
  const plain = actions.flatMap(({ occasion }, index) => (occasion === null ? [index] : []));
  const reached = Math.max(-1, ...performed.filter((index) => plain.includes(index)));
  return plain.filter((index) => index > reached);
}

/** What to do when nothing that was said leads anywhere: what the author meant for it, else to ask again. */
function again(actions: readonly ReadAction[], performed: readonly number[]): number {
  const clarifying = actions.findIndex(({ clarifies }) => clarifies);
  if (clarifying !== -1) return clarifying;
  const plain = actions.findLastIndex(
    ({ occasion }, index) => occasion === null && performed.includes(index),
  );
  return Math.max(0, plain);
}

const perform = (index: number, missed = false): Chosen => ({ choice: { kind: 'action', index }, missed });
const leaveBy = (index: number): Chosen => ({ choice: { kind: 'exit', index }, missed: false });

/** Whether the state waits for an answer that can have any words, and what was said can be one. */
function isOpen(state: ActionState, heard: string): boolean {
  return state.exit_conditions.some(awaitsAnswer) && !isInquiry(heard);
}

/** The signals that mean nothing where they are heard. */
function mutedSignals(situation: Situation, state: ActionState, heard: string): SignalName[] {
  // A yes led here, and does not accept what this state has yet to offer.
  const yes: SignalName[] = situation.arrived ? ['assent'] : [];
  // "Are you open on Monday?" gives no day.
  const facts = isInquiry(heard) ? FACT_SIGNALS : [];
  // "No, the blue one" corrects; only a bare "no" refuses to answer.
  const no: SignalName[] = isOpen(state, heard) && !isRefusal(heard) ? ['refusal'] : [];
  return [...yes, ...facts, ...no];
}

/** How much each action has to do with what was said. Statements are not what plain actions are chosen by. */
function actionScores(situation: Situation, state: ActionState, found: readonly Match[]): number[] {
  const { performed } = situation.position;
  const heard = said(situation);
  const inquires = isQuestion(heard);
  const begun = situation.arrived || performed.length > 0;
  const leastShare = inquires ? LEAST_SHARE_OF_QUESTION : LEAST_SHARE;
  return read(situation.graph, state).actions.map(({ occasion, clarifies }, index) => {
    const { score, share } = found[index] ?? { score: 0, share: 0 };
    if (clarifies || share < leastShare) return 0;
    if (occasion !== null && inquires) return score * EXIT_WEIGHT * HERE_WEIGHT;
    if (occasion !== null) return begun ? score : 0;
    return inquires && !performed.includes(index) ? score : 0;
  });
}

/** The exit that a state is left by at once because all that it asks for was said already. `null` when none is. */
function exitOnArrival(state: ActionState, actions: readonly ReadAction[], heard: string): number | null {
  const plain = actions.filter(({ occasion }) => occasion === null);
  const index = state.exit_conditions.findIndex(awaitsAnswer);
  return index !== -1 && plain.length > 0 && plain.every(({ deed }) => isAskedInVain(deed, heard))
    ? index
    : null;
}

/** Whether leaving by an exit on arrival comes to a state that speaks. Otherwise a graph could send it in circles. */
function comesToSpeak(graph: ContextGraph, exit: ExitCondition, heard: string, passed: string[]): boolean {
  const target = targetOf(graph, exit);
  if (target?.type !== 'action' || passed.includes(target.name)) return false;
  const next = target.exit_conditions[exitOnArrival(target, read(graph, target).actions, heard) ?? -1];
  return next === undefined || comesToSpeak(graph, next, heard, [...passed, target.name]);
}

/** Chooses in a state just come to: what was said led here, and may already answer what is asked here. */
function chooseOnArrival(situation: Situation, state: ActionState, heard: string): Chosen {
  const { graph } = situation;
  const { actions, candidates } = read(graph, state);
  const found = matches(heard, candidates, mutedSignals(situation, state, heard));
  const occasion = best(actionScores(situation, state, found.slice(state.exit_conditions.length)));
  if (occasion !== null) return perform(occasion);
  const leave = exitOnArrival(state, actions, heard);
  const exit = state.exit_conditions[leave ?? -1];
  if (leave !== null && exit !== undefined && comesToSpeak(graph, exit, heard, [state.name]))
    return leaveBy(leave);
  const plain = plainAhead(actions, []);
  return perform(plain.find((index) => !isAskedInVain(actions[index]?.deed ?? '', heard)) ?? plain[0] ?? 0);
}

/** Whether what was said can be what an exit waits for. */
function takes(exit: ExitCondition, heard: string): boolean {
  return awaitsAnswer(exit) && canAnswer(exit.description, heard) && !answersNothing(heard);
}

/** How much each exit has to do with what was said in answer to this state. */
function exitScores(state: ActionState, found: readonly Match[], heard: string): number[] {
  const open = isOpen(state, heard);
  return state.exit_conditions.map((exit, index) => {
    const { score, share } = found[index] ?? { score: 0, share: 0 };
    if (!awaitsAnswer(exit)) return open && share < LEAST_SHARE ? 0 : score * EXIT_WEIGHT;
    if (!takes(exit, heard)) return 0;
    return score * EXIT_WEIGHT * (isInquiry(heard) && !takesQuestion(exit, heard) ? INQUIRY_WEIGHT : 1);
  });
}

/** Chooses in the state that what was said answers: by relevance, else the exit that waited for an answer, else on. */
function chooseOnAnswer(situation: Situation, state: ActionState, heard: string): Chosen {
  const { performed } = situation.position;
  const { actions, candidates } = read(situation.graph, state);
  const exits = state.exit_conditions.length;
  const found = matches(heard, candidates, mutedSignals(situation, state, heard));
  const winner = best([
    ...exitScores(state, found.slice(0, exits), heard),
    ...actionScores(situation, state, found.slice(exits)),
  ]);
  if (winner !== null) return winner < exits ? leaveBy(winner) : perform(winner - exits);
  const asked = performed.length > 0;
  const waiting = state.exit_conditions.findIndex(
    (exit) => takes(exit, heard) && (!isInquiry(heard) || takesQuestion(exit, heard)),
  );
  if (asked && waiting !== -1) return leaveBy(waiting);
  const ahead = plainAhead(actions, performed)[0];
  // The order of the plain actions is kept while there is an answer to go on from.
  const inOrder = performed.some((index) => actions[index]?.occasion === null);
  const goesOn = !asked || (inOrder && !isInquiry(heard) && !answersNothing(heard));
  return ahead !== undefined && goesOn ? perform(ahead) : perform(again(actions, performed), asked);
}

/** Chooses in an action state. */
export function chooseInActionState(situation: Situation, state: ActionState): Chosen {
  const heard = said(situation);
  if (heard !== '') {
    return situation.arrived
      ? chooseOnArrival(situation, state, heard)
      : chooseOnAnswer(situation, state, heard);
  }
  const { performed } = situation.position;
  const { actions } = read(situation.graph, state);
  return perform(plainAhead(actions, performed)[0] ?? again(actions, performed));
}

/** The descriptions of a decision state's exits: one list per state, so that its index is kept. */
const descriptions = new WeakMap<readonly ExitCondition[], string[]>();

/** Chooses in a decision state, which must choose: the most relevant exit, else the last, which is the "otherwise". */
export function chooseInDecisionState(situation: Situation, { exit_conditions }: DecisionState): number {
  const texts = descriptions.get(exit_conditions) ?? exit_conditions.map(({ description }) => description);
  descriptions.set(exit_conditions, texts);
  const heard = said(situation) || (situation.history.findLast(({ by }) => by === 'user')?.text ?? '');
  return best(relevance(heard, texts)) ?? exit_conditions.length - 1;
}
