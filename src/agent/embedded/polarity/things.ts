/** Clauses that tell of things: that they are there, lack, differ, or that it is so at other times too. English. */
import { relation } from '../language/scales.ts';
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

const CHANGES =
  /\b(?:stops?|stopped|goes away|went away|disappears?|disappeared|vanish(?:es|ed)?|changes|changed|gets? (?:\w+er|less|more))\b/;

/** Returns true if a question asks whether things are the same, and a clause compares them or tells of a change. */
function tellsDifference({ words, negated }: Clause, asked: readonly string[]): boolean {
  return (
    !negated &&
    asked.some((word) => SAME.includes(word)) &&
    (COMPARES.test(words.join(' ')) || CHANGES.test(words.join(' ')))
  );
}

const ASKS_FOR_THING = /^(?:is|are|was|were) there\b|\bdo you have\b|\b(?:is|are) (?:any|some)\b/i;
const USED_UP = 'empty dry drained vacant finished'.split(' ').map(stemOf);

/** Returns true if a question asks whether there is something, and a clause tells that it is used up: "it ran dry". */
function tellsUsedUp({ stems, negated }: Clause, { text, stems: asked, closing }: Question): boolean {
  // "Is there anything else?" asks for no thing that could be used up.
  if (closing) return false;
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

const ASKS_FOR_CURE =
  /\b(?:(?:did|does|has|have|would) .{2,60}\b(?:fix|fixed|solve|solved|cure|cured|help|helped|resolve|resolved)|(?:fixed|solved|cured|resolved) by)\b/i;
const CURED =
  /\b(?:works?|worked|working|runs?|fine|gone|solved|solves|fixed|fixes|better|helped|helps|okay|ok|normal|cured|resolved|no (?:more|longer))\b/;
const NOT_CURED =
  /\b(?:still|same|persists?|remains?|remained|no (?:difference|luck|change|effect)|nothing|worse|again|back)\b/;

/** Returns what a clause tells of a cure that a question asks about: +1 if it worked, -1 if not, 0 if neither. */
export function cureTold({ words, negated }: Clause, { text }: Question): -1 | 0 | 1 {
  if (!ASKS_FOR_CURE.test(text)) return 0;
  const said = words.join(' ');
  if (NOT_CURED.test(said)) return -1;
  return CURED.test(said) ? (negated ? -1 : 1) : 0;
}

const EVERY = 'all every everything both each'.split(' ').map(stemOf);
/** Words for a part of several things. */
const OF_A_PART = /\b(?:one|some|a few|two|three|half|part|most|several|the others?|the rest)\b/;

/** Returns true if a question asks whether it is so with all things, and a clause denies it for a part of them. */
export function deniesForPart({ words, stems, negated }: Clause, asked: readonly string[]): boolean {
  const isPart = OF_A_PART.test(words.join(' ')) && !stems.some((stem) => EVERY.includes(stem));
  return asked.some((word) => EVERY.includes(word)) && isPart && negated && !/^none\b/.test(words.join(' '));
}

const NOTHING_HAPPENS = /\bnothing (?:happens|happened|is happening)\b/;
const RESPOND = stemOf('respond');

/** Returns true if a question asks whether a thing is dead or frozen, and a clause tells that nothing happens. */
export function doesNothing({ words }: Clause, asked: readonly string[]): boolean {
  return NOTHING_HAPPENS.test(words.join(' ')) && asked.some((word) => relation(word, RESPOND) === -1);
}

/** Stems of words by which a thing is as things mostly are. */
const NORMAL = 'normal ordinary regular average standard typical'.split(' ').map(stemOf);
const ASKS_FOR_QUALITY =
  /^(?:is|are|was|were)\b|\b(?:get|gets|feel|feels|look|looks|become|sound|sounds|seem|seems)\b/i;

/** Returns true if a question asks for a special quality, and a clause tells that the thing is normal. */
export function isNormal(
  { stems, negated }: Clause,
  { text, stems: asked }: Question,
  wanted: -1 | 0 | 1,
): boolean {
  const isAsked = asked.some((word) => NORMAL.includes(word));
  return (
    !negated &&
    !isAsked &&
    wanted <= 0 &&
    ASKS_FOR_QUALITY.test(text) &&
    stems.some((stem) => NORMAL.includes(stem))
  );
}

/** Stems of words by which a thing is no longer there. */
const LOST = new Set(
  'lose lost mislaid misplaced missing gone stolen discarded threw thrown binned'.split(' ').map(stemOf),
);

/** Returns true if a clause tells that the thing that is asked about is no longer there, and nothing else: "I lost it". */
export function tellsLoss(
  { stems }: { readonly stems: readonly string[] },
  asked: readonly string[],
): boolean {
  if (!stems.some((stem) => LOST.has(stem)) || asked.some((stem) => LOST.has(stem))) return false;
  return stems.every((stem) => LOST.has(stem) || stem === AWAY || asked.includes(stem));
}

const AWAY = stemOf('away');
