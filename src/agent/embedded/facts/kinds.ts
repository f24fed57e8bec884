/** The kinds of facts that a graph asks for, how it names them, and how each is found in what a user says. */
import {
  findCode,
  findCodeInAnswer,
  findDomain,
  findLabel,
  findLabelInAnswer,
  findSpeltCode,
  findEmail,
  findLicencePlate,
  findLicencePlateInAnswer,
  findPhoneNumber,
  findPostcode,
} from './contacts.ts';
import { findComplaint, findMatter } from './matters.ts';
import {
  findFullName,
  findIntroducedFullName,
  findIntroducedName,
  findListedName,
  findName,
} from './names.ts';
import { findMeasure } from './measures.ts';
import { findPeople, PEOPLE_COUNTED } from './people.ts';
import { findMoney, findNumber, findNumberInAnswer } from './numbers.ts';
import { findAddress, findAddressInAnswer, findHouseNumber, findHouseNumberInAnswer } from './places.ts';
import { stemsOf } from '../words.ts';
import {
  findClock,
  findDate,
  findDay,
  findFrequency,
  findHalfOfDay,
  findMonth,
  findPastDay,
  findTime,
  namesTime,
  hintsAtTime,
  holdsTime,
  isVague,
  withoutDates,
  withoutTimes,
} from './times.ts';

export interface FactKind {
  name: string;
  /** Words by which a question, an exit or a bracket of the graph names the kind. */
  named: RegExp;
  /** Finds it in any message. The last one counts, because a correction comes last. */
  find: (text: string) => string | null;
  /** Finds it in the answer to the question for it. */
  findInAnswer: (text: string) => string | null;
  /** Returns true if a text can be an answer to the question for it. */
  answeredBy: (text: string) => boolean;
}

function kind(
  name: string,
  named: RegExp,
  find: FactKind['find'],
  more: Partial<Pick<FactKind, 'findInAnswer' | 'answeredBy'>> = {},
): FactKind {
  const findInAnswer = more.findInAnswer ?? find;
  return {
    name,
    named,
    find,
    findInAnswer,
    answeredBy: more.answeredBy ?? ((text) => findInAnswer(text) !== null),
  };
}

/** An answer that points at one of several: "the last one". */
const POINTING =
  /\bthe (?:\w+ )?(?:last|next|first|previous|current|latest|same|present|recent)(?: (?:one|bill|month))?\b/i;

/**
 * The kinds in the order in which their names are searched. Words that name an earlier kind no longer name a later
 * one.
 */
