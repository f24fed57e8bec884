/** Days and times in what a user says. English. */

export const HOUR = '(?:\\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const MINUTES =
  'oh five|five|ten|fifteen|twenty(?:[- ]five)?|thirty(?:[- ]five)?|forty(?:[- ]five)?|fifty(?:[- ]five)?';
const DAY =
  '(?:(?:mon|tue|we[dn]|th[ur]|fri|sat|sun)[a-z]{0,6}da?ys?|mon|tues?|weds?|thurs?|thu|fri|sat(?= (?:at|morning|afternoon|\\d)))';
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|march|april|june|july|aug(?:ust)?|sept(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
/** Words behind a number that is no hour: "after two days", "about four people". */
const COUNTED =
  '(?:people|persons|of|guests|euros?|dollars?|minutes?|hours?|days?|nights?|weeks?|months?|years?|times)';
const PART_OF_DAY = '(?:morn(?:ing|ng|in)?s?|aft?erno+ns?|evenings?|nights?)';
const CLOCK =
  `(?:\\d{1,2}[:.]\\d{2}(?: ?[ap]\\.?m\\b)?|\\d{1,2} ?h(?:\\d{2})?\\b|${HOUR} (?:${MINUTES})(?! ${COUNTED}\\b)|\\d{1,2} ?[ap]\\.?m\\b|(?:half past|(?:a )?quarter past|(?:a )?quarter to) ${HOUR}|` +
  `${HOUR} o['’ ]?clock|noon|midday|midnight|lunch ?time|${HOUR}(?: o['’ ]?clock)? (?:in the|at|tomorrow|this|${DAY}) ?${PART_OF_DAY})`;
/** The words that make a phrase one of time. */
const TIME =
  `(?:(?:\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${MONTH}|may)|(?:${MONTH}|may) \\d{1,2}(?:st|nd|rd|th)?)\\b|${CLOCK}|${DAY}|(?:the )?day after tom+or+ow|today|tom+or+ow|tmrw|tonight|week(?:end|day)s?|(?:next|this|the following) (?:week|month)|` +
  `${PART_OF_DAY.replace('|nights?', '')}|${MONTH}|\\d{1,2}(?:st|nd|rd|th)|as soon as possible|asap|any ?time)`;
/** The words that lead up to them or join them. */
const LINK =
  '(?:the|of|in|on|at|next|this|after|before|around|about|any|any day|every|early|late|later|first thing|first|last|' +
  'from|between|until|till|to|or|and|half past|quarter past|quarter to|past|week|a|-)';

/**
 * At most six linking words before a word of time. Without a limit, matching "the the the …" takes quadratic time.
 */
const LINKS = `(?:${LINK} ){0,6}`;

const TIME_PHRASE = new RegExp(
  `\\b${LINKS}(?:${HOUR} (?:on )?)?${TIME}\\b(?:(?:, ?| )${LINKS}(?:${TIME}|${HOUR})\\b)*`,
  'gi',
);
/** The time that a user does not mean: "instead of Monday", "not on Friday", "since Sunday". */
const REJECTED_TIME = new RegExp(
  "\\b(?:instead of|rather than|except(?: for)?|not(?! that)|isn't|(?:can't|cannot|can not) (?:do|make)(?: it)?|since|started|began|" +
    `last) ${LINKS}(?:${TIME}|may)\\b`,
  'gi',
);
const GREETING = /\bgood (?:morning|afternoon|evening|day)\b/gi;
const DAY_ONLY = new RegExp(
  `\\b(?:(?:next|this|the) )?(?:${DAY}|day after tom+or+ow|today|tom+or+ow|tmrw|tonight|(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? (?:${MONTH}|may)(?:,? \\d{4})?|` +
    `(?:${MONTH}|may) \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?|(?:the )?\\d{1,2}(?:st|nd|rd|th)|\\d{1,2}[./-]\\d{1,2}[./-](?:\\d{4}|\\d{2})?|` +
    'week(?:end|day)s?|(?:next|this|the following) (?:week|month)|any ?day)\\b',
  'gi',
);
const CLOCK_ONLY = new RegExp(
  `\\b(?:${CLOCK}|(?:at|around|about|by|after|before|from) ${HOUR}(?! (?:${MINUTES}|${COUNTED}))|${PART_OF_DAY})(?: (?:in the|at) ${PART_OF_DAY})?\\b`,
  'gi',
);

// "Friday the 12th" is one day.
const DAYS = new RegExp(`(?:${DAY_ONLY.source})(?:,? (?:the |on )?(?:${DAY_ONLY.source}))*`, 'gi');

function withoutRejected(text: string): string {
  return text.replaceAll(GREETING, ' ').replaceAll(REJECTED_TIME, ' ');
}

/** Returns the last phrase of day and time in a text, because a correction comes last. */
export function findTime(text: string): string | null {
  const phrase = [...withoutRejected(text).matchAll(TIME_PHRASE)].at(-1)?.[0].trim() ?? null;
  return phrase?.replace(/^(?:(?:or|and|to|in|on|at|of|about|until|till|a|-) )+(?=\S)/i, '') ?? null;
}

/** The day in a text, without the time of the day. */
export function findDay(text: string): string | null {
  return [...withoutRejected(text).matchAll(DAYS)].at(-1)?.[0].trim() ?? null;
}

/** The time of the day in a text, without the day. */
export function findClock(text: string): string | null {
  const phrase = [...withoutRejected(text).matchAll(CLOCK_ONLY)].at(-1)?.[0].trim() ?? null;
  return phrase?.replace(/^(?:at|about) /i, '') ?? null;
}

/** Days that are no single one: "next week", "weekdays", "any day". */
const SPAN = /week|month|any/i;

/** Returns true for a single day that is named without a time of the day: the time that was told before may belong to it. */
export function isDayAlone(text: string): boolean {
  const day = findDay(text);
  return day !== null && !SPAN.test(day) && findClock(text) === null;
}

/** A text without its days and times. */
export function withoutTimes(text: string): string {
  return text.replaceAll(CLOCK_ONLY, ' ; ').replaceAll(DAY_ONLY, ' ; ').replaceAll(TIME_PHRASE, ' ; ');
}

export function cutAtTime(text: string): string {
  return text.replaceAll(TIME_PHRASE, '\n').split('\n', 1)[0] ?? '';
}

/** Other words that can answer the question for a time: "soon", "any", "flexible". */
const TIME_HINT = new RegExp(
  `\\b(?:${HOUR}|whenever|now|immediately|minutes?|soon|sooner|soonest|earliest|early|late|later|latest|any(?! ?more| other)|flexible|after(?! all)|before|weeks?|months?|days?|hours?|lunch|work|school|mind|fine|easy)\\b`,
  'i',
);

export function holdsTime(text: string): boolean {
  return findTime(text) !== null;
}

/** Words for a time without a day: "as soon as possible", "the sooner the better". */
const VAGUE =
  /\b(?:as (?:soon|early|late|long|quickly|fast) as (?:possible|you can|i can)|asap|the (?:sooner|earlier|later|longer) the better|(?:very |pretty )?soon|sooner|soonest|earliest|latest)\b/gi;

const HALF_OF_DAY = /\b(?:mornings?|after ?noons?|evenings?|night ?time|midday)\b/gi;

/** The half of the day that a text names last: "in the afternoon". */
export function findHalfOfDay(text: string): string | null {
  return [...withoutRejected(text).matchAll(HALF_OF_DAY)].at(-1)?.[0] ?? null;
}

const TIMES =
  '(?:once|twice|thrice|(?:\\d{1,2}|one|two|three|four|five|six|seven|a couple of|several|a few) times)';
const OFTEN = new RegExp(
  `\\b(?:${TIMES}(?: (?:a|per|every|each) (?:day|week|month|year))?|(?:every|each) (?:other |second )?(?:day|week|month|year|night|morning)|daily|weekly|monthly)\\b`,
  'gi',
);

/** The words of a text for how often something takes place: "twice a week". */
export function findFrequency(text: string): string | null {
  return [...text.matchAll(OFTEN)].at(-1)?.[0] ?? null;
}

/** Returns true if a text names no day or time besides vague words. */
export function isVague(text: string): boolean {
  return text.search(VAGUE) !== -1 && !hintsAtTime(text.replaceAll(VAGUE, ' '));
}

/** Returns true if a text names a time, and not in vague words only. */
export function namesTime(text: string): boolean {
  return holdsTime(text) && !isVague(text);
}

export function hintsAtTime(text: string): boolean {
  return holdsTime(text) || TIME_HINT.test(text);
}

const ORDINAL =
  '(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[- ]\\w{4,7}|thirtieth|thirty[- ]first)';
const DAY_NUMBER = `(?:\\d{1,2}(?:st|nd|rd|th)?|${ORDINAL})`;
const YEAR = '(?:\\d{4}|(?:nineteen|twenty|two thousand)(?:[ -](?:and )?\\w{3,9}){1,2})';
const ANY_MONTH = MONTH.replace('(?:', '(?:may|');
const UP_TO_31 = '(?:0?[1-9]|[12]\\d|3[01])';
const MONTH_ONLY = new RegExp(
  `\\b(?:${MONTH}|may(?! (?:i|we|he|she|they|it|you|be|not|have)\\b)|(?:next|this|the following) month)\\b`,
  'gi',
);

/** The month that a text names last, without one that is ruled out. */
export function findMonth(text: string): string | null {
  return [...withoutRejected(text).matchAll(MONTH_ONLY)].at(-1)?.[0] ?? null;
}

/** A date with a day and a month, and usually a year. */
const DATE = new RegExp(
  `\\b(?:(?:the )?${DAY_NUMBER}(?: of)? ${ANY_MONTH}(?:,? ${YEAR})?|${ANY_MONTH} ${DAY_NUMBER}(?:,? ${YEAR})?|` +
    `\\d{4}-\\d{1,2}-\\d{1,2}|${UP_TO_31}[./-]${UP_TO_31}[./-]\\d{2,4}|${UP_TO_31} ${UP_TO_31} (?:19|20)\\d{2})\\b`,
  'gi',
);

/** A date of a calendar, such as a date of birth: it has at least a day and a month. */
export function findDate(text: string): string | null {
  return [...text.matchAll(DATE)].at(-1)?.[0].trim() ?? null;
}

const PAST =
  /\b(?:since|ago|last (?:week|month|year|night|time|mon|tues|wednes|thurs|fri|satur|sun)\w*|yesterday|was|were|had|did|\w{2,12}[^aeiou\W]ed)\b/i;

/** Returns true if a text tells of the past, so that its days are no wish. */
export function namesPast(text: string): boolean {
  return PAST.test(text);
}

const PAST_DAY = new RegExp(
  `\\b(?:(?:the day before )?yesterday(?: ${PART_OF_DAY})?|last (?:${DAY}|night|week(?:end)?|month)(?: ${PART_OF_DAY})?|` +
    `(?:an?|a few|a couple of|\\d{1,2}|${HOUR}) (?:days?|weeks?|months?) ago)\\b`,
  'gi',
);
/** The most words beside a day of the past in an answer that tells nothing else. */
const MAX_BESIDE = 4;

/**
 * Returns the day of the past that an answer consists of: "last Friday, I think". Null where the text tells more, so
 * that "I called yesterday" answers no question for a day to come.
 */
export function findPastDay(text: string): string | null {
  const day = [...text.matchAll(PAST_DAY)].at(-1)?.[0];
  if (day === undefined) return null;
  const beside = text.replace(day, ' ').match(/[\p{L}\d']+/gu) ?? [];
  return beside.length <= MAX_BESIDE ? day : null;
}

/** A text without dates that have a year, such as a date of birth. */
export function withoutDates(text: string): string {
  return text.replaceAll(DATE, (date) => (/\d{4}/.test(date) ? ' ' : date));
}
