/** Turns indirect questions of a graph ("whether you have an account") into direct ones ("Do you have an account?"). English. */

import { trimEndOf } from '../../text.ts';

const wordsIn = (text: string) => new Set(text.split(' '));

const MODALS = wordsIn('can could will would may might must should shall');
const FORMS_OF_BE = wordsIn('is are was were');
const FORMS_OF_HAVE = wordsIn('have has had');
const PRONOUNS = wordsIn('you i we it this that they these those there');
/** Pronouns such as "everything". */
const INDEFINITE = /^(?:every|any|some)(?:thing|one|body)$/;
/** Pronouns whose present tense has no -s. */
const PLURAL = wordsIn('you i we they these those');
const DETERMINERS = wordsIn('the a an your my our this that these those any some all each');
const ADVERBS = wordsIn(
  'also really ever already still just now currently usually always perhaps only even not',
);
/** Words behind which no subject ends: another clause begins. */
const CLAUSE_WORDS = wordsIn('that which who whose where when if whether because or and but to');
const PREPOSITIONS = wordsIn('of in on at for from with by to under about as into until');
/** Participles that do not end in -ed. */
const PARTICIPLES = wordsIn(
  'been had done gone seen taken given made got gotten eaten come tried bought brought found heard held kept left lost met paid put read said ' +
    'sent set slept sold spoken stood told thought understood worn written won begun broken chosen driven drunk fallen felt flown forgotten hurt run shut',
);
/** The longest subject that is looked for, in words. */
const MAX_SUBJECT_WORDS = 8;

function isPronoun(word: string): boolean {
  return PRONOUNS.has(word) || INDEFINITE.test(word);
}

function isParticiple(word: string): boolean {
  return PARTICIPLES.has(word) || (word.length > 3 && word.endsWith('ed'));
}

/** Returns true if a word can be a verb in the third person: "works". */
function isThirdPerson(word: string): boolean {
  return word.length > 2 && word.endsWith('s') && !word.endsWith('ss') && !word.endsWith('us');
}

/** Returns the base form of a verb in the third person: "works" is "work". */
function baseOf(verb: string): string {
  if (/[^aeiou]ies$/.test(verb)) return verb.replace(/ies$/, 'y');
  return verb.replace(/(?<=sh|ch|ss|x|z|o)es$|s$/, '');
}

/** The words of a sentence, in their own case and in lower case. */
interface Words {
  own: readonly string[];
  low: readonly string[];
}

function wordsOf(text: string): Words {
  const own = text.split(/\s+/).filter(Boolean);
  return { own, low: own.map((word) => trimEndOf(word.toLowerCase(), '.,;:!?')) };
}

/** Returns the index of the first word from `start` on that is no adverb. */
function behindAdverbs({ low }: Words, start: number): number {
  let at = start;
  while (ADVERBS.has(low[at] ?? '')) at += 1;
  return at;
}

/** Returns a question that begins with the word at `verb`; `subject` words stand before it. */
function inverted({ own }: Words, subject: number, verb: number): string {
  const before = own.slice(0, subject);
  const adverbs = own.slice(subject, verb);
  return [own[verb], ...before, ...adverbs, ...own.slice(verb + 1)].join(' ');
}

/** Returns true if the word at `verb` comes before the subject of a question: "is", "can", "have" with a participle. */
function isMovable(words: Words, verb: number): boolean {
  const word = words.low[verb] ?? '';
  if (MODALS.has(word) || FORMS_OF_BE.has(word)) return true;
  return FORMS_OF_HAVE.has(word) && isParticiple(words.low[behindAdverbs(words, verb + 1)] ?? '');
}

/** Base forms that end like a past tense or a participle. */
const BASES = wordsIn('need feed bleed proceed succeed exceed speed bring sing ring cling spring swing');

/** Returns true if a word behind "you" can be the base form of a verb. */
function isBase(word: string): boolean {
  return /^[a-z]+$/.test(word) && (BASES.has(word) || !/(?:ed|ing)$/.test(word));
}

/** Returns the question of a statement whose subject is a pronoun; null when its verb is not known. */
function ofPronoun(words: Words): string | null {
  const { own, low } = words;
  const verb = behindAdverbs(words, 1);
  const word = low[verb] ?? '';
  if (isMovable(words, verb)) return inverted(words, 1, verb);
  const [subject = ''] = low;
  const rest = [...own.slice(0, verb), ...own.slice(verb + 1)];
  if (PLURAL.has(subject))
    return isBase(word) ? ['do', ...own.slice(0, verb), word, ...own.slice(verb + 1)].join(' ') : null;
  if (word === 'has') return ['does', ...rest.slice(0, verb), 'have', ...rest.slice(verb)].join(' ');
  if (!isThirdPerson(word) || subject === 'there') return null;
  return ['does', ...rest.slice(0, verb), baseOf(word), ...rest.slice(verb)].join(' ');
}

