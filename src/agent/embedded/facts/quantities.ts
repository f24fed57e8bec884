/** Limits that a question sets and that an answer keeps or passes: "more than ten minutes", "an hour". English. */
import { amountsIn, vagueAmountIn, type Amount } from './amounts.ts';

const DAY = 86_400;
/** Seconds since what a phrase names. */
const PAST: readonly [RegExp, number][] = [
  [/\byesterday\b/i, DAY],
  [/\b(?:last|since) week\b/i, 7 * DAY],
  [/\blast month\b/i, 30 * DAY],
  [/\blast (?:spring|summer|autumn|fall|winter|christmas)\b/i, 240 * DAY],
  [/\blast year\b/i, 365 * DAY],
  [/\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|the other day)\b/i, 4 * DAY],
  [/\b(?:never)\b/i, 36_500 * DAY],
  [/\b(?:just (?:now|started|began)|a moment ago)\b/i, 60],
  [/\b(?:this morning|today)\b/i, 1_800],
  [/\b(?:ages|forever|years ago|decades?)\b/i, 3_650 * DAY],
  [/\b(?:brand[- ]new|just bought)\b/i, DAY],
];
const MORE =
  /\b(?:more|longer|older|over|above|at least|higher|greater|farther|further|exceed\w*|reach(?:es|ed)?|or (?:more|over|higher|above|older))\b/i;
const LESS =
  /\b(?:less|fewer|shorter|younger|newer|under|below|at most|lower|within|up to|or (?:less|under|below))\b/i;
