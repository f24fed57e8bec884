/** Choices of the embedded agent in an action state: an exit, an action, or a question when several exits fit. */
import type { ActionState } from '../../registry/graph.ts';
import type { Situation } from '../reasoner.ts';
import { askBetween } from './asking.ts';
import { chooseOnArrival } from './deciding/arriving.ts';
import { chooseOnEvent } from './deciding/events.ts';
import {
  again,
  greatest,
  leaveBy,
  momentOf,
  pending,
  perform,
  plainAhead,
  saidBy,
  type Chosen,
  type Moment,
} from './deciding/moment.ts';
import { answerFromElsewhere } from './deciding/elsewhere.ts';
import { exitEvidence } from './deciding/exits.ts';
import { questionsEvidence, statementsEvidence } from './deciding/occasions.ts';
import { chooseAfterCorrection, revisitBy, revisitByValue } from './deciding/revisiting.ts';
import { goOn, noteCorrection } from './deciding/staying.ts';
import type { Evidence } from './evidence.ts';
import { understandMessage, type Message } from './language/message.ts';
import { readState } from './reading/states.ts';
import { isInquiry } from './signals.ts';

/** Word vectors, or null when there are none. */
type Vectors = Moment['hearing']['vectors'];

/** The least evidence for which an exit or an action is chosen. */
const LEAST = 0.28;
/** The least evidence for an exit that ends the conversation: a farewell, a clear no, a whole example. */
const LEAST_TO_END = 0.6;
/** The least evidence for an exit when the message also asks a question. */
const LEAST_BESIDE_QUESTION = 0.55;
/** The least evidence for an exit when the message asks for something to be done: "could you send up some water?" */
const LEAST_OF_REQUEST = 0.4;
/** The least distance between two exits. When the distance is smaller, the agent asks which one is meant. */
const LEAST_MARGIN = 0.08;
/** The factor by which the evidence for an exit must exceed the evidence for an answer in this state. */
const HERE_WEIGHT = 1.2;
const ANSWERED_HERE = 0.5;

/**
 * Returns the indexes of the exits that a message can mean: the strongest one, and those less than `LEAST_MARGIN`
 * behind it that lead to another state.
 */
function meantExits({ read, state }: Moment, evidence: readonly Evidence[], least: number): number[] {
  const enough = evidence.map((each, index) =>
    each >= Math.max(least, read.exits[index]?.ends === true ? LEAST_TO_END : 0) ? each : 0,
  );
  const best = greatest(enough);
  if (best === -1) return [];
  const target = (index: number) => JSON.stringify(state.exit_conditions[index]?.next_state);
  return [
    best,
    ...enough.flatMap((each, index) =>
      index !== best &&
      each > (enough[best] ?? 0) - LEAST_MARGIN &&
      each > 0 &&
      target(index) !== target(best)
        ? [index]
        : [],
    ),
  ];
}

/** Asks which of several exits is meant. */
function askWhich({ situation, state, actions }: Moment, exits: readonly number[]): Chosen {
  const index = again(actions, situation.position.performed);
  const words = askBetween(
    situation.graph,
    exits.map((exit) => state.exit_conditions[exit]?.description ?? ''),
  );
  return words === null ? perform(index, true) : { ...perform(index), words };
}

/** Answers a question of the user, and stays. Null when nothing here or elsewhere answers it. */
function answerQuestion(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, state, read, actions, hearing } = moment;
  const answers = questionsEvidence(read, hearing);
  const best = greatest(answers);
  const least = isInquiry(hearing.message.text) ? LEAST_BESIDE_QUESTION : LEAST_OF_REQUEST;
  const meant = meantExits(moment, exits, least);
  const [exit] = meant;
  const here = answers[best] ?? 0;
  if (exit !== undefined && here < ANSWERED_HERE && (exits[exit] ?? 0) > here * HERE_WEIGHT)
    return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  if (best !== -1 && (answers[best] ?? 0) >= LEAST) return perform(best);
  const index = pending(actions, situation.position.performed);
  const elsewhere = answerFromElsewhere(situation.graph, state, hearing);
  return elsewhere === null ? null : { ...perform(index), words: elsewhere };
}

/** Chooses in the state whose question the message can answer. */
function chooseOnAnswer(
  situation: Situation,
  state: ActionState,
  message: Message,
  vectors: Vectors,
): Chosen {
  const moment = momentOf(situation, state, message, vectors);
  const { read, actions, hearing } = moment;
  const { performed } = situation.position;
  const exits = exitEvidence(read, hearing);
  const revisited = revisitBy(moment, exits);
  if (revisited !== null) return revisited;
  if (message.questions.length > 0) {
    const answered = answerQuestion(moment, exits);
    if (answered !== null) return answered;
    return performed.length === 0
      ? perform(plainAhead(actions, performed)[0] ?? 0)
      : perform(again(actions, performed), true);
  }
  const occasions = statementsEvidence(read, hearing);
  const occasion = greatest(occasions);
  const meant = meantExits(moment, exits, LEAST);
  const [exit] = meant;
  const strength = exits[exit ?? -1] ?? 0;
  if (occasion !== -1 && (occasions[occasion] ?? 0) > Math.max(LEAST, strength)) return perform(occasion);
  if (exit !== undefined) return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  return revisitByValue(moment) ?? noteCorrection(moment) ?? goOn(moment);
}

/** Chooses in an action state. */
export function chooseInActionState(
  situation: Situation,
  state: ActionState,
  vectors: Vectors = null,
): Chosen {
  const heard = saidBy(situation, 'user');
  if (heard !== '') {
    const message = understandMessage(heard);
    const corrected = chooseAfterCorrection(situation, state, message, vectors);
    if (corrected !== null) return corrected;
    return situation.arrived
      ? chooseOnArrival(situation, state, message, vectors)
      : chooseOnAnswer(situation, state, message, vectors);
  }
  const event = saidBy(situation, 'event');
  if (event !== '' && situation.position.performed.length > 0) return chooseOnEvent(situation, state, event);
  const { performed } = situation.position;
  const read = readState(situation.graph, state).actions.map((action) => action.read);
  return perform(plainAhead(read, performed)[0] ?? again(read, performed));
}
