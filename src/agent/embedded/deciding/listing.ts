/** Questions for what there is to choose from, which the question of the state answers: "what colors are there?" English. */
import { questionOf } from '../reading/questions.ts';
import type { Moment } from './moment.ts';

/** A question for what there is to choose from. */
const ASKS_FOR_OPTIONS =
  /^\W*(?:(?:and|so|ok|okay|hi|hello|well|oh)[\s,.!]{1,4}){0,3}(?:what|which)(?: \w+){0,3}? (?:are there|is there|do you have|do you (?:offer|sell|teach|stock|rent|serve)|(?:can|could|may) (?:i|we|one) (?:choose|pick|get|have|take|order)|(?:are|is) (?:available|possible|on offer)|are (?:the|my|our) (?:options|choices))\b/i;

/** Returns the index of the action that lists the answers to the question of a state, if that is asked; else -1. */
export function listAsked({ state, hearing }: Moment): number {
  const { message, question } = hearing;
  if (question.closing || !message.questions.some(({ text }) => ASKS_FOR_OPTIONS.test(text))) return -1;
  return state.actions.findIndex((action) => questionOf(action).options.length > 1);
}
