/** Amounts that a question sets a limit to, and that an answer keeps or passes: "more than ten minutes", "an hour". */
import { NUMBER_WORD, valueOfNumber } from './number-words.ts';

/** Seconds. */
const DURATIONS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  year: 31_536_000,
};

const UNIT =
  '(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|volts?|v|amps?|psi|bar|degrees?|percent|%|miles?|km|gb|mb|inch(?:es)?|cm|mm|litres?|liters?)';
const AMOUNT = new RegExp(
  `\\b(half an?|an?|a couple of|\\d+(?:[.,]\\d+)?|${NUMBER_WORD})(?: and a half| ?to ?\\d+| or \\w+)? ?(${UNIT})(?![a-z])`,
  'gi',
);
const PAST: readonly [RegExp, number][] = [
  [/\byesterday\b/i, 86_400],
  [/\b(?:last|since) week\b/i, 604_800],
  [/\blast month\b/i, 2_592_000],
  [/\blast year\b/i, 31_536_000],
  [/\b(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|the other day)\b/i, 345_600],
  [/\b(?:never)\b/i, 3_153_600_000],
  [/\b(?:this morning|today|just (?:now|started|began)|a moment ago)\b/i, 1_800],
  [/\b(?:ages|forever|for years|years ago|decades?)\b/i, 315_360_000],
  [/\b(?:brand[- ]new|just bought)\b/i, 86_400],
];
const MORE =
  /\b(?:more|longer|older|over|above|at least|higher|greater|farther|further|exceed\w*|or (?:more|over|higher|above|older))\b/i;
const LESS =
  /\b(?:less|fewer|shorter|younger|newer|under|below|at most|lower|within|up to|or (?:less|under|below))\b/i;
const NEGATED = /\b(?:not|never)\b/i;
const RELATIVE = /\b(?:(?:much|far|a lot|way) )?(longer|more|older|less|shorter|younger) than that\b/i;

const THAN_USUAL =
  /\b(?:more|less|worse|louder|slower|hotter|longer|higher|lower|\w{3,8}er) than (?:usual|normal|before|it used to|always)\b/i;
const AS_USUAL =
  /\b(?:same as|as (?:usual|always|before|ever)|like (?:always|before)|(?:is|are|seems|looks) (?:normal|the same)|no (?:difference|change))\b/i;

/** Returns -1 if an answer tells that something is as usual; null otherwise. */
function comparedToUsual(answer: string): -1 | null {
  return AS_USUAL.test(answer) ? -1 : null;
}

interface Amount {
  value: number;
  unit: string;
}

function amountsIn(text: string): Amount[] {
  const found = [...text.matchAll(AMOUNT)].flatMap(([, count = '', unit = '']) => {
    const base = unit
      .toLowerCase()
      .replace(/^min$|^mins$/, 'minute')
      .replace(/(?<=\w\w)s$/, '');
    const number = /^half an?$/i.test(count)
      ? 0.5
      : /^an?$/i.test(count)
        ? 1
        : valueOfNumber(count.replace(/ of$/, ''));
    if (number === null) return [];
    const seconds = DURATIONS[base];
    return [
      seconds === undefined
        ? { value: number, unit: base.charAt(0) }
        : { value: number * seconds, unit: 'time' },
    ];
  });
  return found;
}

/**
 * Compares an answer with the limit that a question sets. To "Is it more than ten minutes?", "an hour" is 1 and "two
 * minutes" is -1. Returns null when one of them names no amount, or their units differ.
 */
export function comparisonOf(question: string, answer: string): 1 | -1 | null {
  const [limit] = amountsIn(question);
  const more = MORE.test(question);
  if (limit === undefined && THAN_USUAL.test(question)) return comparedToUsual(answer);
  if (limit === undefined || more === LESS.test(question)) return null;
  const relative = RELATIVE.exec(answer)?.[1]?.toLowerCase();
  if (relative !== undefined) return /longer|more|older/.test(relative) === more ? 1 : -1;
  const said = amountsIn(answer).find(({ unit }) => unit === limit.unit)?.value;
  const past = limit.unit === 'time' ? PAST.find(([pattern]) => pattern.test(answer))?.[1] : undefined;
  const value = said ?? past;
  if (value === undefined) return null;
  const passes = more ? value >= limit.value : value <= limit.value;
  // "Not more than ten minutes" says the opposite of what its amount does; "no, two minutes" does not.
  return passes !== (said !== undefined && NEGATED.test(answer) && value === limit.value) ? 1 : -1;
}
