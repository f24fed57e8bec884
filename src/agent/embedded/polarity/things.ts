/** Clauses that tell of things: that they are there, lack, differ, or that it is so at other times too. English. */
import { stemOf } from '../language/stems.ts';
import type { Clause } from '../language/clauses.ts';
import type { Question } from '../reading/questions.ts';

/** The lack of a thing as a part of a question: "Have you tried it without the cover?", "Does it say no signal?" */
const LACK = /\b(?:without|no|none|nothing|never)\b/i;

/** Returns a clause whose denial is that of the question as a statement: to "Does it say no signal?", "it says no signal". */
export function withLackOf(clause: Clause, { text }: Question): Clause {
  const lack = LACK.exec(text)?.[0].toLowerCase();
  const isShared =
    lack !== undefined && (clause.stems.length > 0 || lack === 'without') && clause.words.includes(lack);
  return isShared ? { ...clause, negated: !clause.negated } : clause;
}

/** Stems of qualities by which a thing is rid of others. */
const RID = 'clean free clear empty spotless smooth unobstructed'.split(' ').map(stemOf);
const IS_THERE = /^(?:(?:yes|well|and|but) )?there (?:is|are|was|were) (?!no\b|not\b|nothing\b)/;

/** Returns true if a question asks whether a thing is rid of others, and a clause tells that there are some. */
function tellsOfOthers({ words, negated }: Clause, asked: readonly string[]): boolean {
  return !negated && asked.some((word) => RID.includes(word)) && IS_THERE.test(words.join(' '));
}

const SAME = ['same', 'equal', 'even'].map(stemOf);
const COMPARES =
  /\b(?:(?:more|less|fewer|higher|lower|\w{3,12}er) (?:\w+ )?than|(?:has|have|is|are|a (?:lot|bit|little)|much) (?:a (?:lot|bit|little) |much )?(?:more|less|fewer|higher|lower|softer|harder|larger|smaller|bigger|longer|shorter|warmer|colder))\b/;

/** Returns true if a question asks whether things are the same, and a clause compares them. */
function tellsDifference({ words, negated }: Clause, asked: readonly string[]): boolean {
  return !negated && asked.some((word) => SAME.includes(word)) && COMPARES.test(words.join(' '));
}

const ASKS_FOR_THING = /^(?:is|are|was|were) there\b|\bdo you have\b|\b(?:is|are) (?:any|some)\b/i;
const USED_UP = 'empty dry drained vacant finished'.split(' ').map(stemOf);

/** Returns true if a question asks whether there is something, and a clause tells that it is used up: "it ran dry". */
function tellsUsedUp({ stems, negated }: Clause, { text, stems: asked }: Question): boolean {
  const isAsked = asked.some((word) => USED_UP.includes(word));
  return !negated && !isAsked && ASKS_FOR_THING.test(text) && stems.some((stem) => USED_UP.includes(stem));
}

const ONLY = stemOf('only');
const NOT_ONLY =
  /\b(?:not (?:only|just|exclusively)|always|any ?time|either way|no matter|even|also|too|as well)\b/;

/** Returns true if a question asks whether something is so only at one time, and a clause tells of other times. */
function tellsOfOtherTimes({ words }: Clause, asked: readonly string[]): boolean {
  return asked.includes(ONLY) && NOT_ONLY.test(words.join(' '));
}

/** Returns true if a clause denies what is asked by what it tells of other things or times. */
export function deniesByOthers(clause: Clause, question: Question): boolean {
  const { stems } = question;
  return (
    tellsOfOthers(clause, stems) ||
    tellsDifference(clause, stems) ||
    tellsUsedUp(clause, question) ||
    tellsOfOtherTimes(clause, stems)
  );
}
