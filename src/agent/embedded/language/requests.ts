/** Requests for help, and requests for information that have no question mark and no word of a question. English. */
import { stemOf } from './stems.ts';
import type { Message } from './message.ts';

/** A request for information in the form of an order: "tell me about your opening hours". */
const TELL_ME =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|please|first|wait|well)[\s,.!]+){0,3}(?:tell me (?:more |something |all )?about|explain|describe|give me (?:more |some )?(?:information|details) (?:about|on))\b/i;

/** Returns true if a sentence asks the agent to tell or to explain something. */
export function asksToTell(sentence: string): boolean {
  return TELL_ME.test(sentence);
}

const HELP = new Set('help assist assistance hand problem issue question'.split(' ').map(stemOf));
/** Stems beside those that tell neither what is wanted nor what is the case. */
const PLAIN = new Set('someone anyone somebody anybody out bit hello thing'.split(' ').map(stemOf));

/** Returns true if a message asks for help and says nothing of its matter: "hello, I would like some help please". */
export function asksForHelp({ statements, questions }: Pick<Message, 'statements' | 'questions'>): boolean {
  const clauses = [...statements, ...questions.flatMap((question) => question.clauses)];
  const stems = clauses.flatMap((clause) => clause.stems);
  return (
    clauses.every(({ negated }) => !negated) &&
    stems.some((stem) => HELP.has(stem)) &&
    stems.every((stem) => HELP.has(stem) || PLAIN.has(stem))
  );
}
