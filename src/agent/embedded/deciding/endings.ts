/** Answers of small words that repeat the end of one description: "by itself", "not at all", "at A". */
import type { Evidence } from '../evidence.ts';
import { wordsOf } from '../language/clauses.ts';
import type { ReadExit } from '../reading/states.ts';
import { GIVEN, type Hearing } from './hearing.ts';

/** The most words of an answer that is compared with the end of a description. */
const MAX_WORDS = 4;
/** Words that answer every question, and words at the beginning of an answer that add nothing. */
const NO_ENDING = new Set(
  'yes no it is does do not have has am are can will so that this too please'.split(' '),
);
const LEAD = new Set('yes no it is they are that also only just well oh'.split(' '));

/** Returns true if `words` stand in a description in their order, the last one at its end. */
function isEndOf(description: readonly string[], words: readonly string[]): boolean {
  let open = words.length - 1;
  if (description.at(-1) !== words[open]) return false;
  for (let at = description.length - 1; at >= 0 && open >= 0; at -= 1)
    if (description[at] === words[open]) open -= 1;
  return open < 0;
}

function isWord(word: string): boolean {
  return /\w/.test(word);
}

/** Returns the evidence of a message that says nothing but the last words of one exit's description; 0 for all others. */
export function endingEvidence(exits: readonly ReadExit[], { message }: Hearing): Evidence[] {
  const none = exits.map(() => 0);
  // "Thank you" stands at the end of "such as 'That is all, thank you'", and says nothing of it.
  if (!message.bare || message.acts.size > 0 || message.questions.length > 0) return none;
  const spoken = wordsOf(message.text).filter(isWord);
  const words = spoken.slice(
    spoken.findIndex((word, index) => !LEAD.has(word) || index === spoken.length - 1),
  );
  if (words.length === 0 || words.length > MAX_WORDS || NO_ENDING.has(words.at(-1) ?? '')) return none;
  const ends = exits.map(({ exit }) => isEndOf(wordsOf(exit.description).filter(isWord), words));
  return ends.filter(Boolean).length === 1 ? ends.map((is) => (is ? GIVEN : 0)) : none;
}
