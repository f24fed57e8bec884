/** Reads a description of a graph: an exit, or the occasion of an action. English. */
import { trimEndOf } from '../../../text.ts';
import { clausesOf } from '../language/clauses.ts';
import { wishesIn, type Wish } from '../language/wishes.ts';
import { givesValue } from './given-values.ts';

/** An act of the user that a description names. */
export type DescribedAct =
  | 'yes'
  | 'no'
  | 'farewell'
  | 'withdrawal'
  | 'correction'
  | 'human'
  | 'greeting'
  | 'thanks'
  | 'unclear'
  | 'unknown'
  | 'asks'
  | 'more';

/** Something that is the case. */
export interface Proposition {
  stems: readonly string[];
  negated: boolean;
  /** The stem of what the user wants to do: "cancel" of "wants to cancel a reservation". */
  verb?: string | undefined;
}

export interface Description {
  text: string;
  acts: ReadonlySet<DescribedAct>;
  /** True if it waits for an answer in any words: "The user has given their name". */
  awaits: boolean;
  /** True if any account of what has happened is enough: "or tells what happened". */
  tells: boolean;
  /**
   * Things that are the case. Any one of them is enough: "loose or come off". Words that only name an act are left
   * out.
   */
  propositions: readonly Proposition[];
  /** Examples of what a user says, in lower case. */
  examples: readonly string[];
  /** True if it is the exit for everything else. */
  otherwise: boolean;
  /** The subject of the sentence with its article, in lower case: "the user". Empty when there is none. */
  subject: string;
  /** The wishes that it names, of those that services of every kind know. */
  wishes: ReadonlySet<Wish>;
}

