/**
 * Facts by the name that a graph gives them. With them the agent does not ask for what it has been told, takes nothing
 * else for an answer, and reads back the fact and not the sentence.
 */
import { stemsOf } from '../words.ts';
import { kindsNamedIn, MATTER, withoutQuotes, type FactKind } from './kinds.ts';

/**
 * The fact that the text of a bracket names, as it stands in what a user said. `null` when it is not there. `answered`
 * tells that the whole text was said in answer to the question for it: then no clause tells the matter better.
 */
export function findNamedFact(slot: string, said: string, answered: boolean): string | null {
  for (const kind of kindsNamedIn(slot)) {
    if (answered && kind === MATTER) continue;
    const phrase = answered ? kind.findInAnswer(said) : kind.find(said);
    if (phrase !== null) return phrase;
  }
  return null;
}

/**
 * Returns true if an action asks for facts and all of them were said already. A matter in the words of the question is
 * no fact: "for an appointment" does not tell what the appointment is for.
 */
export function isAskedInVain(action: string, said: string): boolean {
  const asked = /\bask\b.*/is.exec(withoutQuotes(action))?.[0] ?? '';
  const kinds = kindsNamedIn(asked);
  const question = new Set(stemsOf(action));
  const told = (kind: FactKind) => {
    const phrase = kind.find(said);
    if (phrase === null) return false;
    return kind !== MATTER || stemsOf(phrase).some((stem) => !question.has(stem));
  };
  return kinds.length > 0 && kinds.every(told);
}

/** Returns true if a text can be the answer that an exit waits for, as far as the exit names facts. */
export function canAnswer(exitDescription: string, said: string): boolean {
  return kindsNamedIn(exitDescription).every(({ answeredBy }) => answeredBy(said));
}

/** Verbs by which an exit tells that the user has answered. */
const HAS_ANSWERED =
  /\b(?:chosen|picked|selected|said|named|given|told|described|decided|chooses|names|says|gives|tells)\b/i;

/** Returns true if an exit takes a fact or another answer: "has chosen a size or said how many people come". */
export function hasOtherAnswer(exitDescription: string): boolean {
  const parts = withoutQuotes(exitDescription).split(/,? or /i);
  const answers = parts.filter((part) => HAS_ANSWERED.test(part));
  return answers.length > 1 && answers.some((part) => kindsNamedIn(part).length === 0);
}
