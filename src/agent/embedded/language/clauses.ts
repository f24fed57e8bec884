/**
 * The clauses of a text, each with its polarity. "I checked the clamps, but they aren't tight" has two clauses, and
 * only the second one is negated. English.
 */
import { isScaled } from './scales.ts';
import { stemOf } from './stems.ts';
import { cut } from '../../../text.ts';
import { isAuxiliary, isNegator, isSubject, splitWord, STARTERS } from './grammar.ts';
import { valueOfNumber } from '../facts/number-words.ts';
import { hasMatter } from './function-words.ts';

/** The most words of a text that are read. */
const MAX_WORDS = 400;
/** The longest part of a word that is read, in UTF-16 units. */
const MAX_WORD_LENGTH = 40;

export interface Clause {
  /** The words as they were said, in lower case, contractions expanded: "isn't" is "is", "not". */
  words: string[];
  /** The stems of the words that have a meaning of their own, each once. */
  stems: string[];
  negated: boolean;
  /** True if the clause only tells a time or a condition: "when I turn the key". */
  background: boolean;
}

export interface Sentence {
  text: string;
  clauses: Clause[];
}

const BACKGROUND = new Set(
  'when whenever if while after before once until unless although though'.split(' '),
);
const BREAKS = new Set(
  'but so because cause although though however yet except while and then when if'.split(' '),
);

