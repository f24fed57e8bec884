/** Questions that ask for a description in any words, and not for a value: a reason, a problem, what happened. English. */
import type { Question } from './questions.ts';
import type { ReadExit } from './states.ts';

const FREE =
  /\b(?:why|reason|wrong|problems?|happen(?:s|ed|ing)?|describe[sd]?|description|issue|symptoms?|tell me (?:more|about)|matter|trouble|complaint|what (?:is it|it is) about|how can|details?|message|story|(?:write|note) (?:it |that |this )?down|dictated?|pass (?:it |that )?on|own words)\b/i;

/** Returns true if a state asks for a description in the user's own words. */
export function asksFreely({ text }: Pick<Question, 'text'>, exits: readonly ReadExit[]): boolean {
  return FREE.test(text) || exits.some(({ ways: [way] }) => way?.awaits === true && FREE.test(way.text));
}