const NEGATED = /\b(?:not|never)\b|n['’]t\b/i;
const BARE_COMPARISON =
  /^\W*(?:(?:it|they|that|he|she|no|yes|yeah|was|were|is|are|s|a|definitely|probably|rather|some|i think) )*(?:(?:much|far|a lot|way|a bit|slightly|even) )?(longer|more|older|higher|over|less|fewer|shorter|younger|newer|lower|under)(?: than (?:that|this))?\W*(?:$|,)/i;
const NOT_THAT =
  /(?:\bnot|n['’]?t) (?:that|so|very|nearly that) (?:old|long|many|much|high|often|far|big)\b/i;

const THAN_USUAL =
  /\b(?:more|less|worse|louder|slower|hotter|longer|higher|lower|\w{3,8}er) (?:\w+ )?than (?:usual|normal|before|it used to|always)\b/i;
const AS_USUAL =
  /\b(?:same as|as (?:usual|always|before|ever)|like (?:always|before)|(?:is|are|seems?|looks?|sounds?|feels?) (?:(?:quite|perfectly|pretty) )?(?:normal|the same|fine|usual)|no (?:difference|change)|no (?:\w+er|more|less) than (?:usual|before|normal))\b/i;

/** Returns -1 if an answer tells that something is as usual; null otherwise. */
function comparedToUsual(answer: string): -1 | null {
  return AS_USUAL.test(answer) ? -1 : null;
}

/** The share by which "below 30" is less than 30. */
const A_LITTLE = 0.001;

/** Returns the amount that is meant: a little less for "below 30", a little more for "over 30". */
function shifted(value: number, answer: string): number {
  const direction = Number(STRICTLY_MORE.test(answer)) - Number(STRICTLY_LESS.test(answer));
  return value + direction * A_LITTLE * Math.max(1, Math.abs(value));
}

const STRICTLY_MORE = /\b(?:more than|longer than|older than|over|above|higher than|beyond)\b/i;
const STRICTLY_LESS =
  /\b(?:less than|fewer than|shorter than|younger than|newer than|under|below|lower than|not quite|almost|nearly)\b/i;

const BETWEEN = /\bbetween\b.{1,40}\band\b/i;

/** Returns 1 if an answer gives an amount within two limits, -1 if it gives another one, null if it gives none. */
function comparedToRange(
  [lower, upper]: readonly [Amount, Amount],
  answer: string,
  now: number | null,
): 1 | -1 | null {
  const said = amountSaid(upper, answer, now);
  if (said === undefined) return null;
  // In "between 1 and 2 bar" the first number has the unit of the second.
  const least =
    lower.unit === '' || lower.unit === upper.unit ? lower.value * (lower.unit === '' ? upper.per : 1) : null;
  if (least === null) return null;
  const meant = shifted(said, answer);
  return meant >= least && meant <= upper.value ? 1 : -1;
}

const RECENTLY = /\b(?:recent(?:ly)?|lately)\b/i;
/** The greatest time, in seconds, that is recent. */
const RECENT = 120 * DAY;
/** Words that tell of a time in the past, beside those of `PAST`. */
const SINCE = /\b(?:ago|since|last|been|for)\b/i;

/** Returns 1 if an answer tells of a time not long ago, -1 of one long ago, and null of none. */
function comparedToRecent(answer: string, now: number | null): 1 | -1 | null {
  const spoken = amountSaid({ value: RECENT, unit: 'time', per: 1 }, answer, now);
  const said = spoken !== undefined && (SINCE.test(answer) || YEAR.test(answer)) ? spoken : undefined;
  const past = said ?? PAST.find(([pattern]) => pattern.test(answer))?.[1];
  if (past === undefined) return YEARS.test(answer) ? -1 : null;
  return past <= RECENT ? 1 : -1;
}

const YEARS = /\b(?:years|a long (?:time|while)|so long|ages)\b/i;

/** Returns the amount in an answer to compare with a limit, in the limit's unit; undefined without one. */
function amountSaid(limit: Amount, answer: string, now: number | null): number | undefined {
  const amounts = amountsIn(answer);
  const same = amounts.find(({ unit }) => unit === limit.unit)?.value;
  if (same !== undefined) return same;
  const [only] = amounts;
  if (limit.unit === 'time') {
    const age = yearsSince(answer, now);
    if (age !== undefined || YEAR.test(answer)) return age;
  }
  const isBare = amounts.length === 1 && only !== undefined && only.unit === '' && isAlone(answer);
  return isBare ? only.value * limit.per : undefined;
}

const MAX_WORDS_BESIDE_NUMBER = 5;
/** The same for a number in digits, which never points at a thing as "one" does. */
const MAX_WORDS_BESIDE_DIGITS = 7;

/** Returns true if an answer has few words besides its number: "about a hundred". */
function isAlone(answer: string): boolean {
  return answer.split(/[,;.!?](?=\s)/).some((part) => {
    const most = /\d/.test(part) ? MAX_WORDS_BESIDE_DIGITS : MAX_WORDS_BESIDE_NUMBER;
    return amountsIn(part).length === 1 && part.split(/\s+/).length <= most;
  });
}

const YEAR = /\b(?:19[5-9]\d|20\d\d)\b/;

/** Returns the seconds since a year that an answer names: "the sticker says 2014". */
function yearsSince(answer: string, now: number | null): number | undefined {
  const year = YEAR.exec(answer)?.[0];
  if (year === undefined || now === null) return undefined;
  const years = new Date(now).getUTCFullYear() - Number(year);
  return years < 0 ? undefined : years * 365 * DAY;
}

/**
 * Compares an answer with the limit that a question sets. To "Is it more than ten minutes?", "an hour" is 1 and "two
 * minutes" is -1. Returns null when one of them names no amount, or their units differ. `now` is in milliseconds since
 * 1970; without it years have no age.
 */
export function comparisonOf(question: string, answer: string, now: number | null = null): 1 | -1 | null {
  if (THAN_USUAL.test(question)) return comparedToUsual(answer);
  if (RECENTLY.test(question)) return comparedToRecent(answer, now);
  const more = MORE.test(question);
  const isLimit = more !== LESS.test(question);
  // Most questions set no limit: their amounts need not be read.
  if (!isLimit && !BETWEEN.test(question)) return null;
  const [limit, upper] = amountsIn(question);
  if (limit !== undefined && upper !== undefined && BETWEEN.test(question))
    return comparedToRange([limit, upper], answer, now);
  if (limit === undefined || !isLimit) return null;
  if (NOT_THAT.test(answer)) return more ? -1 : 1;
  const bare = BARE_COMPARISON.exec(answer)?.[1]?.toLowerCase();
  if (bare !== undefined && !NEGATED.test(answer))
    return /longer|more|older|higher|over/.test(bare) === more ? 1 : -1;
  const said = amountSaid(limit, answer, now);
  const past = limit.unit === 'time' ? PAST.find(([pattern]) => pattern.test(answer))?.[1] : undefined;
  const value = said ?? past ?? vagueAmountIn(answer, limit.unit) ?? undefined;
  if (value === undefined) return null;
  const meant = said === undefined ? value : shifted(value, answer);
  const passes = more ? meant >= limit.value : meant <= limit.value;
  // "Not more than ten minutes" says the opposite of what its amount does; "no, two minutes" does not.
  return passes !== (said !== undefined && NEGATED.test(answer) && value === limit.value) ? 1 : -1;
}
