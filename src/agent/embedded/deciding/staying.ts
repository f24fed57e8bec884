/** Choices of the embedded agent when a message takes no exit: it notes a correction, goes on, or asks again. */
import { correctedIn } from '../recollection.ts';
import type { Message } from '../language/message.ts';
import { answersNothing } from '../signals.ts';
import { replyToComplaint } from './about-agent.ts';
import { NONE_OF_THEM, refusesOffer } from './meant-exits.ts';
import { again, pending, perform, plainAhead, type Chosen, type Moment } from './moment.ts';

/**
 * Stays in the state when the user has not answered: performs the action that the author wrote for this case, or asks
 * the question again.
 */
function stay(moment: Moment): Chosen {
  const { situation, read, actions, hearing } = moment;
  const { message } = hearing;
  const { performed } = situation.position;
  if (refusesOffer(moment)) return { ...perform(again(actions, performed)), words: NONE_OF_THEM };
  const unknown = read.actions.findIndex(({ occasion }) => occasion?.acts.has('unknown') === true);
  if (message.acts.has('unknown') && unknown !== -1) return perform(unknown);
  const courtesy = courtesyFor(message);
  if (courtesy !== null) return { ...perform(pending(actions, performed)), lead: courtesy };
  if (message.acts.has('repeat')) return perform(pending(actions, performed));
  const index = again(actions, performed);
  const waits = message.acts.has('hesitation') && WAITS.test(message.text);
  return waits
    ? { ...perform(pending(actions, performed)), waits, repeats: true }
    : perform(index, performed.length > 0);
}

/** Returns the reply to a message that is only a greeting or thanks; null for any other message. */
function courtesyFor({ acts, bare, questions, explicit }: Message): string | null {
  if (!bare || questions.length > 0 || explicit === -1 || acts.has('hesitation')) return null;
  if (acts.has('greeting')) return 'Hello!';
  return acts.has('thanks') ? 'You are welcome.' : null;
}

const WAITS =
  /\b(?:let me|hold on|hang on|wait|moment|second|sec|minute|i(?:'ll| will| need to| have to) (?:check|look|see|find|go))\b/i;

/**
 * Notes a correction of an earlier answer that no exit takes: repeats the corrected value and asks the question again.
 * Null when the message corrects no earlier answer.
 */
export function noteCorrection({ situation, actions, hearing }: Moment): Chosen | null {
  const { message } = hearing;
  const { performed } = situation.position;
  const corrected = message.acts.has('correction') && !message.bare ? correctedIn(situation, message) : null;
  if (corrected === null || performed.length === 0) return null;
  return { ...perform(pending(actions, performed)), lead: `I have noted: ${corrected}.` };
}

/** Stays at a question of the user that nothing answers: asks the question of the state again. */
export function stayAtQuestion(moment: Moment): Chosen {
  const { situation, actions } = moment;
  const { performed } = situation.position;
  if (performed.length === 0) return perform(plainAhead(actions, performed)[0] ?? 0);
  return replyToComplaint(moment) ?? perform(again(actions, performed), true);
}

/**
 * Performs the next plain action when the message can be an answer or no action was performed yet; otherwise stays.
 */
export function goOn(moment: Moment): Chosen {
  const complaint = replyToComplaint(moment);
  if (complaint !== null) return complaint;
  const { situation, actions, hearing } = moment;
  const { performed } = situation.position;
  const ahead = plainAhead(actions, performed)[0];
  const inOrder = performed.some((index) => actions[index]?.occasion === null);
  const { message } = hearing;
  const isAnswer = inOrder && !answersNothing(message.text) && !message.acts.has('hesitation');
  return ahead !== undefined && (performed.length === 0 || isAnswer) ? perform(ahead) : stay(moment);
}
