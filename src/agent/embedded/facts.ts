/**
 * Facts in what a user says: a day and time, a number, an address, what something is about. With them the agent does
 * not ask for what it has been told, takes nothing else for an answer, and reads back the fact and not the sentence.
 */
import { cut, cutStart } from '../../text.ts';
import { stemsOf } from './words.ts';

const HOUR = '(?:\\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
const DAY =
  '(?:(?:mon|tue|we[dn]|th[ur]|fri|sat|sun)[a-z]{0,6}da?ys?|mon|tues?|weds?|thurs?|thu|fri|sat(?= (?:at|morning|afternoon|\\d)))';
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|march|april|june|july|aug(?:ust)?|sept(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
/** The words that make a phrase one of time. */
const TIME =
  `(?:${DAY}|today|tom+or+ow|tmrw|tonight|week(?:end|day)s?|(?:next|this|the following) (?:week|month)|` +
  `morn(?:ing|ng|in)?s?|aft?erno+ns?|evenings?|noon|midday|lunch ?time|${MONTH}|\\d{1,2}[:.]\\d{2}(?: ?[ap]\\.?m\\b)?|\\d{1,2} ?[ap]\\.?m\\b|` +
  `(?:half past|quarter past|quarter to) ${HOUR}|${HOUR} o['’ ]?clock|\\d{1,2}(?:st|nd|rd|th)|as soon as possible|asap|any ?time)`;
/** The words that lead up to them or join them. */
const LINK =
  '(?:the|of|in|on|at|next|this|after|before|around|about|any|any day|every|early|late|later|first thing|first|last|' +
  'from|between|until|till|to|or|and|half past|quarter past|quarter to|past|week|a|-)';

/** More words than these between two words of time make no phrase; without a bound "the the the …" takes time squared. */
const LINKS = `(?:${LINK} ){0,6}`;

const TIME_PHRASE = new RegExp(
  `\\b${LINKS}(?:${HOUR} )?${TIME}\\b(?:(?:, ?| )${LINKS}(?:${TIME}|${HOUR})\\b)*`,
  'gi',
);
/** The time that a user does not mean: "instead of Monday", "not on Friday", "since Sunday". */
const REJECTED_TIME = new RegExp(
  "\\b(?:instead of|rather than|except(?: for)?|not|isn't|(?:can't|cannot|can not) (?:do|make)(?: it)?|since|started|began|" +
    `last) ${LINKS}${TIME}\\b`,
  'gi',
);
const GREETING = /\bgood (?:morning|afternoon|evening)\b/gi;
/** What else is said when one is asked for a time. */
const TIME_HINT = new RegExp(
  `\\b(?:${HOUR}|whenever|soon|sooner|soonest|earliest|early|late|later|latest|any|flexible|anything|after|before|weeks?|months?|days?|hours?|lunch|work|school|mind|fine|easy)\\b`,
  'i',
);

const PHONE_PHRASE = /\+?\d[\d\s().-]{4,}\d/g;
const NUMBER_PHRASE =
  /\b(?:\d+|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|a couple|a few|both|half)\b/gi;
/** What cannot be inside an email address. */
const EMAIL_GAP = /[\s<>,;]+/;
/** The longest local part and domain (RFC 5321, section 4.5.3.1). */
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;
/** "about my bicycle", "because I have a guest", up to the end of the clause. */
const MATTER_PHRASE =
  /\b(?:about|regarding|concerning|because(?: of)?|for|of) ((?:my|our|his|her|their|a|an|the|some|i|i've|i'm)\b[^.,;!?\n]*)/gi;

/** How long something has lasted is not what it is about. */
const DURATION =
  /^(?:a|an|the|some|the last|the past)?\s*(?:few |couple of |last |past )*(?:minute|hour|day|week|month|year|while|moment|long|time)s?\b/i;

interface Fact {
  /** How an instruction or a bracket of the graph speaks of it. */
  named: RegExp;
  /** The last one in a text: who corrects themselves does so at the end. */
  find: (text: string) => string | null;
  /** Whether a text can be an answer to the question for it. */
  answeredBy: (text: string) => boolean;
}

function last(pattern: RegExp, text: string): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[0].trim() ?? null;
}

/** The email address in a text without gaps: what stands around its last `@` with a domain behind it. */
function emailIn(word: string): string | null {
  const parts = word.split('@');
  for (let index = parts.length - 1; index > 0; index -= 1) {
    const local = cutStart(parts[index - 1] ?? '', MAX_LOCAL_LENGTH);
    const domain = /^.+\.[a-z]{2,}/i.exec(cut(parts[index] ?? '', MAX_DOMAIN_LENGTH));
    if (local !== '' && domain !== null) return `${local}@${domain[0]}`;
  }
  return null;
}

