/** Answers to a question that the user asks while the agent waits for an answer. */
import type { Evidence } from '../evidence.ts';
import { isInquiry } from '../signals.ts';
import { answerFromElsewhere } from './elsewhere.ts';
import { askWhich, meantExits } from './meant-exits.ts';
import { WEIGHTS } from '../weights.ts';
import { meaningEvidence } from './meaning.ts';
import { greatest, leaveBy, pending, perform, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';

/** The least evidence for an exit when the message also asks a question. */
const LEAST_BESIDE_QUESTION = 0.55;
/** The least evidence for an exit when the message asks for something to be done: "could you send up some water?" */
const LEAST_OF_REQUEST = 0.4;
/** The factor by which the evidence for an exit must exceed the evidence for an answer in this state. */
const HERE_WEIGHT = 1.2;
const ANSWERED_HERE = 0.5;

/** The evidence for each action as the answer to a question. Meaning counts where no action has words of the question. */
function answersTo({ read, hearing }: Moment): Evidence[] {
  const byWords = questionsEvidence(read, hearing);
  if (Math.max(...byWords) >= BY_WORDS || !isInquiry(hearing.message.text)) return byWords;
  const { actions } = meaningEvidence(read, hearing);
  return byWords.map((each, index) => Math.max(each, actions[index] ?? 0));
}

/** Evidence of the words of a question above which its meaning does not count. */
const BY_WORDS = 0.45;

/** Answers a question of the user, and stays. Null when nothing here or elsewhere answers it. */
export function answerQuestion(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, state, actions, hearing } = moment;
  const answers = answersTo(moment);
  const best = greatest(answers);
  const least = isInquiry(hearing.message.text) ? LEAST_BESIDE_QUESTION : LEAST_OF_REQUEST;
  const meant = meantExits(moment, exits, least);
  const [exit] = meant;
  const here = answers[best] ?? 0;
  if (exit !== undefined && here < ANSWERED_HERE && (exits[exit] ?? 0) > here * HERE_WEIGHT)
    return meant.length > 1 ? askWhich(moment, meant) : leaveBy(exit);
  if (best !== -1 && (answers[best] ?? 0) >= WEIGHTS.leastToChoose) return perform(best);
  const index = pending(actions, situation.position.performed);
  const elsewhere = answerFromElsewhere(situation, state, hearing);
  return elsewhere === null ? null : { ...perform(index), lead: elsewhere };
}