/** Returns the question of a statement whose subject begins with an article or the like; null when no verb is known. */
function ofNoun(words: Words): string | null {
  for (let verb = 1; verb <= MAX_SUBJECT_WORDS && verb < words.low.length; verb += 1) {
    if (isMovable(words, verb)) return verb === 1 ? null : inverted(words, verb, verb);
    if (CLAUSE_WORDS.has(words.low[verb] ?? '')) return null;
  }
  return null;
}

/** Another clause behind the first one: "the tips are brown, or there are insects", "the taxi is and where it goes". */
const FURTHER_CLAUSE =
  /(?:,|\b(?:and|or|but)) (?:\w+ ){0,3}?(?:is|are|was|were|can|will|has|have)\b|\b(?:and|or) (?:\w+ )?(?:how|what|when|where|who|why)\b/i;

/** Returns a statement as a question, without a sign at its end: "you can swim" is "can you swim". */
function asked(statement: string): string | null {
  if (FURTHER_CLAUSE.test(statement)) return null;
  const words = wordsOf(statement);
  const [first = '', second = ''] = words.low;
  const isSubject = isPronoun(first) && !(DETERMINERS.has(first) && !isVerbal(words, 1));
  if (isSubject && second !== '') return ofPronoun(words);
  return DETERMINERS.has(first) ? ofNoun(words) : null;
}

/** Returns true if the word at an index is a verb, as far as its form tells: "this works", but "this table". */
function isVerbal(words: Words, index: number): boolean {
  const at = behindAdverbs(words, index);
  const word = words.low[at] ?? '';
  if (MODALS.has(word) || FORMS_OF_BE.has(word) || FORMS_OF_HAVE.has(word)) return true;
  return isThirdPerson(word);
}

function asQuestion(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}?`;
}

/** Returns the question of what stands behind "whether": "it hurts" is "Does it hurt?"; null when its verb is not known. */
export function questionWhether(statement: string): string | null {
  const found = asked(statement);
  return found === null ? null : asQuestion(found);
}

const QUESTION_WORD =
  /^(?:(?:for|at|on|under|to|in|from|by|of|with|until|since) )?(?:how|what|which|when|where|who|whom|whose|why)$/i;

/** The most words of a question without a statement: "which day", "until when". */
const MAX_SHORT_WORDS = 3;

/** Returns the index of the word at which the statement behind the words of a question begins; -1 when there is none. */
function statementStart({ low }: Words): number {
  const first = PREPOSITIONS.has(low[0] ?? '') ? 1 : 0;
  for (let at = first + 1; at < low.length && at <= first + MAX_SUBJECT_WORDS; at += 1) {
    const word = low[at] ?? '';
    const isBehindPreposition = PREPOSITIONS.has(low[at - 1] ?? '');
    if (word === 'to' && QUESTION_WORD.test(low[at + 1] ?? '')) continue;
    if (word === 'to' || MODALS.has(word) || FORMS_OF_BE.has(word) || FORMS_OF_HAVE.has(word)) return at;
    if (!isBehindPreposition && (isPronoun(word) || DETERMINERS.has(word))) return at;
  }
  return -1;
}

/**
 * Returns the question of words that begin with a question word: "which name the booking should be under" is "Which name
 * should the booking be under?"; null when its parts are not known.
 */
export function questionOfWords(text: string): string | null {
  const words = wordsOf(text);
  const [first = '', second = ''] = words.low;
  if (!QUESTION_WORD.test(first) && !QUESTION_WORD.test(`${first} ${second}`)) return null;
  const start = statementStart(words);
  if (start === -1) return words.own.length <= MAX_SHORT_WORDS ? asQuestion(text.trim()) : null;
  const word = words.low[start] ?? '';
  const lead = words.own.slice(0, start).join(' ');
  const rest = words.own.slice(start).join(' ');
  if (word === 'to') return asQuestion(`${lead} should I ${words.own.slice(start + 1).join(' ')}`);
  // The question word is the subject: "how many people will play".
  if (!isPronoun(word) && !DETERMINERS.has(word)) return asQuestion(`${lead} ${rest}`);
  const found = asked(rest);
  return found === null ? null : asQuestion(`${lead} ${found}`);
}
