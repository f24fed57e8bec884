/** A choice in a sentence of the model about its choice: "So I choose action 1.", "Ich wähle Aktion 1." Pure. */
import { kindNamed, KIND_WORDS, plainWord } from './choice-words.ts';
import { MAX_CONTROL_LENGTH } from './control-line.ts';
import type { WrittenChoice } from './options.ts';

/** Verbs by which a sentence of deliberation announces a choice. */
const ANNOUNCED =
  /(?:\b(?:choose|select|pick|take|taking|choosing|selecting|perform|with|is|so|therefore|thus|hence)|→|->|=>|[.!;:]) (?:the )?(action|exit) (?:is )?#?(\d{1,4})\b/i;

/** Words of a model that speaks of itself or of its choice: "Please take exit 1" is said to the user. */
const OWN_WORDS = /\b(?:I|we|let me|let['’]s|choice|answer|decision|best|option|therefore|the user)\b/i;

/** An order to the user, such as the way to a place. */
const ORDERING = /^(?:please|take|use|turn|leave|follow|for)\b/i;

/** Returns the choice that a sentence of deliberation announces: "So I choose action 1."; null when there is none. */
export function announcedChoice(line: string): WrittenChoice | null {
  const begin = line.slice(0, MAX_CONTROL_LENGTH);
  const [, kind = '', value = ''] = ANNOUNCED.exec(begin) ?? [];
  return value === '' || !OWN_WORDS.test(begin) || ORDERING.test(begin.trimStart())
    ? null
    : { kind: kindNamed(kind), value };
}

/** A choice as an order, and nothing else: "Take exit 0", "choose_exit(0)". */
const ORDER =
  /^(?:take|taking|choose|choosing|select|selecting|pick|perform)[\s_](action|exit)[\s_]?[(#]?(\d{1,4})\)?\.?$/i;

/** Returns the choice that a line orders; null for any other line. */
export function orderedChoice(line: string): WrittenChoice | null {
  const [, kind = '', value = ''] = ORDER.exec(line.trim().slice(0, MAX_CONTROL_LENGTH)) ?? [];
  return value === '' ? null : { kind: kindNamed(kind), value };
}

/** The longest sentence about a choice, in UTF-16 units. */
const MAX_SENTENCE_LENGTH = 160;
/** A word with a number behind it. */
const NUMBERED =
  /(?<![\p{L}\p{M}])([\p{L}\p{M}]{1,40})[\s:#]{0,3}(\p{Nd}{1,4})(?![\p{Nd}a-z%°]|[.,:]\p{Nd})/giu;
const CHOOSING =
  /\b(?:choos(?:e|ing)|chose|select(?:ed|ing)?|pick(?:ed|ing)?|perform(?:ing)?|(?:go|going) with|taking|choice|answer|decision|fits?|best)\b/i;
const OWN_TAKING = /^(?:so[, ]+|okay[, ]+)?I(?:['’](?:ll|m|d)| will| am| would| should)? (?:take|taking)\b/i;
/** Verbs of choosing of other languages, in the form in which one speaks of oneself, and characters that stand for them. */
const CHOOSING_WORDS: ReadonlySet<string> = new Set(
  'wähle nehme elijo escojo selecciono choisis sélectionne scelgo seleziono escolho seleciono kies wybieram выбираю обираю вибираю seçiyorum väljer vælger velger valitsen vybírám volím választom aleg επιλέγω אבחר בוחר أختار memilih pilih chọn'.split(
    ' ',
  ),
);
/** Articles in front of the word of a choice. */
const ARTICLES: ReadonlySet<string> = new Set('the an option die la l el a de'.split(' '));
const NAMED: readonly string[] = [...KIND_WORDS, ...ARTICLES];
const CHOOSING_SIGNS = /选择|選擇|選択|選び|선택/;

/** Returns the kind that a word is, or ends in where a script has no spaces. */
function kindAtEnd(word: string): WrittenChoice['kind'] {
  const kind = kindNamed(word);
  if (kind !== null || !/[\p{sc=Han}\p{sc=Katakana}\p{sc=Hangul}]/u.test(word)) return kind;
  const end = KIND_WORDS.find((known) => word.endsWith(known));
  return end === undefined ? null : kindNamed(end);
}

/** Tells whether a sentence is about the model's own choice. */
function isAboutChoosing(sentence: string): boolean {
  if (ORDERING.test(sentence)) return false;
  if (OWN_TAKING.test(sentence) || (CHOOSING.test(sentence) && OWN_WORDS.test(sentence))) return true;
  if (CHOOSING_SIGNS.test(sentence)) return true;
  return (sentence.match(/[\p{L}\p{M}]{1,40}/gu) ?? []).some((word) => CHOOSING_WORDS.has(plainWord(word)));
}

/** Returns the one choice of which a line speaks as the model's own; null for any other line. */
export function ownChoice(line: string): WrittenChoice | null {
  const sentence = line.trim();
  if (sentence.length > MAX_SENTENCE_LENGTH || !isAboutChoosing(sentence)) return null;
  const named = [...sentence.matchAll(NUMBERED)].flatMap(([, word = '', value = '']) => {
    const kind = kindAtEnd(word);
    return kind === null ? [] : [{ kind, value }];
  });
  const [first = null, ...others] = named;
  const isOne = others.every(({ kind, value }) => kind === first?.kind && value === first.value);
  return isOne ? first : null;
}

/** The begin of a sentence in which the model says what it does. */
const OPENINGS: readonly string[] = [
  ...['choose', 'select', 'pick', 'perform', 'take', 'go with'].flatMap((verb) =>
    ['i', "i'll", 'i will', 'i would', "i'd", 'let me', 'so i', "so i'll"].map((who) => `${who} ${verb} `),
  ),
  ...[
    'the answer is ',
    'my answer is ',
    'so the answer is ',
    'i chose ',
    'i selected ',
    'ich wähle ',
    'ich nehme ',
    'je choisis ',
  ],
  ...[
    '我选择',
    '我選擇',
    '選択は',
    'elijo ',
    'escojo ',
    'selecciono ',
    'scelgo ',
    'eu escolho ',
    'escolho ',
    'ik kies ',
    'wybieram ',
    'я выбираю ',
    'выбираю ',
  ],
];
const MAX_OPENING_LENGTH = 48;

/** Tells whether an unfinished line may turn out to be a sentence in which the model says what it chose. */
export function mayBeOwnChoice(line: string): boolean {
  if (line.length > MAX_SENTENCE_LENGTH) return false;
  const lower = line.trimStart().toLowerCase().replaceAll('’', "'");
  const opening = OPENINGS.find((known) => lower.startsWith(known));
  if (opening === undefined) return OPENINGS.some((known) => known.startsWith(lower));
  // A number follows soon, behind the word that it belongs to.
  const begun = lower.slice(opening.length);
  return (
    /\p{Nd}/u.test(begun.slice(0, MAX_OPENING_LENGTH)) ||
    (begun.length < MAX_OPENING_LENGTH && mayName(begun))
  );
}

/** Tells whether a text goes on to the word of a choice: "the act", "l'action ". */
function mayName(text: string): boolean {
  const words = text.split(/[\s'#:]+/);
  return words.every((word, index) => {
    if (index > 2 || word === '') return index <= 3;
    const isLast = index === words.length - 1;
    return (
      ARTICLES.has(word) ||
      kindNamed(word) !== null ||
      (isLast && NAMED.some((name) => name.startsWith(word)))
    );
  });
}
