/** Amounts in what a user says: numbers with a unit, and words that stand for a small or a great number. English. */
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { NUMBER_WORD, valueOfNumber } from './number-words.ts';

/** Seconds. */
const DURATIONS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  night: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};
/** Units with several names. */
const ALIASES: Readonly<Record<string, string>> = {
  min: 'minute',
  sec: 'second',
  hr: 'hour',
  yr: 'year',
  gig: 'gb',
  gigabyte: 'gb',
  megabyte: 'mb',
  terabyte: 'tb',
  '%': 'percent',
  kilometre: 'km',
  kilometer: 'km',
  kilo: 'kg',
  volt: 'v',
  eur: 'euro',
  '€': 'euro',
  buck: 'dollar',
  $: 'dollar',
  quid: 'pound',
  grand: 'euro',
  people: 'person',
};

const COUNT = `half an?|an?|a couple(?: of)?|a few|several|\\d{1,9}(?:[.,]\\d{1,3})?|${NUMBER_WORD}`;
const HUNDREDS = `(?:(${COUNT}) )?(hundred|thousand|million)s?`;
const AMOUNT = new RegExp(
  `(?<![\\w.,])(?:${HUNDREDS}|(${COUNT}))(?![\\w])(?:(?: or | ?to | ?- ?)(?:\\d+|${NUMBER_WORD}))?[ -]?(\\p{L}{1,20}|[%€$])?`,
  'giu',
);
const SCALE: Readonly<Record<string, number>> = { hundred: 100, thousand: 1_000, million: 1_000_000 };
/** Plural durations without a number: "for years". */
const PLURAL = /\b(?:for|in|after) (seconds|minutes|hours|days|weeks|months|years)\b/i;
const SMALL_NUMBER = 3;

/** A number, and its unit in the singular. The unit of durations is "time", in seconds. "" stands for no unit. */
export interface Amount {
  value: number;
  unit: string;
  /** Value of one in the unit that was said: 60 for minutes, 1 without a duration. */
  per: number;
}

const IS_NUMBER = new RegExp(`^${NUMBER_WORD}$`, 'i');

/** Returns the unit that a word names, in the singular. */
function unitOf(word: string): string {
  const plain = word.toLowerCase();
  if (FUNCTION_WORDS.has(plain) || IS_NUMBER.test(plain)) return '';
  const single = plain.length > 2 ? plain.replace(/s$/, '') : plain;
  return ALIASES[plain] ?? ALIASES[single] ?? single;
}

function countOf(text: string): number | null {
  if (/^half/i.test(text)) return 0.5;
  if (/^an?$/i.test(text)) return 1;
  if (/^(?:a few|several)$/i.test(text)) return SMALL_NUMBER;
  return valueOfNumber(text.replace(/ of$/i, ''));
}

function withUnit(value: number, word: string): Amount {
  const unit = unitOf(word);
  const seconds = DURATIONS[unit];
  return seconds === undefined
    ? { value, unit, per: 1 }
    : { value: value * seconds, unit: 'time', per: seconds };
}

const DECIMAL = new RegExp(
  `\\b(?:(\\d{1,6}|zero|nought|${NUMBER_WORD}) )?point (\\d{1,3}|zero|oh|${NUMBER_WORD})\\b`,
  'gi',
);
const AND_A_HALF = new RegExp(`\\b(\\d{1,6}|${NUMBER_WORD}) and a half\\b`, 'gi');

/** Returns a text with the decimals that are said in words in digits: "zero point four" is 0.4, "one and a half" 1.5. */
function withDecimals(text: string): string {
  const digits = (word: string) => String(valueOfNumber(word) ?? 0);
  return text
    .replaceAll(
      DECIMAL,
      (_all, whole: string | undefined, part: string) => `${digits(whole ?? '0')}.${digits(part)}`,
    )
    .replaceAll(AND_A_HALF, (_all, whole: string) => `${digits(whole)}.5`);
}

/** Returns the amounts in a text, in their order. "Twice" and "two times" are two of "time(s)". */
export function amountsIn(text: string): Amount[] {
  const plain = withDecimals(text)
    .replaceAll(/\bonce\b/gi, '1 times')
    .replaceAll(/\btwice\b/gi, '2 times');
  const found = [...plain.matchAll(AMOUNT)].flatMap(([, hundreds, scale, count, word = '']) => {
    const number = countOf((scale === undefined ? count : (hundreds ?? 'a')) ?? '');
    if (number === null) return [];
    // "A" counts a duration, but "a shop" is no amount.
    if (scale === undefined && /^an?$/i.test(count ?? '') && DURATIONS[unitOf(word)] === undefined) return [];
    const value = number * (scale === undefined ? 1 : (SCALE[scale.toLowerCase()] ?? 1));
    return [unitOf(word) === 'time' ? { value, unit: 'times', per: 1 } : withUnit(value, word)];
  });
  const plural = PLURAL.exec(text)?.[1];
  return plural === undefined ? found : [...found, withUnit(SMALL_NUMBER, plural)];
}

const MANY =
  /\b(?:dozens|hundreds|thousands|loads|lots|tons|plenty|many|countless|masses|lost count|(?:way|far|much|a lot) (?:more|over|too (?:many|much))|too (?:many|much))\b/i;
const ALL_THE_TIME =
  /\b(?:all (?:the time|day|night|morning|week|year) ?(?:long)?|always|constantly|non-?stop)\b/i;
const HARDLY =
  /\b(?:hardly|barely|next to (?:none|nothing)|none|zero|not (?:many|much|a single)|a handful)\b/i;

/** Returns Infinity for words such as "plenty", a small number for "hardly any", null without such a word. */
export function vagueAmountIn(text: string, unit: string): number | null {
  if (HARDLY.test(text)) return 0;
  return MANY.test(text) || (unit === 'time' && ALL_THE_TIME.test(text)) ? Number.POSITIVE_INFINITY : null;
}
