/** What the embedded agent does next in an action state: an exit, or an action, or a question when it is unsure. */
import type { ActionState } from '../../registry/graph.ts';
import type { Choice, Situation } from '../reasoner.ts';
import type { ReadAction } from './actions.ts';
import { askBetween } from './asking.ts';
import { isAnswered, leaveOnArrival } from './deciding/arriving.ts';
import { answerFromElsewhere } from './deciding/elsewhere.ts';
import { exitEvidence, hearingOf, type Hearing } from './deciding/exits.ts';
import { questionsEvidence, statementsEvidence } from './deciding/occasions.ts';
import type { Evidence } from './evidence.ts';
import { understandMessage, type Message } from './language/acts.ts';
import { readState, type ReadState } from './reading/states.ts';
import { questionOf } from './reading/questions.ts';
import { vocabularyOf } from './reading/vocabulary.ts';
import { answersNothing } from './signals.ts';
import { hear } from './words.ts';

/** Weaker evidence leads nowhere. */
const LEAST = 0.28;
/** An exit that ends the conversation needs more: a farewell, a clear no, a whole example. */
const LEAST_TO_END = 0.6;
/** What is stated beside a question. */
const LEAST_BESIDE_QUESTION = 0.55;
/** Two candidates that are nearer to each other than this are the same to the agent: it asks. */
const LEAST_MARGIN = 0.08;
/** A question is answered here rather than in another state. */
const HERE_WEIGHT = 1.2;
const ANSWERED_HERE = 0.5;

/** A choice, and how it is made. */
export interface Chosen {
  choice: Choice;
  /** Whether it is made for want of understanding what was said. */
  missed: boolean;
  /** What is said in place of the action's own words. */
  words?: string;
  /** Whether the user wants to think first. */
  waits?: boolean;
  /** Whether only the question of the action is said, and not what comes before it. */
  repeats?: boolean;
}

const perform = (index: number, missed = false): Chosen => ({ choice: { kind: 'action', index }, missed });
const leaveBy = (index: number): Chosen => ({ choice: { kind: 'exit', index }, missed: false });

/** What the user said in this turn. */
function saidBy({ input }: Situation, by: 'user' | 'event'): string {
  return hear(
    input
      .filter((utterance) => utterance.by === by)
      .map(({ text }) => text)
      .join('\n'),
  );
}

/** The plain actions that are still to come, in their order; they go on behind the last one performed. */
function plainAhead(actions: readonly ReadAction[], performed: readonly number[]): number[] {
  const plain = actions.flatMap(({ occasion }, index) => (occasion === null ? [index] : []));
  const reached = Math.max(-1, ...performed.filter((index) => plain.includes(index)));
  return plain.filter((index) => index > reached);
}

/** The action that asks the pending question: the plain one performed last. */
function pending(actions: readonly ReadAction[], performed: readonly number[]): number {
  const last = actions.findLastIndex(({ occasion }, index) => occasion === null && performed.includes(index));
  return last === -1
    ? Math.max(
        0,
        actions.findIndex(({ occasion }) => occasion === null),
      )
    : last;
}

/** What to do when nothing that was said leads anywhere: what the author meant for it, else to ask again. */
function again(actions: readonly ReadAction[], performed: readonly number[]): number {
  const clarifying = actions.findIndex(({ clarifies }) => clarifies);
  return clarifying === -1 ? pending(actions, performed) : clarifying;
}

/** A state with what was said in it. */
interface Moment {
  situation: Situation;
  state: ActionState;
  read: ReadState;
  actions: readonly ReadAction[];
  hearing: Hearing;
}

function momentOf(situation: Situation, state: ActionState, message: Message): Moment {
  const read = readState(situation.graph, state);
  const actions = read.actions.map((action) => action.read);
  const asked = state.actions[pending(actions, situation.position.performed)] ?? state.objective;
  const hearing = hearingOf(message, questionOf(asked), vocabularyOf(situation.graph), read);
  return { situation, state, read, actions, hearing };
}

/** The index of the greatest evidence; -1 when there is none. Of equals the first: a margin decides beforehand. */
function greatest(evidence: readonly Evidence[]): number {
  let winner = -1;
  evidence.forEach((each, index) => {
    if (each > 0 && each > (evidence[winner] ?? 0)) winner = index;
  });
  return winner;
}

