/**
 * Choices in a state that the agent has just reached. The message led here, and may already answer the question of the
 * state.
 */
import type { ActionState, ContextGraph, ExitCondition } from '../../../registry/graph.ts';
import { targetOf } from '../exits.ts';
import { isAskedInVain } from '../facts/named-facts.ts';
import type { Situation } from '../../reasoner.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import type { Message } from '../language/message.ts';
import { readState, type ReadState } from '../reading/states.ts';
import { questionOf } from '../reading/questions.ts';
import { greatest, leaveBy, momentOf, perform, plainAhead, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';
import { choosesOption } from './options.ts';
import { vocabularyOf } from '../reading/vocabulary.ts';

/**
 * Returns true if the message already gave all that an action asks for: its facts, or one of the options that it
 * lists.
 */
function isAnswered(graph: ContextGraph, action: string, message: Message): boolean {
  if (isAskedInVain(action, message.text)) return true;
  const { options, closing, consent } = questionOf(action);
  return (
    options.length > 2 &&
    !closing &&
    !consent &&
    choosesOption(options, { message, vocabulary: vocabularyOf(graph) })
  );
}

/**
 * Returns the index of the exit for a state whose questions are all answered already; `null` when one is still open.
 */
function exitOnArrival(
  graph: ContextGraph,
  state: ActionState,
  { exits, actions }: ReadState,
  message: Message,
): number | null {
  const plain = actions.flatMap(({ occasion }, index) =>
    occasion === null ? [state.actions[index] ?? ''] : [],
  );
  const index = exits.findIndex(({ ways }) => ways[0]?.awaits === true);
  return index !== -1 && plain.length > 0 && plain.every((action) => isAnswered(graph, action, message))
    ? index
    : null;
}

/**
 * Returns true if `exit` leads to an action state that speaks, or to a decision state. `passed` names the states that
 * were left at once. Without this check a graph could send the agent in circles.
 */
function comesToSpeak(graph: ContextGraph, exit: ExitCondition, message: Message, passed: string[]): boolean {
  const target = targetOf(graph, exit);
  if (target === undefined || passed.includes(target.name)) return false;
  if (target.type !== 'action') return target.type === 'decision';
  const index = exitOnArrival(graph, target, readState(graph, target), message);
  const next = target.exit_conditions[index ?? -1];
  return next === undefined || comesToSpeak(graph, next, message, [...passed, target.name]);
}

/** Returns the index of the exit by which the state is left at once; `null` when the agent speaks in the state. */
function leaveOnArrival(graph: ContextGraph, state: ActionState, message: Message): number | null {
  const index = exitOnArrival(graph, state, readState(graph, state), message);
  const exit = state.exit_conditions[index ?? -1];
  return exit !== undefined && comesToSpeak(graph, exit, message, [state.name]) ? index : null;
}

/** Evidence above which an action of this state answers the question that led here. */
const ANSWERED = 0.5;

/**
 * Returns the index of the action that acknowledges a refusal, or -1. It applies when the state only asks whether
 * there is anything else, and the message that led here says no or withdraws.
 */
function refusedOnArrival({ read, hearing }: Moment): number {
  const { message, question } = hearing;
  if (!question.closing || (message.explicit !== -1 && !message.acts.has('withdrawal'))) return -1;
  return read.actions.findIndex(
    ({ occasion }) => occasion?.acts.has('no') === true || occasion?.acts.has('withdrawal') === true,
  );
}

/**
 * Chooses in a state that the agent has just reached. The message led here, and may already answer the question of the
 * state.
 */
export function chooseOnArrival(
  situation: Situation,
  state: ActionState,
  message: Message,
  vectors: WordVectors | null,
): Chosen {
  const moment = momentOf(situation, state, message, vectors);
  const { graph } = situation;
  const answers = questionsEvidence(moment.read, moment.hearing);
  const best = greatest(answers);
  if (best !== -1 && (answers[best] ?? 0) > ANSWERED) return perform(best);
  const refused = refusedOnArrival(moment);
  if (refused !== -1) return perform(refused);
  const leave = leaveOnArrival(graph, state, message);
  if (leave !== null) return leaveBy(leave);
  const plain = plainAhead(moment.actions, []);
  return perform(
    plain.find((index) => !isAnswered(graph, state.actions[index] ?? '', message)) ?? plain[0] ?? 0,
  );
}
