/** Choices of the embedded agent in an action state: an exit, an action, or a question when several exits fit. */
import type { ActionState } from '../../registry/graph.ts';
import type { Situation } from '../reasoner.ts';
import { chooseOnArrival } from './deciding/arriving.ts';
import { chooseOnEvent, chooseOnSilence } from './deciding/events.ts';
import {
  greatest,
  leaveBy,
  momentOf,
  pending,
  perform,
  saidBy,
  type Chosen,
  type Moment,
} from './deciding/moment.ts';
import { CLEAR } from './deciding/hearing.ts';
import { answerQuestion, exitBesideQuestion } from './deciding/asked.ts';
import { exitEvidence } from './deciding/exits.ts';
import { askWhich, meantExits } from './deciding/meant-exits.ts';
import { WEIGHTS } from './weights.ts';
import { statementsEvidence } from './deciding/occasions.ts';
import { chooseAfterCorrection, revisitByValue } from './deciding/revisiting.ts';
import { chooseBeforeExits } from './deciding/before-exits.ts';
import { goOn, noteCorrection, stayAtQuestion } from './deciding/staying.ts';
import { understandMessage, type Message } from './language/message.ts';

/** Word vectors, or null when there are none. */
type Vectors = Moment['hearing']['vectors'];

/** Evidence of an exit that a new value for an earlier answer does not outweigh. */
const CLEAR_ANSWER = 0.55;

/** Chooses in the state whose question the message can answer. */
function chooseOnAnswer(
  situation: Situation,
  state: ActionState,
  message: Message,
  vectors: Vectors,
): Chosen {
  const moment = momentOf(situation, state, message, vectors);
  const { read, hearing } = moment;
  const exits = exitEvidence(read, hearing);
  const first = chooseBeforeExits(moment, exits);
  if (first !== null) return first;
  const beside = exitBesideQuestion(moment);
  if (beside !== null) return leaveBy(beside);
  if (message.questions.length > 0) {
    const answered = answerQuestion(moment, exits);
    if (answered !== null) return answered;
    return stayAtQuestion(moment);
  }
  const occasions = statementsEvidence(read, hearing);
  const occasion = greatest(occasions);
  const meant = meantExits(moment, exits, WEIGHTS.leastToChoose);
  const [exit] = meant;
  const strength = exits[exit ?? -1] ?? 0;
  if (occasion !== -1 && (occasions[occasion] ?? 0) > Math.max(WEIGHTS.leastToChoose, strength))
    return perform(occasion);
  const byValue = strength < CLEAR_ANSWER ? revisitByValue(moment) : null;
  if (byValue !== null) return byValue;
  // Only the words of the behavior set are said then: a question behind the exit would never be asked.
  if (situation.behavior?.overriding === true && message.explicit === 0 && strength < CLEAR)
    return perform(pending(moment.actions, situation.position.performed));
  if (exit !== undefined) return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  return noteCorrection(moment) ?? goOn(moment);
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
  return chooseOnSilence(situation, state);
}