const KINDS: readonly FactKind[] = [
  kind('email', /\be-?mail(?:s| address(?:es)?)?\b/i, findEmail),
  kind('birth date', /\b(?:dates? of birth|birth ?da(?:te|y)s?)\b/i, findDate),
  kind(
    'code',
    /\b(?!(?:an?|the|this|that|their|your|my|his|her|its|our|which|what|any|no|some|another|other|new|old|right|wrong|correct|same|last|first|second|next|previous|total|exact|whole|full|certain|given|only|one|two|small|large|high|higher|low|lower|great|greater|of|in|on|for|with|and|or|by|is|was|to|phone|telephone|mobile|fax|house|street|flat|room|door|seat|table|floor|post|postal|zip|plate|licen[cs]e|registration|area|dress|qr|bar|e-?mail)\b)[a-z]{2,20} (?:numbers?|codes?|ids?|references?)\b(?! plate)/i,
    findCode,
    { findInAnswer: (text) => findCodeInAnswer(text) ?? findSpeltCode(text) ?? findLabelInAnswer(text) },
  ),
  kind(
    'phone',
    /\b(?:(?:phone|telephone|mobile)(?: numbers?)?|number .{0,20}\b(?:call|reach|ring|contact|text)\b)/i,
    findPhoneNumber,
  ),
  kind(
    'postcode',
    /\b(?:post ?codes?|postal codes?|zip(?: codes?)?)(?: or (?:the )?street)?\b/i,
    findPostcode,
    {
      findInAnswer: (text) => findPostcode(text) ?? findAddressInAnswer(text),
    },
  ),
  kind('address', /\b(?:address(?:es)?|streets?(?: and (?:the )?(?:house )?numbers?)?)\b/i, findAddress, {
    findInAnswer: findAddressInAnswer,
  }),
  kind('house number', /\bhouse ?numbers?\b|\bnumbers? of (?:the|their|your) house\b/i, findHouseNumber, {
    findInAnswer: findHouseNumberInAnswer,
  }),
  kind(
    'domain',
    /\b(?:domains?(?: names?)?|urls?|web ?(?:site )?address(?:es)?)\b(?: of (?:the|their|your) \w+)?/i,
    findDomain,
  ),
  kind(
    'label',
    /\b(?:numbers?|codes?)(?: or (?:the )?\w+)? of (?:the|their|your|his|her|a) (?!house\b)[a-z]{2,20}(?<!s)\b|\b(?:flat|room|door|seat|unit|apartment|locker) numbers?\b/i,
    findLabel,
    { findInAnswer: (text) => findSpeltCode(text) ?? findLabelInAnswer(text) ?? findNumberInAnswer(text) },
  ),
  kind(
    'licence plate',
    /\b(?:licen[cs]e|number|registration) ?plates?\b|\bregistration numbers?\b/i,
    findLicencePlate,
    { findInAnswer: findLicencePlateInAnswer },
  ),
  kind(
    'half of the day',
    /\b(?:halves|half|part|time) of (?:the )?day\b|\bmornings?,? or (?:in the |the )?(?:afternoons?|evenings?)\b/i,
    findHalfOfDay,
  ),
  kind('frequency', /\bhow often\b/i, findFrequency, {
    findInAnswer: (text) => findFrequency(text) ?? findNumberInAnswer(text),
  }),
  kind(
    'day and time',
    /\b(?:(?:days?|dates?) (?:and|or) (?:the |a |at what )?(?:new )?(?:day or )?times?|when|times? (?:and|or) (?:the )?(?:days?|dates?))\b/i,
    findTime,
    {
      answeredBy: hintsAtTime,
    },
  ),
  kind(
    'clock',
    /\b(?:at )?(?:what|which) time\b|\b(?:the|new|a|another|at) time\b|^time\b/i,
    (text) => findClock(text),
    {
      findInAnswer: (text) => findClock(text) ?? findNumber(text),
      answeredBy: (text) => findClock(text) !== null || hintsAtTime(text),
    },
  ),
  kind(
    'day',
    /\b(?<!\b(?:half an?|whole|full|entire|all|per|every|each|one|two|three) )(?:(?:week)?days?|dates?)\b/i,
    findDay,
    {
      findInAnswer: (text) => findPastDay(text) ?? findDay(text) ?? findTime(text),
      answeredBy: (text) => findPastDay(text) !== null || (hintsAtTime(text) && !isVague(text)),
    },
  ),
  kind('time', /\btimes?\b/i, findTime, { answeredBy: hintsAtTime }),
  kind('amount', /\b(?:amounts?|quantit(?:y|ies)|sums?)\b/i, findMoney, {
    findInAnswer: (text) => findMoney(text) ?? findMeasure(text) ?? findNumberInAnswer(text),
  }),
  kind('number', PEOPLE_COUNTED, findNumber, {
    findInAnswer: (text) => findPeople(text) ?? findNumberInAnswer(text),
  }),
  kind('number', /\bnumbers?\b|\bhow (?:many|much)\b/i, findNumber, { findInAnswer: findNumberInAnswer }),
  kind(
    'full name',
    /\bfull names?\b|\bfirst (?:name )?and (?:the |their |your )?(?:last|family|second) names?\b/i,
    findIntroducedFullName,
    {
      findInAnswer: findFullName,
    },
  ),
  kind('month', /\bmonths?\b/i, (text) => findMonth(withoutDates(text)), {
    findInAnswer: (text) => findMonth(text) ?? findTime(text),
    answeredBy: (text) => findMonth(text) !== null || namesTime(text) || POINTING.test(text),
  }),
  kind(
    'name',
    /\b(?:name|surnames?|forenames?|(?<=\b(?:the|their|both|all|two|first|last|full|family|and|or|of|your|any) )names)\b(?! (?:an?|another|the|their|some|one)\b)/i,
    (text) => findIntroducedName(text) ?? findListedName(text),
    {
      findInAnswer: findName,
    },
  ),
  kind(
    'matter',
    /\b(?:reason|matter|purpose|what (?:\w+ ){1,4}(?:for|about))\b/i,
    (text) => findMatter(text) ?? findComplaint(text),
    {
      // A time alone is no reason.
      answeredBy: (text) => !holdsTime(text) || stemsOf(withoutTimes(text)).length > 0,
    },
  ),
];

/** Kinds of facts that can be recognized in any text, also without their question. */
export const EXACT_KINDS: readonly FactKind[] = KINDS.filter(({ name }) =>
  ['email', 'birth date', 'code', 'phone', 'day and time'].includes(name),
);

export const MATTER = KINDS.at(-1);

export function withoutQuotes(text: string): string {
  return text.replaceAll(/"[^"]*"|“[^“”]*”/g, ' ');
}

/** The kinds of facts that a text of the graph names outside of its quotation marks. */
export function kindsNamedIn(text: string): readonly FactKind[] {
  let rest = withoutQuotes(text);
  const found: FactKind[] = [];
  for (const each of KINDS) {
    if (!each.named.test(rest)) continue;
    found.push(each);
    rest = rest.split(each.named).join(' ');
  }
  return found;
}

/** Kinds that a word for another kind can stand for: "the number" of a telephone, "the address" of e-mail. */
const STANDS_FOR: Readonly<Record<string, readonly string[]>> = {
  number: ['phone', 'code', 'label', 'licence plate', 'house number', 'postcode'],
  address: ['email', 'domain'],
  day: ['birth date'],
  label: ['code', 'house number'],
  name: ['full name'],
};

/** Returns the kinds that an exit names, in the sense that the question of its state gives them. */
export function kindsInSense(named: readonly FactKind[], question: string): readonly FactKind[] {
  if (!named.some(({ name }) => name in STANDS_FOR)) return named;
  const asked = kindsNamedIn(question.replaceAll(/["“”]/g, ' '));
  return named.map((kind) => {
    const senses = STANDS_FOR[kind.name] ?? [];
    if (asked.some(({ name }) => name === kind.name)) return kind;
    return asked.find(({ name }) => senses.includes(name)) ?? kind;
  });
}