/** The exits that a message may mean: the strongest one, with those that come too near to it to tell. */
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
  const meant = meantExits(moment, exits, LEAST_BESIDE_QUESTION);
  const [exit] = meant;
  const here = answers[best] ?? 0;
  if (exit !== undefined && here < ANSWERED_HERE && (exits[exit] ?? 0) > here * HERE_WEIGHT)
    return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  if (best !== -1 && (answers[best] ?? 0) >= LEAST) return perform(best);
  const index = pending(actions, situation.position.performed);
  const elsewhere = answerFromElsewhere(situation.graph, state, hearing);
  return elsewhere === null ? null : { ...perform(index), words: elsewhere };
}

/** Stays with a user who has not answered: what the author meant for it, or the question once more. */
function stay({ situation, read, actions, hearing }: Moment): Chosen {
  const { message } = hearing;
  const { performed } = situation.position;
  const unknown = read.actions.findIndex(({ occasion }) => occasion?.acts.has('unknown') === true);
  if (message.acts.has('unknown') && unknown !== -1) return perform(unknown);
  if (message.acts.has('repeat')) return perform(pending(actions, performed));
  const index = again(actions, performed);
  const waits = message.acts.has('hesitation') && WAITS.test(message.text);
  return waits
    ? { ...perform(pending(actions, performed)), waits, repeats: true }
    : perform(index, performed.length > 0);
}

const WAITS =
  /\b(?:let me|hold on|hang on|wait|moment|second|sec|minute|i(?:'ll| will| need to| have to) (?:check|look|see|find|go))\b/i;

/** Chooses in the state that what was said answers. */
function chooseOnAnswer(situation: Situation, state: ActionState, message: Message): Chosen {
  const moment = momentOf(situation, state, message);
  const { read, actions, hearing } = moment;
  const { performed } = situation.position;
  const exits = exitEvidence(read, hearing);
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
  return goOn(moment);
}

/** Goes on where no exit is meant: to the next plain action while there is an answer to go on from. */
function goOn(moment: Moment): Chosen {
  const { situation, actions, hearing } = moment;
  const { performed } = situation.position;
  const ahead = plainAhead(actions, performed)[0];
  const inOrder = performed.some((index) => actions[index]?.occasion === null);
  const { message } = hearing;
  const isAnswer = inOrder && !answersNothing(message.text) && !message.acts.has('hesitation');
  return ahead !== undefined && (performed.length === 0 || isAnswer) ? perform(ahead) : stay(moment);
}

/** Where nothing is left to be asked but whether there is anything else, a refusal that led here is acknowledged. */
function refusedOnArrival({ read, hearing }: Moment): number {
  const { message, question } = hearing;
  if (!question.closing || (message.explicit !== -1 && !message.acts.has('withdrawal'))) return -1;
  return read.actions.findIndex(
    ({ occasion }) => occasion?.acts.has('no') === true || occasion?.acts.has('withdrawal') === true,
  );
}

/** Chooses in a state just come to: what was said led here, and may already answer what is asked here. */
function chooseOnArrival(situation: Situation, state: ActionState, message: Message): Chosen {
  const moment = momentOf(situation, state, message);
  const { graph } = situation;
  const answers = questionsEvidence(moment.read, moment.hearing);
  const best = greatest(answers);
  if (best !== -1 && (answers[best] ?? 0) > ANSWERED_HERE) return perform(best);
  const refused = refusedOnArrival(moment);
  if (refused !== -1) return perform(refused);
  const leave = leaveOnArrival(graph, state, message);
  if (leave !== null) return leaveBy(leave);
  const plain = plainAhead(moment.actions, []);
  return perform(
    plain.find((index) => !isAnswered(graph, state.actions[index] ?? '', message)) ?? plain[0] ?? 0,
  );
}

/** Chooses in an action state. */
export function chooseInActionState(situation: Situation, state: ActionState): Chosen {
  const heard = saidBy(situation, 'user');
  if (heard !== '') {
    const message = understandMessage(heard);
    return situation.arrived
      ? chooseOnArrival(situation, state, message)
      : chooseOnAnswer(situation, state, message);
  }
  const { performed } = situation.position;
  const { actions } = readState(situation.graph, state);
  const read = actions.map((action) => action.read);
  if (saidBy(situation, 'event') !== '' && performed.length > 0) {
    const index = pending(read, performed);
    return { ...perform(index), repeats: true };
  }
  return perform(plainAhead(read, performed)[0] ?? again(read, performed));
}