/** Words and commas of a sentence. */
const PARTS = /[\p{L}\p{N}]+(?:['’.@:/][\p{L}\p{N}]+)*|[,;:()–—]|…|\.{3}/gu;

/** Short compounds that are also written in one word: "Wi-Fi", "e-mail". Their hyphen is removed. */
const SHORT_COMPOUND = /\b(\p{L}{1,2})-(\p{L}{2,6})\b/gu;

const ON_AND_OFF = /\bon and off\b/g;
/** Words that only strengthen the next one: "bone dry" is "dry". */
const INTENSIFIER =
  /\b(?:rock|bone|brand|stone|ice|wide|pitch) (?=(?:solid|hard|steady|dry|new|cold|open|black|dark)\b)/g;

/** A thing that does not move: "it stays where it is". */
const STAYS =
  /\b(?:stays?|stayed|remains?|remained) (?:(?:exactly|right|just) )?(?:where (?:it|they) (?:is|are|was|were)|put|in (?:its |the same |one )?(?:place|spot|position))\b/g;
/** Phrases for what covers or fills a thing: "covered in dust", "full of hair". */
const FULL_OF = /\b(?:full of|(?:covered|caked|coated|smeared|clogged up|packed) (?:in|with))\b/g;
/** The lack of a thing, said as a quality: "free of dust". */
const FREE_OF = /\bfree (?:of|from)\b/g;
/** Denials of a change. */
const NO_CHANGE = /\bnothing (?:has |is |was )?(?:changed|different)\b/g;
/** The force that something takes: "it takes a lot of strength" is "it is hard". */
const TAKES_FORCE =
  /\b(?:takes?|needs?|requires?|took|needed) (?:a lot of|much|too much|some|real|great|quite some|all my|both) (?:force|strength|effort|muscle|power)\b/g;
const WITHOUT_FORCE = /\b(?:without (?:any |much |using )?|no )(?:effort|force|strength)(?: at all)?\b/g;

/** "All right" is one word, and no "all". */
const ALL_RIGHT = /\ball right\b/g;
const ALL_THE_TIME = /\ball the time\b/g;

const AT_ONCE = /\b(?:straight|right) away\b/g;
/** Denials of a difference: "it has not changed", "we never used anything else". */
const UNCHANGED =
  /(?<=\b(?:it|they|that|this|number|address)) ?(?:(?:has|have|'s|'ve)?(?: not|n't) changed|(?:does|do|did|will|would)(?: not|n't) change)\b/g;
/** Numbers of two words: "twenty-five" is 25. */
const COMPOUND_NUMBER =
  /\b(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ](?:one|two|three|four|five|six|seven|eight|nine)\b/g;
/** A denied end goes on: "it does not stop bleeding". */
const GOES_ON = /(?:\b(?:not|never)|n't) (?:stop|stops|stopped|cease|quit) (?=\w{2,20}ing\b)/g;
const NOTHING_ELSE = /\b(?:never|not) (?:\w+ )?(?:anything|any) (?:else|other)\b/g;

/** Verbs of two words, and the one word of the same meaning. */
const PHRASAL: readonly [RegExp, string][] = [
  [
    /\b(can|could|will|would|may|might)(?:'?t| ?not|n't)? make it(?= (?:to|on|at|in|by|before|tomorrow|today|tonight|then|there|this|next|any|after|because|either|until)\b|[^ \w]|$)/g,
    '$& come',
  ],
  [
    /\b(?:throw|throws|threw|thrown|throwing) (?:it |everything |her food |his food |the food )?up\b/g,
    'vomit',
  ],
  [/\b(?:call|ring|phone)(?:s|ed|ing)? (?:(?:me|us|them|you|him|her|the [a-z]{3,20}) )?back\b/g, 'callback'],
  [/\b(?:pass(?:es|ed|ing)?|black(?:s|ed|ing)?) out\b/g, 'faint'],
  [/\bcall(?:s|ed|ing)? (?:(?:it|this|that|them) )?off\b/g, 'cancel'],
  [/\bstop(?:s|ped|ping)? by\b/g, 'visit'],
  [/\bid (?=(?:like|love|prefer|rather|need|be)\b)/g, 'i would '],
  [/\bsign (?:me |us |him |her |them )?up\b/g, 'enrol'],
];

/** Phrases that deny a problem. They are read as "fine", not as a negation: "it starts without any problem". */
const NO_TROUBLE =
  /\b(?:no|without(?: any| an?)?|not an?|never an?) (?:problems?|issues?|trouble|difficult(?:y|ies)|hassle|errors?|faults?|complaints?|delays?|interruptions?)\b/g;

export function wordsOf(text: string): string[] {
  const plain = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(SHORT_COMPOUND, '$1$2')
    .replaceAll(ON_AND_OFF, 'blinking')
    .replaceAll(INTENSIFIER, '')
    .replaceAll(NO_TROUBLE, 'fine')
    .replaceAll(/\btwice\b/g, 'two')
    .replaceAll(AT_ONCE, 'now')
    .replaceAll(STAYS, 'does not move')
    .replaceAll(FULL_OF, 'fullof')
    .replaceAll(FREE_OF, 'without')
    .replaceAll(NO_CHANGE, 'no difference')
    .replaceAll(ALL_RIGHT, 'alright')
    .replaceAll(ALL_THE_TIME, 'always')
    .replaceAll(TAKES_FORCE, 'is hard')
    .replaceAll(WITHOUT_FORCE, 'easily')
    .replaceAll(UNCHANGED, ' the same')
    .replaceAll(COMPOUND_NUMBER, (number) => String(valueOfNumber(number) ?? number))
    .replaceAll(GOES_ON, ' still ')
    .replaceAll(NOTHING_ELSE, 'always the same');
  const single = PHRASAL.reduce((done, [from, to]) => done.replaceAll(from, to), plain);
  const found = single.match(PARTS) ?? [];
  return found.slice(0, MAX_WORDS).flatMap((part) => splitWord(cut(part, MAX_WORD_LENGTH)));
}

const PUNCTUATION = /^[,;:()–—…]|^\.{3}$/;

/** Words before "that" behind which it tells a consequence: "so strong that I could not sleep". */
const SO_THAT = /\bso \w+(?: \w+)?$/;

/**
 * Returns true if the conjunction at `index` begins a clause of its own: "and it …", as opposed to "front and back".
 */
function breaksAt(words: readonly string[], index: number): boolean {
  const word = words[index] ?? '';
  if (word === 'that') return SO_THAT.test(words.slice(Math.max(0, index - 4), index).join(' '));
  if (!BREAKS.has(word)) return false;
  if (word !== 'and' && word !== 'then' && word !== 'so') return true;
  const next = words[index + 1] ?? '';
  return isSubject(next) || STARTERS.has(next);
}

/** A clause without the "no" that only stands before it: "no, it doesn't" is not denied twice. */
function withoutLeadingNo(words: string[]): string[] {
  const [first = '', second = ''] = words;
  const leads =
    /^(?:no|nope|nah)$/.test(first) && (isSubject(second) || isAuxiliary(second) || second === 'not');
  return leads ? words.slice(1) : words;
}

function clauseOf(spoken: string[]): Clause {
  const words = withoutLeadingNo(spoken);
  const stems = words
    .filter((word, index) => hasMatter(words, index) && !isNegator(word))
    .map((word) => stemOf(word));
  return {
    words,
    stems: [...new Set(stems)],
    negated: countNegators(words) % 2 === 1,
    background: BACKGROUND.has(words[0] ?? ''),
  };
}

/** Words after which "not" or "no" negates nothing: "not only", "no problem", "no doubt". */
const HARMLESS = new Set('only just problem problems doubt matter worries wonder'.split(' '));

function isQuality(word: string | undefined): boolean {
  return word !== undefined && word !== 'again' && isScaled(stemOf(word));
}

function countNegators(words: readonly string[]): number {
  let count = 0;
  words.forEach((word, index) => {
    if (!isNegator(word) || HARMLESS.has(words[index + 1] ?? '')) return;
    // "It has gone quiet" denies nothing.
    if (word === 'gone' && isQuality(words[index + 1])) return;
    // "None", "nothing" behind another negation only strengthens it: "I don't hear nothing", "not a single one, no".
    if (word === 'no' && index === words.length - 1 && index > 0) return;
    count += 1;
  });
  return count;
}

/** Words that belong to the clause behind them: "not while I drive", "only when it is cold". */
const LEADS_ON = new Set('not only just even except especially mostly'.split(' '));

export function clausesOf(sentence: string): Clause[] {
  const words = wordsOf(sentence);
  const clauses: string[][] = [[]];
  words.forEach((word, index) => {
    if (PUNCTUATION.test(word)) {
      clauses.push([]);
      return;
    }
    const before = clauses.at(-1) ?? [];
    if (breaksAt(words, index) && before.length > 0 && !before.every((each) => LEADS_ON.has(each)))
      clauses.push([]);
    clauses.at(-1)?.push(word);
  });
  return clauses.filter(({ length }) => length > 0).map(clauseOf);
}

/** The sentences of a text, each with its clauses. */
export function sentencesOf(text: string): Sentence[] {
  return text
    .split(/(?<=[.!?…;])\s+|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ text: part, clauses: clausesOf(part) }));
}
