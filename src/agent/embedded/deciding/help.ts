/** The wish for help in general. English. */
import type { Message } from '../language/message.ts';
import { stemOf } from '../language/stems.ts';
import { contentOf } from './meaning.ts';

const HELP = new Set('help assist assistance hand problem issue question'.split(' ').map(stemOf));
/** Stems that may stand beside the wish. */
const BESIDE = new Set('out bit'.split(' ').map(stemOf));

/** Returns true if a message asks for help and says nothing of its matter: "hello, I would like some help please". */
export function asksForHelp({ statements, questions }: Message): boolean {
  const clauses = [...statements, ...questions.flatMap((question) => question.clauses)];
  return (
    clauses.every(({ negated }) => !negated) &&
    clauses.some(({ stems }) => stems.some((stem) => HELP.has(stem))) &&
    contentOf(clauses).every((stem) => HELP.has(stem) || BESIDE.has(stem))
  );
}
