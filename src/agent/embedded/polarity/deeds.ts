/** Clauses that tell of a deed: a look at the thing, what is still to be done, what is hard to do. English. */
import { relation } from '../language/scales.ts';
import { stemOf } from '../language/stems.ts';
import type { Clause } from '../language/clauses.ts';
import type { Message } from '../language/message.ts';
import type { Question } from '../reading/questions.ts';

/** A look at the thing that is asked about, which does not tell what was found: "I checked the belt". */
const LOOKS =
  /^(?:(?:and|so|ok|well|yes|no) )*(?:i|we) (?:(?:have|just|already|now|also|did) )*(?:checked|check|looked|look|inspected|inspect|examined|examine|felt|had a (?:\w+ )?look|took a (?:\w+ )?look)\b/;

/** Returns true if a clause only tells that the user looked, and another one can tell what they found. */
export function inspects({ words }: Clause, { statements }: Message, { text }: Question): boolean {
  return (
    statements.length > 1 && LOOKS.test(words.join(' ')) && !/\b(?:check|look|inspect|examin)/i.test(text)
  );
}

/** A deed that is still to be done: "I have to wash it", "it needs cleaning". */
const TO_DO =
  /\b(?:(?:has|have|need|needs|ought|going|about|got) to|must|needs|(?:i|we) will) (?:(?:first|still|just|be|get|go|and|have|it|them|a|some) )*(\w+)/;

/** Returns true if a clause tells that what is asked is still to be done. */
export function isStillToDo({ words }: Clause, asked: readonly string[]): boolean {
  const deed = TO_DO.exec(words.join(' '))?.[1];
  return deed !== undefined && asked.some((word) => relation(word, stemOf(deed)) === 1);
}

/** A deed that is only intended, in an answer to a question about the past. */
const WILL_DO =
  /\b(?:i|we) (?:(?:am|are|just|still|first) )*(?:going to|about to|will|need to|have to|want to) (?:(?:just|still|first|go|and) )*(?:do|try) (?:it|that|so|this)\b/;
const ASKS_WHETHER_DONE = /^(?:have|has|did|was|were)\b|\b(?:already|recently|lately|yet)\b/i;

/** Returns true if a clause tells that what a question asks about is only intended: "I'm going to do it now". */
export function intendsDeed({ words }: Clause, { text }: Question): boolean {
  return ASKS_WHETHER_DONE.test(text) && WILL_DO.test(words.join(' '));
}

/** Words of a question that ask whether a deed is a trouble: "Is it hard to turn?", "trouble opening it". */
const TROUBLE_TO =
  /\b(?:(?:hard|difficult|tough|tricky|stiff|impossible|a (?:pain|struggle|fight)) to|(?:trouble|difficult(?:y|ies)|problems?|issues?) (?:to \w|(?:in |with )?\w{2,15}ing\b)|(?:lose|loses|losing|lost) \w)/i;
const HARD_TO = /\b(?:hard|difficult|tough|tricky|stiff|impossible) to \w/;
const TROUBLES_TO = 'hard difficult tough tricky stiff impossible trouble problem issue easy lose lost drop'
  .split(' ')
  .map(stemOf);

/**
 * Returns true if a question asks whether a deed is a trouble and the clause only tells of the deed: to "Is it hard to
 * turn?", "I can turn it" is a no and "I can barely turn it" a yes.
 */
export function isDeedOfTrouble({ words, stems }: Clause, { text }: Question): boolean {
  // To "Does it turn?", "it is hard to turn" is a no.
  if (!TROUBLE_TO.test(text) && HARD_TO.test(words.join(' '))) return true;
  return (
    TROUBLE_TO.test(text) && !stems.some((stem) => TROUBLES_TO.some((word) => relation(word, stem) !== 0))
  );
}

/** Verbs by which a question asks what the user perceives or has tried, and the same in an answer. */
const ECHOES: readonly [asked: RegExp, said: RegExp][] = [
  [
    /\b(?:do|can|did|could) you (?:\w+ )?(?:hear|notice)\b/i,
    /\b(?:i|we) (?:(?:can|do|did|could|just|still|really) )*(?:hear|heard|notice|noticed)\b/,
  ],
  [
    /\b(?:do|can|did|could) you (?:\w+ )?(?:see|find|notice)\b/i,
    /\b(?:i|we) (?:(?:can|do|did|could|just|still|really) )*(?:see|saw|find|found|notice|noticed)\b/,
  ],
  [
    /\b(?:do|can|did|could) you (?:\w+ )?(?:feel|notice)\b/i,
    /\b(?:i|we) (?:(?:can|do|did|could|just|still|really) )*(?:feel|felt|notice|noticed)\b/,
  ],
  [
    /\b(?:do|can|did|could) you (?:\w+ )?(?:smell|notice)\b/i,
    /\b(?:i|we) (?:(?:can|do|did|could|just|still|really) )*(?:smell|smelled|smelt|notice|noticed)\b/,
  ],
  [
    /\b(?:have|did) you (?:\w+ )?(?:try|tried)\b/i,
    /\b(?:i|we) (?:(?:have|did|had|already|just|also) )*(?:try|tried)\b/,
  ],
];

/** Returns true if a clause tells that the user perceived or tried what the question asks for: "I do hear something". */
export function echoes({ words, negated }: Clause, { text }: Question): boolean {
  const said = words.join(' ');
  return !negated && ECHOES.some(([asked, told]) => asked.test(text) && told.test(said));
}
