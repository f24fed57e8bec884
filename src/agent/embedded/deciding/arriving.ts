/**
 * Choices in a state that the agent has just reached. The message led here, and may already answer the question of the
 * state.
 */
import type { ActionState, ExitCondition } from '../../../registry/graph.ts';
import { targetOf } from '../exits.ts';
import type { Situation } from '../../reasoner.ts';
import type { Message } from '../language/message.ts';
import { readState } from '../reading/states.ts';
import { greatest, leaveBy, momentOf, perform, plainAhead, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';
import { matterOfExits } from './exits.ts';
import { answersOnTheWay } from './asked.ts';
import { earlierMessages, exitForEarlier, exitForTold, isAnswered, isSpent } from './known-answers.ts';
import { choosesOption } from './options.ts';

/**
 * Returns true if `exit` leads to an action state that speaks, or to a decision state. `passed` names the states that
 * were left at once. Without this check a graph could send the agent in circles.
 */
function comesToSpeak(
  situation: Situation,
  exit: ExitCondition,
  message: Message,
  passed: string[],
): boolean {
  const { graph } = situation;
  const target = targetOf(graph, exit);
  if (target === undefined || passed.includes(target.name)) return false;
  if (target.type !== 'action') return target.type === 'decision' || target.type === 'tool-call';
  const index = exitForTold(situation, target, readState(graph, target), message);
  const next = target.exit_conditions[index ?? -1];
  return next === undefined || comesToSpeak(situation, next, message, [...passed, target.name]);
}

/**
 * Returns the index of the exit by which the state is left at once, because the message or an earlier one has answered
 * its question; null when the agent speaks in the state.
 */
function leaveOnArrival(moment: Moment): number | null {
  const { situation, state, read, hearing } = moment;
  const { message } = hearing;
  const now = exitForTold(situation, state, read, message) ?? optionTold(moment, message);
  if (now !== null) return passesBy(moment, now, message);
  for (const earlier of earlierMessages(situation, state)) {
    const index =
      exitForEarlier(situation, state, read, earlier) ??
      (hearing.question.options.length > 2 ? optionTold(moment, earlier) : null);
    if (index !== null) return passesBy(moment, index, earlier);
  }
  return null;
}

/** Returns an exit by its index if it leads to where the agent speaks; else null. */
function passesBy({ situation, state }: Moment, index: number, message: Message): number | null {
  const exit = state.exit_conditions[index];
  return exit !== undefined && comesToSpeak(situation, exit, message, [state.name]) ? index : null;
}

/** The least evidence for an exit that is one of the options of the question. */
const NAMED_OPTION = 0.6;

/**
 * Returns the index of the exit for the option that a message names, where the question lists options and each has an
 * exit; null when it names none, or more than one: "another bouquet, for a wedding".
 */
function optionTold({ situation, state, read, hearing }: Moment, message: Message): number | null {
  const { question, vocabulary } = hearing;
  if (question.options.length < 2 || question.closing || question.consent) return null;
  if (message.questions.length > 0 || !choosesOption(question.options, { message, vocabulary })) return null;
  if (isSpent(situation, state, message)) return null;
  const evidence = matterOfExits(read, message);
  const found = evidence.flatMap((each, index) => (each >= NAMED_OPTION ? [index] : []));
  return found.length === 1 ? (found[0] ?? null) : null;
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
  vectors: Moment['hearing']['vectors'],
): Chosen {
  const moment = momentOf(situation, state, message, vectors);
  const { graph } = situation;
  const answers = questionsEvidence(moment.read, moment.hearing);
  const best = greatest(answers);
  if (best !== -1 && (answers[best] ?? 0) > ANSWERED) return perform(best);
  const refused = refusedOnArrival(moment);
  if (refused !== -1) return perform(refused);
  const leave = leaveOnArrival(moment);
  if (leave !== null) return leaveBy(leave);
  const plain = plainAhead(moment.actions, []);
  const index = plain.find((each) => !isAnswered(graph, state.actions[each] ?? '', message)) ?? plain[0] ?? 0;
  const others = answersOnTheWay(situation, message, vectors);
  return others.length === 0 ? perform(index) : { ...perform(index), answers: others };
}