function findEmail(text: string): string | null {
  return (
    text
      .split(EMAIL_GAP)
      .map(emailIn)
      .findLast((email) => email !== null) ?? null
  );
}

function findTime(text: string): string | null {
  const phrase = last(TIME_PHRASE, text.replaceAll(GREETING, ' ').replaceAll(REJECTED_TIME, ' '));
  return phrase?.replace(/^(?:(?:or|and|to|in|on|at|of|about|until|till|a|-) )+(?=\S)/i, '') ?? null;
}

/** Words that end a clause and belong to no matter. */
const TRAILING_WORDS = new Set('please thanks on at for in and or this next the my a an some'.split(' '));

/** A clause without the words at its end that say nothing. Its first word stays. */
function withoutTrailingWords(clause: string): string {
  const words = clause.trim().split(/\s+/);
  for (;;) {
    const [before = '', last = ''] = words.slice(-2).map((word) => word.toLowerCase());
    const trailing = TRAILING_WORDS.has(last) ? 1 : before === 'thank' && last === 'you' ? 2 : 0;
    if (trailing === 0 || words.length <= trailing) return words.join(' ');
    words.length -= trailing;
  }
}

function findMatter(text: string): string | null {
  const clauses = [...text.matchAll(MATTER_PHRASE)].map((match) => match[1] ?? '');
  const matters = clauses.map((clause) => {
    const [before = ''] = clause.replaceAll(TIME_PHRASE, '\n').split('\n', 1);
    return withoutTrailingWords(before);
  });
  return matters.findLast((matter) => stemsOf(matter).length > 0 && !DURATION.test(matter)) ?? null;
}

export function holdsTime(text: string): boolean {
  return findTime(text) !== null;
}

export function holdsPhoneNumber(text: string): boolean {
  return last(PHONE_PHRASE, text) !== null;
}

export function holdsEmail(text: string): boolean {
  return findEmail(text) !== null;
}

const FACTS: readonly Fact[] = [
  {
    named: /\b(?:days?|times?|dates?|when)\b/i,
    find: findTime,
    answeredBy: (text) => holdsTime(text) || TIME_HINT.test(text),
  },
  {
    named: /\b(?:phone|telephone|mobile)\b/i,
    find: (text) => last(PHONE_PHRASE, text),
    answeredBy: holdsPhoneNumber,
  },
  {
    named: /(?<!phone )(?<!mobile )\bnumbers?\b|\bhow (?:many|much)\b/i,
    find: (text) => last(NUMBER_PHRASE, text),
    answeredBy: (text) => last(NUMBER_PHRASE, text) !== null,
  },
  { named: /\be-?mail\b/i, find: findEmail, answeredBy: holdsEmail },
  {
    named: /\b(?:reason|matter|purpose|what (?:\w+ ){1,4}(?:for|about))\b/i,
    find: findMatter,
    answeredBy: () => true,
  },
];

function withoutQuotes(text: string): string {
  return text.replaceAll(/"[^"]*"|“[^“”]*”/g, ' ');
}

function factsNamedIn(text: string): readonly Fact[] {
  return FACTS.filter(({ named }) => named.test(withoutQuotes(text)));
}

/**
 * The fact that the text of a bracket names, as it stands in what a user said. `null` when it is not there. `answered`
 * tells that the whole text was said in answer to the question for it: then no clause tells the matter better.
 */
export function findNamedFact(slot: string, said: string, answered: boolean): string | null {
  for (const { find } of factsNamedIn(slot)) {
    const phrase = answered && find === findMatter ? null : find(said);
    if (phrase !== null) return phrase;
  }
  return null;
}

/**
 * Whether an action asks for facts that were all said already. What merely repeats the words of the question is no
 * fact: "for an appointment" does not tell what the appointment is for.
 */
export function isAskedInVain(action: string, said: string): boolean {
  const asked = /\bask\b.*/is.exec(withoutQuotes(action))?.[0] ?? '';
  const facts = factsNamedIn(asked);
  const question = new Set(stemsOf(action));
  const told = ({ find }: Fact) => {
    const phrase = find(said);
    if (phrase === null) return false;
    return find !== findMatter || stemsOf(phrase).some((stem) => !question.has(stem));
  };
  return facts.length > 0 && facts.every(told);
}

/** Whether a text can be the answer that an exit waits for, so far as the exit names a fact. */
export function canAnswer(exitDescription: string, said: string): boolean {
  const facts = factsNamedIn(exitDescription);
  return facts.every(({ answeredBy }) => answeredBy(said));
}
