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
  /\b(?:more|longer|older|over|above|at least|higher|greater|farther|further|exceed\w*|or (?:more|over|higher|above|older))\b/i;
const LESS =
  /\b(?:less|fewer|shorter|younger|newer|under|below|at most|lower|within|up to|or (?:less|under|below))\b/i;
const NEGATED = /\b(?:not|never)\b/i;
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

/** Returns true if an answer has few words besides its number: "about a hundred". */
function isAlone(answer: string): boolean {
  return answer.split(/\s+/).length <= MAX_WORDS_BESIDE_NUMBER;
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
  const more = MORE.test(question);
  const [limit] = amountsIn(question);
  if (limit === undefined || more === LESS.test(question)) return null;
  if (NOT_THAT.test(answer)) return more ? -1 : 1;
  const bare = BARE_COMPARISON.exec(answer)?.[1]?.toLowerCase();
  if (bare !== undefined && !NEGATED.test(answer))
    return /longer|more|older|higher|over/.test(bare) === more ? 1 : -1;
  const said = amountSaid(limit, answer, now);
  const past = limit.unit === 'time' ? PAST.find(([pattern]) => pattern.test(answer))?.[1] : undefined;
  const value = said ?? past ?? vagueAmountIn(answer) ?? undefined;
  if (value === undefined) return null;
  const passes = more ? value >= limit.value : value <= limit.value;
  // "Not more than ten minutes" says the opposite of what its amount does; "no, two minutes" does not.
  return passes !== (said !== undefined && NEGATED.test(answer) && value === limit.value) ? 1 : -1;
}