const QUOTES = /"([^"]+)"|“([^“”]+)”/g;
const SUBJECT = /^(?:if |when |whenever |in case )?((?:the|a|an) [a-z]+(?:'s \w+)?)\s+/i;
const SAYING =
  /^(?:only )?(?:has |have )?(?:answer(?:s|ed)?|says?|said|repl(?:y|ies|ied)|responds?|responded|reports?|reported|states?|stated|indicates?|tells?|told|confirms?|confirmed|means?|gives?|chooses?|chose|selects?|picks?)(?: (?:us|you|me|with|by saying))?(?: the answer)?(?: that)?\s*[:,]?\s+/i;
const ANSWERED =
  /\b(?:has|have) (?:given|told|named|said|answered|provided|described|shared|chosen|picked|mentioned|explained|stated|entered|found (?:the|their|his|her|an?) (?:\w+ )?(?:number|code|name|address|date))\b|\b(?:names|gives|picks|chooses|selects) (?:an?|another|one|their|the|some|both|all)\b|\b(?:left|leaves|sent|sends|received|supplied|supplies) (?:an?|another|their|the|some) (?:\w+ )?(?:number|name|address|e-?mail|mail|phone|code|date|day)\b/i;
/** Words by which a description tells what was said, in the past or the present: "They said how many pieces they need", "says which one". */
const TOLD =
  /\b(?:said|says|told us|tells us|gave|named|chose|picked|entered|decided on|mentioned) (?:how (?:many|much|long|big|large|often|far|soon)|which|when|where|who|whose|for whom|the|their|an?|one|some)\b/i;
/** An answer that was given, without the one who gave it: "A day was named". */
const GIVEN =
  /^(?!no\b|not\b|nothing\b|none\b)[^,;:]{1,80}\b(?:was|were|is|are|has been|have been) (?:given|named|told|chosen|picked|mentioned|provided|stated|entered|described|explained|read out)(?=\W*$|[,.;]| (?:or|and|by|at|in|for|as) )|^(?:the|an?|another) (?:\w+ )?(?:number|code|name|address|date) (?:was|is|has been) found\b/i;
/** An answer that was read somewhere and told: "has read out the number". */
const READ_OUT =
  /\b(?:has|have) (?:read|spelt|spelled|typed|dictated|passed on|sent|counted|looked up|noted) (?:out )?(?:the|their|his|her|an?)\b/i;
const NAMED_YES = /^["“'(\s]*(?:yes|affirmative(?:ly)?)\b/i;
const NAMED_NO =
  /^["“'(\s]*(?:no|negative(?:ly)?)(?=["”'),.:;\s-]*$|["”'),.:;]| (?:to|the|it|they|there|-)\b)/i;

const ACTS: readonly [DescribedAct, RegExp][] = [
  ['yes', /\b(?:confirms?|accepts?|agrees?|consents?|is (?:sure|fine with)|approves?)\b/i],
  ['no', /\b(?:declines?|refuses?|disagrees?|denies|rejects?|rather not)\b/i],
  [
    'farewell',
    /\b(?:goodbye|farewell|takes? (?:his |her |their )?leave|(?:does not|doesn't|do not|don't) (?:need|want|have|wish for|require) anything(?: (?:else|more|further))?\b(?! (?:to|about|of|from|in|on|with|for)\b)|nothing (?:else|more)|needs? nothing|wants? nothing|no more to say|(?:no|any) (?:more|further) (?:help|questions?)|(?:is|are) (?:done|finished|satisfied)|(?:that|this) (?:is|was|will be) (?:all|everything)(?=\W*$|,| or\b)|nothing (?:is )?(?:left|open)\b|have? no (?:more|further)|hangs? up|ends? the (?:call|chat|conversation))\b/i,
  ],
  [
    'withdrawal',
    /\b(?:withdraws?|abandons?|cancels? the (?:order|whole)|chang(?:ed|es?) (?:their|his|her) minds?|(?:no longer|does not|doesn't|do not) (?:wants?|wish|needs?)|wants? to stop|wants? to (?:cancel|quit|abort)(?: (?:it|this|everything))?(?=\s*(?:$|[,.;]|or\b))|gives? up|rather keep|wants? to keep|still (?:has|have))\b/i,
  ],
  [
    'correction',
    /\b(?:corrects?|correction|(?:is|are) to be changed|(?:says?|tells?) what (?:is|was) wrong|would rather (?:have|read)|(?:wants? to )?changes? (?:the|their|something)|wants? another (?:\w+ than|day|time|date|name|number|address)|names? another|gives? another|named another)\b/i,
  ],
  [
    'human',
    /\b(?:human|(?:real|live) person|to a person|on the staff|operator|supervisor|a colleague|call(?:ed)? back|receptionist)\b/i,
  ],
  ['greeting', /\b(?:only )?greets?\b/i],
  ['thanks', /\b(?:says? thanks|thanks? you)\b/i],
  [
    'unclear',
    /\b(?:not clear|unclear|ambiguous|(?:not|don't|didn't|doesn't) (?:understand|understood|answered?)|makes? no sense|can(?:not| not) be (?:made out|understood)|can be made out|is not an? \w+|holds? no|is missing|no [\w-]+(?: [\w-]+)? (?:was|were|has been) (?:given|said|named)|has not given|hesitates?)\b/i,
  ],
  [
    'unknown',
    /\b(?:(?:does|do|did) not know|doesn't know|(?:has|have) no (?:idea|clue)|(?:is|are) (?:not sure|unsure)|(?:cannot|can't|could not) (?:find|tell|say))\b/i,
  ],
  [
    'asks',
    /\b(?:asks?|wonders?|has (?:a|any) questions?|inquires?|questions? (?:about|on|as to|whether|how|why|what|when|where) [\w ,'-]{1,80}\b(?:comes? up|arises?|is asked|are asked))\b|\b(?:is|are) asked (?:about|for|why|how|what|when|where|whether)\b/i,
  ],
  [
    'more',
    /\b(?:(?:something|anything) else(?: as well)?|another \w+|one more|as well|more help|wants? more|(?:is|are|have|has) more)\b/i,
  ],
];

function quotesIn(text: string): string[] {
  return [...text.matchAll(QUOTES)].map((match) => (match[1] ?? match[2] ?? '').trim());
}

/** Words that introduce examples of what a user says. */
const EXAMPLE = /(?:such as|for example|for instance|e\.g\.|like)[,:]?\s+(?=["“])/i;

/** Splits a description into its text without examples, and its examples. */
function splitExamples(text: string): { rest: string; examples: string[] } {
  const at = text.search(EXAMPLE);
  if (at !== -1) return { rest: text.slice(0, at), examples: quotesIn(text.slice(at)) };
  const quotes = quotesIn(text);
  const questionless = quotes.filter((quote) => !quote.endsWith('?'));
  const said = /\b(?:says?|answers?|repl(?:y|ies)|responds?)\b/i.test(text) ? questionless : [];
  return {
    rest: text.replaceAll(QUOTES, (quote) => (quote.includes('?') ? ' ' : quote.slice(1, -1))),
    examples: said,
  };
}

/** A description's parts that may each be the case: what stands between "or", "and" and commas. */
function partsOf(text: string): string[] {
  return text
    .replaceAll(BOTH, (both) => both.slice(0, -' and'.length))
    .split(/[,;:]|\bor\b|\band\b/i)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** "Both a cut and colouring" is one part: neither of the two is enough. */
const BOTH = /\bboth (?:[^\s,]{1,20} ){1,4}and\b/gi;

/**
 * Returns a part of a description as one proposition, also if it has several clauses: "The lights come on but are
 * weak".
 */
function propositionOf(part: string): Proposition {
  const clauses = clausesOf(part);
  const verb = WISH.exec(part)?.[1];
  return {
    stems: [...new Set(clauses.flatMap(({ stems }) => stems))],
    negated: clauses.some(({ negated }) => negated),
    verb: verb === undefined ? undefined : clausesOf(verb)[0]?.stems[0],
  };
}

const WISH = /\b(?:wants?|would like|would rather|needs?|wishes|is calling) to (?:be )?(\w+)/i;

function propositionsIn(text: string): Proposition[] {
  return withPredicate(partsOf(text)).map(propositionOf);
}

/** A part that only names a thing, with its article: "a chair" of "A chair, a table or a bed has come". */
const THING = /^(?:an?|the|his|her|their) (?:[a-z-]{2,20} ?){1,3}$/i;
const PREDICATE = /\b(?:is|are|was|were|has|have) /i;

/** Returns parts that each say something: things that share the predicate behind them have it too. */
function withPredicate(parts: readonly string[]): string[] {
  const at = parts.findIndex((part) => PREDICATE.test(part));
  const last = parts[at] ?? '';
  const begin = last.search(PREDICATE);
  const things = [...parts.slice(0, Math.max(0, at)), last.slice(0, Math.max(0, begin)).trim()];
  const isList = at > 0 && things.every((thing) => THING.test(thing));
  const shared = last.slice(Math.max(0, begin));
  return parts.map((part, index) => (isList && index < at ? `${part} ${shared}` : part));
}

/** The words of a description that name an act and not a matter. */
const ACT_WORDS =
  /\b(?:confirms?|accepts?|agrees?|declines?|refuses?|disagrees?|denies|says? (?:goodbye|thanks)|goodbye|withdraws?|corrects?|asks?|answers?|needs? nothing(?: else)?|wants? nothing(?: else)?|nothing else|gives?|given|names?|named|describes?|mentions?|explains?|likes?|prefers?|preferred|chooses?|somebody|something|anything|whatever|wishes|knows?|does not know|without saying \w+(?: \w+)?)\b/gi;

/** A refusal with its object: what is refused is not wanted, and "I need help" is nothing of "declines help". */
const REFUSED =
  /\b(?:declines?|refuses?|rejects?|denies|turns? down) (?=[a-z])(?!(?:without|because|or|and|but|when|if|politely|with|by|in|for)\b)/gi;

/** Words before a plain "yes" or "no": "Answer: yes", "The answer is no". */
const ANSWER_IS =
  /^(?:(?:the |their |his |her )?(?:answer|reply|response)(?: (?:is|was|to .{1,200} is))?)\s*:?\s+/i;

/** A plain "yes" or "no" that a description names: at its beginning, or at its end. */
function namedAnswer(rest: string, predicate: string): 'yes' | 'no' | null {
  if (NAMED_YES.test(predicate)) return 'yes';
  if (NAMED_NO.test(predicate)) return 'no';
  const last = AT_END.exec(trimEndOf(rest, '.!"”’\')'))?.[1]?.toLowerCase();
  return last === 'yes' || last === 'no' ? last : null;
}

const AT_END =
  /\b(?:is|was|with|by|to|as|answer(?:s|ed)?|replie[sd]|say(?:s|ing)?|said|respond(?:s|ed)?|chooses?|chosen)[\s:"“‘'(]{1,4}(yes|no)$/i;

/** An answer that is named, rather than waited for: "The user has said that it is loose". */
const NAMED_ANSWER =
  /\b(?:has|have) (?:(?:answered|said|told \w+|stated|explained|mentioned|confirmed|reported)(?: that\b|[:,]| ["“'])|answered (?!the question|what|which|how|where|it\b|all|both|my|our|their))/i;

/**
 * Reads a description. `roles` are the words for the user. Words such as "the user says that" are removed, so that
 * only what is said is compared.
 */
export function readDescription(text: string, roles: ReadonlySet<string>): Description {
  const { rest, examples } = splitExamples(text);
  const subject = SUBJECT.exec(rest)?.[1]?.toLowerCase() ?? '';
  const isPerson = roles.has(subject.replace(/^(?:the|an?) /, ''));
  const predicate = isPerson ? rest.replace(SUBJECT, '').replace(SAYING, '') : rest.replace(ANSWER_IS, '');
  const acts = new Set(ACTS.filter(([, pattern]) => pattern.test(rest)).map(([act]) => act));
  if (acts.has('yes') && DENIED_YES.test(rest)) {
    acts.delete('yes');
    acts.add('no');
  }
  if (acts.has('withdrawal')) acts.delete('correction');
  const named = namedAnswer(rest, predicate);
  if (named !== null) {
    acts.delete(named === 'yes' ? 'no' : 'yes');
    acts.add(named);
  }
  const matter = predicate
    .replace(NAMED_YES, ' ')
    .replace(NAMED_NO, ' ')
    .replaceAll(REFUSED, 'does not want ')
    .replaceAll(ACT_WORDS, ' ');
  const awaits = awaitsAnswer(rest, isPerson) && !NAMED_ANSWER.test(rest) && named === null;
  const propositions = propositionsIn(matter).filter(({ stems, negated }) => stems.length > 0 || negated);
  const hasMatter = propositions.some(({ stems }) => stems.length > 0);
  if (!awaits && !hasMatter && acts.size === 0 && ELLIPTIC.test(rest))
    acts.add(propositions.length > 0 ? 'no' : 'yes');
  return {
    text,
    acts,
    awaits,
    tells: TELLS.test(rest),
    propositions,
    examples: examples.map((example) => example.toLowerCase()),
    otherwise: OTHERWISE.test(rest),
    subject,
    wishes: wishesIn(clausesOf(text)),
  };
}

/** An answer as what is known then: "We know which day", "The day is known", "We have their number". */
const KNOWN =
  /^(?:now )?we (?:now )?(?:know|have|got|learned|learnt|found out)\b(?! (?:no|nothing|not)\b)|^(?!no\b|not\b|nothing\b|none\b)[^,;:]{1,80}\b(?:is|are) (?:now )?(?:known|clear|there|complete)(?=\W*$|[,:;])/i;

/** Returns true if a description waits for an answer in any words. */
function awaitsAnswer(rest: string, isPerson: boolean): boolean {
  return (
    ANSWERED.test(rest) ||
    TOLD.test(rest) ||
    KNOWN.test(rest) ||
    (isPerson ? READ_OUT : GIVEN).test(rest) ||
    givesValue(rest)
  );
}

/** A yes that is denied: "does not accept". */
const DENIED_YES = /\b(?:not|doesn't|don't|never) (?:accepts?|agrees?|confirms?|consents?|approves?)\b/i;

/** A description that leaves the matter to the question: "They will try it", "The guest would not". */
const ELLIPTIC =
  /^(?:they|he or she|it|(?:the |an? )?[a-z]{3,20}) (?:will|would|can|could|do|does|did|have|has|is|are)\b/i;

const TELLS =
  /\b(?:tells?|describes?|explains?|reports?|says?) (?:us |you |me )?(?:what|how) (?:has |had |it )?(?:happened|went wrong|is wrong|came about)\b/i;

const OTHERWISE =
  /^(?:otherwise|in any other case|anything else|none of (?:these|the above)|everything else|all other)\b|\b(?:wants|needs|says|asks for|is|concerns|is about|means) (?:something|anything) (?:else|different)(?! as well)\b|\b(?:not clear|unclear|undecided|(?:cannot|can not|could not) be (?:told|said|decided|made out))\b|\bnone of (?:them|those)\b/i;
