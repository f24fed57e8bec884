/** Answers to a question that the user asks while the agent waits for an answer. */
import type { Evidence } from '../evidence.ts';
import { isInquiry } from '../signals.ts';
import { answerAboutAgent } from './about-agent.ts';
import { answerFromElsewhere } from './elsewhere.ts';
import { askWhich, meantExits } from './meant-exits.ts';
import { WEIGHTS } from '../weights.ts';
import { greatest, leaveBy, momentOf, pending, perform, type Chosen, type Moment } from './moment.ts';
import { answersTo } from './answers-here.ts';
import { exitEvidence } from './exits.ts';
import { understandMessage, type Message } from '../language/message.ts';
import type { WordVectors } from '../meaning/vectors.ts';
import { listAsked } from './listing.ts';
import { askedState } from '../recollection.ts';
import type { Situation } from '../../reasoner.ts';
import type { Sentence } from '../language/clauses.ts';

/** The least evidence for an exit when the message also asks a question. */
const LEAST_BESIDE_QUESTION = 0.55;
/** The least evidence for an exit when the message asks for something to be done: "could you send up some water?" */
const LEAST_OF_REQUEST = 0.4;
/** The factor by which the evidence for an exit must exceed the evidence for an answer in this state. */
const HERE_WEIGHT = 1.2;
const ANSWERED_HERE = 0.5;

/** Two questions in one sentence: "how much is it and how long does it take?" */
const NEXT_QUESTION =
  /,?\s{1,3}(?:and|or|but)\s{1,3}(?=(?:also |then |please )?(?:who|whose|what|when|where|why|how|which|can|could|do|does|did|is|are|will|would|should|may)\b)|(?<=[?!.])\s{1,3}/i;

/** Returns the questions of a message, each as a message of its own. */
function questionsOf({ questions }: Message): Message[] {
  return questions
    .flatMap(({ text }) => text.split(NEXT_QUESTION))
    .slice(0, MAX_QUESTIONS)
    .map((text) => understandMessage(text))
    .filter((each) => each.questions.length > 0);
}

/** The most questions of a message that are answered. */
const MAX_QUESTIONS = 3;

/** Returns the index of the action that answers a question well, or -1. */
function actionFor(moment: Moment, message: Message): number {
  const answers = answersTo({ ...moment, hearing: { ...moment.hearing, message } });
  const best = greatest(answers);
  return (answers[best] ?? 0) >= ANSWERED_BESIDE ? best : -1;
}

/** The least evidence for an action that answers one of several questions, or a question beside an answer. */
const ANSWERED_BESIDE = 0.3;

/**
 * Returns the actions that answer the questions of a message, each once and in the order in which they were asked: those
 * of the state by their index, and the words of other states.
 */
function actionsFor(moment: Moment): { index: number; action: string }[] {
  const { situation, state, hearing } = moment;
  const found = questionsOf(hearing.message).flatMap((message) => {
    const index = actionFor(moment, message);
    if (index !== -1) return [{ index, action: state.actions[index] ?? '' }];
    const elsewhere = answerFromElsewhere(situation, state, { ...hearing, message });
    return elsewhere === null ? [] : [{ index, action: `"${elsewhere}"` }];
  });
  return found.filter(({ action }, at) => found.findIndex((other) => other.action === action) === at);
}

/** Answers a question of the user, and stays. Null when nothing here or elsewhere answers it. */
export function answerQuestion(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, state, actions, hearing } = moment;
  const about = answerAboutAgent(moment);
  if (about !== null) return about;
  const list = listAsked(moment);
  if (list !== -1) return perform(list);
  const several = actionsFor(moment);
  const answers = answersTo(moment);
  const best = greatest(answers);
  const least = isInquiry(hearing.message.text) ? LEAST_BESIDE_QUESTION : LEAST_OF_REQUEST;
  const meant = meantExits(moment, exits, least);
  const [exit] = meant;
  const here = answers[best] ?? 0;
  if (exit !== undefined && here < ANSWERED_HERE && (exits[exit] ?? 0) > here * HERE_WEIGHT)
    return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  const last = several.findLast(({ index }) => index !== -1);
  if (several.length > 1 && last !== undefined) {
    const others = several.filter((each) => each !== last).map(({ action }) => action);
    return { ...perform(last.index), answers: others };
  }
  if (best !== -1 && (answers[best] ?? 0) >= WEIGHTS.leastToChoose) return perform(best);
  const index = pending(actions, situation.position.performed);
  const elsewhere = answerFromElsewhere(situation, state, hearing);
  return elsewhere === null ? null : { ...perform(index), lead: elsewhere };
}

/** The least evidence for an exit that what is stated beside a question gives; less for one that waits for any words. */
const STATED = 0.55;

/** Returns true if a question asks for information and proposes nothing that could be the answer. */
function asksOnly(moment: Moment, { text }: Sentence): boolean {
  return isInquiry(text) || actionFor(moment, understandMessage(text)) !== -1;
}

/**
 * Returns the index of the exit for the answer that a message gives beside a question: "large, and how long does it
 * take?" Null when what it states is no clear answer, or would end the conversation.
 */
export function exitBesideQuestion(moment: Moment): number | null {
  const { situation, state, read, hearing } = moment;
  const { questions, stated } = hearing.message;
  if (stated === '' || questions.length === 0 || !questions.every((each) => asksOnly(moment, each)))
    return null;
  const alone = momentOf(situation, state, understandMessage(stated), hearing.vectors);
  const { statements, acts, explicit } = alone.hearing.message;
  if ((statements.length === 0 && explicit === 0) || acts.has('hesitation') || acts.has('unknown'))
    return null;
  const [exit, ...others] = meantExits(alone, exitEvidence(read, alone.hearing), STATED);
  return exit === undefined || others.length > 0 || read.exits[exit]?.ends === true ? null : exit;
}

/** Returns the words for the first question of a message that nothing in the graph answers; nothing when all are answered. */
function unanswered(moment: Moment): string[] {
  const { situation, state, hearing } = moment;
  const open = questionsOf(hearing.message).find(
    (message) =>
      message.questions.some(({ clauses }) => clauses.some(({ stems }) => stems.length > 0)) &&
      actionFor(moment, message) === -1 &&
      answerFromElsewhere(situation, state, { ...hearing, message }) === null,
  );
  if (open === undefined) return [];
  const asked = open.text.replaceAll(/["“”[\]]/g, '').replace(/[?!.\s]{1,20}$/, '');
  return [`"I am afraid I cannot answer this here: ${asked}."`];
}

/**
 * Returns the actions that answer the questions of a message whose answer led out of the state that the user answered.
 * The agent says them before it goes on.
 */
export function answersOnTheWay(
  situation: Situation,
  message: Message,
  vectors: WordVectors | null,
): string[] {
  const asked = askedState(situation, Object.keys(situation.position.answers).at(-1) ?? '');
  if (asked === null || message.questions.length === 0) return [];
  const moment = momentOf({ ...situation, graph: asked.graph }, asked.state, message, vectors);
  if (exitBesideQuestion(moment) === null) return [];
  return [...actionsFor(moment).map(({ action }) => action), ...unanswered(moment)];
}
