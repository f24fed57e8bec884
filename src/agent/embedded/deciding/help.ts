/** Messages that tell no matter: the wish for help in general, and words by which users introduce themselves. English. */
import { findIntroducedName } from '../facts/names.ts';
import { findEmail, findPhoneNumber } from '../facts/contacts.ts';
import { clausesOf } from '../language/clauses.ts';
import { withoutGreeting } from '../language/greetings.ts';
import type { Message } from '../language/message.ts';
import { stemOf } from '../language/stems.ts';
import { contentOf } from './meaning.ts';

const HELP = new Set('help assist assistance hand problem issue question'.split(' ').map(stemOf));
/** Stems that may stand beside the wish. */
const BESIDE = new Set('out bit'.split(' ').map(stemOf));

/** Returns true if a message asks for help and says nothing of its matter: "hello, I would like some help please". */
export function asksForHelp({ text }: Message): boolean {
  const clauses = clausesOf(withoutGreeting(text));
  return (
    clauses.every(({ negated }) => !negated) &&
    clauses.some(({ stems }) => stems.some((stem) => HELP.has(stem))) &&
    contentOf(clauses).every((stem) => HELP.has(stem) || BESIDE.has(stem))
  );
}

/** Stems beside a name or a number by which users tell who they are and how they are reached. */
const INTRODUCES = new Set(
  'name call phone mobile telephone number email mail address reach speak first last full on at under'
    .split(' ')
    .map(stemOf),
);

/**
 * Returns true if a message only tells who the user is and how they are reached, with a greeting or the wish for help:
 * "hi, my name is Rosa Vidal, I have a question".
 */
export function onlyIntroduces({ text }: Message): boolean {
  const name = findIntroducedName(text);
  if (name === null) return false;
  const told = [name, findPhoneNumber(text), findEmail(text)].filter((fact) => fact !== null);
  const rest = told.reduce((left, fact) => left.replace(fact, ' '), text);
  const stems = contentOf(clausesOf(withoutGreeting(rest)));
  return stems.every((stem) => HELP.has(stem) || BESIDE.has(stem) || INTRODUCES.has(stem));
}
