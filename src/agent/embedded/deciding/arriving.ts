/**
 * Choices in a state that the agent has just reached. The message led here, and may already answer the question of the
 * state.
 */
import type { ActionState, ExitCondition } from '../../../registry/graph.ts';
import { targetOf } from '../exits.ts';
import type { Situation } from '../../reasoner.ts';
import type { Message } from '../language/message.ts';
import { greatest, leaveBy, momentOf, perform, plainAhead, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';
import { matterOfExits } from './exits.ts';
import { answersOnTheWay } from './asked.ts';
import {
  asksAnew,
  earlierMessages,
  exitForEarlier,
  exitForTold,
  isAnswered,
  isSpent,
  tellingMessages,
} from './known-answers.ts';
import { isInquiry } from '../signals.ts';
import { chooseOnTold } from './half-answers.ts';
import { asksConsent } from '../reading/questions.ts';
import { choosesOption } from './options.ts';
import { partsOf } from './parts.ts';
import { caseTold } from './told-cases.ts';

/**
 * Returns true if an exit leads to an action state that speaks, or to a decision or a tool. `passed` names the states that
 * were left at once. Without this check a graph could send the agent in circles.
 */
function comesToSpeak(moment: Moment, exit: ExitCondition, passed: readonly string[]): boolean {
  const { situation, hearing } = moment;
  const { graph } = situation;
  const target = targetOf(graph, exit);
  if (target === undefined || passed.includes(target.name)) return false;
  if (target.type !== 'action') return target.type === 'decision' || target.type === 'tool-call';
  const next = momentOf(inState(situation, target), target, hearing.message, hearing.vectors);
  const onward = target.exit_conditions[exitOnArrival(next) ?? -1];
  return onward === undefined || comesToSpeak(next, onward, [...passed, target.name]);
}

/** Returns a situation at the moment at which a state is reached. */
function inState(situation: Situation, { name }: ActionState): Situation {
  return { ...situation, position: { ...situation.position, state: name, performed: [] } };
}

/**
 * Returns the index of the exit by which the state is left at once, because the message or an earlier one has answered
 * its question; null when the agent speaks in the state.
 */
function leaveOnArrival(moment: Moment): number | null {
  const index = exitOnArrival(moment);
  const exit = moment.state.exit_conditions[index ?? -1];
  return exit !== undefined && comesToSpeak(moment, exit, [moment.state.name]) ? index : null;
}

/** Returns the index of the exit for what the message or an earlier one has told; null when the question is open. */
function exitOnArrival(moment: Moment): number | null {
  const { situation, state, read, hearing } = moment;
  const { message, question } = hearing;
  if (partsOf(read, question) !== null) {
    const half = chooseOnTold(moment, messagesForParts(moment));
    if (half?.choice.kind === 'exit') return half.choice.index;
  } else {
    const told = exitForTold(situation, state, read, message);
    if (told !== null) return told;
  }
  const now = optionTold(moment, message) ?? caseTold(moment, message);
  return now ?? exitByEarlier(moment);
}

/** Returns the index of the exit for what an earlier message has told; null when none has. */
function exitByEarlier(moment: Moment): number | null {
  const { situation, state, read, hearing } = moment;
  const { options } = hearing.question;
  const inParts = partsOf(read, hearing.question) !== null;
  for (const earlier of earlierMessages(situation, state)) {
    const index =
      (inParts ? null : exitForEarlier(situation, state, read, earlier)) ??
      (options.length > 2 ? optionTold(moment, earlier) : null);
    if (index !== null) return index;
  }
  if (situation.position.answers[state.name] !== undefined) return null;
  for (const earlier of tellingMessages(situation)) {
    const index = caseTold(moment, earlier);
    if (index !== null) return index;
  }
  return null;
}

/** The least evidence for an exit that is one of the options of the question. */
const NAMED_OPTION = 0.6;

/**
 * Returns the index of the exit for the option that a message names, where the question lists options and each has an
 * exit; null when it names none, or more than one: "another bouquet, for a wedding".
 */
function optionTold({ situation, state, read, hearing }: Moment, message: Message): number | null {
  const { question, vocabulary } = hearing;
  if (question.options.length < 2 || asksConsent(question)) return null;
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

/** Returns the messages that may tell parts of what a state asks for: this one, and those before it. */
function messagesForParts({ situation, state, read, hearing: { message } }: Moment): Message[] {
  const isOpen = !isSpent(situation, state, message) && !isInquiry(message.text);
  return [
    ...(isOpen ? [message] : []),
    ...(asksAnew(situation, state, read) ? [] : earlierMessages(situation, state)),
  ];
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
  const half = chooseOnTold(moment, messagesForParts(moment));
  if (half !== null) return half;
  const plain = plainAhead(moment.actions, []);
  const index = plain.find((each) => !isAnswered(graph, state.actions[each] ?? '', message)) ?? plain[0] ?? 0;
  const others = answersOnTheWay(situation, message, vectors);
  return others.length === 0 ? perform(index) : { ...perform(index), answers: others };
}
