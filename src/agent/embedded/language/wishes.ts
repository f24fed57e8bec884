/**
 * The wishes that users bring to services of every kind, in the words of users and of authors: "I can't make it" and
 * "An appointment is to be cancelled" are one wish. English.
 */
import type { Clause } from './clauses.ts';

/** A wish, or a reason to call, that services of every kind know. */
export type Wish =
  | 'new'
  | 'move'
  | 'cancel'
  | 'pause'
  | 'renew'
  | 'track'
  | 'return'
  | 'exchange'
  | 'refund'
  | 'complain'
  | 'damage'
  | 'fault'
  | 'price'
  | 'hours'
  | 'bill'
  | 'buy'
  | 'collect'
  | 'deliver';

/** Words by which a user proposes to come. */
const COMES = /\b(?:can|could|may|want to|wants to|would like to) (?:i |we )?(?:come|visit|eat)\b/;

/** Things that a service gives for a time, or a place in it. */
const THING =
  'appointments?|bookings?|reservations?|tables?|rooms?|seats?|places?|slots?|visits?|lessons?|courses?|class(?:es)?|memberships?|contracts?|subscriptions?|accounts?|sessions?|viewings?|stays?|tours?|trips?|flights?|tests?';
const TIMES = 'days?|dates?|times?|slots?|hours?|weeks?|months?|evenings?|mornings?|afternoons?';
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight';

/** Verbs and nouns that name a wish, unless they are denied. */
const VERBS: readonly [Wish, RegExp][] = [
  [
    'cancel',
    /\b(?:cancel\w*|call(?:s|ed|ing)? (?:(?:it|this|that|everything) )?off|called off|delet(?:e|es|ed|ing|ion)|revok(?:e|es|ed|ing)|terminat\w+|unsubscrib\w+|resign(?:s|ed|ing)?|quit(?:s|ting)?|drop(?:s|ped|ping)? (?:out|(?:it|this|that|a|the|my|our|their|his|her) (?!off)\w+)|drop(?:ping)? it|dropping)\b/,
  ],
  [
    'cancel',
    /\b(?:(?:to|want|please|i|we|they|can|will|would like to) (?:end|leave)(?! (?:it|a|me|you|him|her|them|messages?|something|early|at|in|on|from|to|for|by|with|now)\b)|(?:to )?end (?:it|my|our|the|their|this|that)|(?:be|is|are) ended|(?:am|are|is) leaving|giv(?:e|es|ing) up|(?:take|strike|remove) (?:me|us|it|them) (?:off|from))\b|^(?:leaving|leave|ending|end|termination)\b/,
  ],
  [
    'move',
    /\b(?:mov(?:e|es|ed|ing)|reschedul\w+|postpon\w+|shift(?:s|ed|ing)?|rearrang\w+|alter(?:s|ed|ing|ation)?|chang(?:e|es|ed|ing)|amend\w*|modif\w+|switch(?:es|ed|ing)?|swap(?:s|ped|ping)?|rebook\w*|(?:push|put|bring)(?:s|ed|ing)? (?:[a-z]{1,12} ){0,3}(?:back|off|forward)(?= (?:a|an|by|to|until|one|two|three|some|the|for|please)\b| *$))\b/,
  ],
  [
    'pause',
    /\b(?:paus(?:e|es|ed|ing)|freez(?:e|es|ing)|frozen|suspend\w*|suspension|on hold|(?:take|takes|taking|need|needs|want|wants|have|a) (?:a )?(?:short )?break)\b|\bbreak is (?:wanted|needed)\b/,
  ],
  ['renew', /\b(?:renew\w*|extend(?:s|ed|ing)?|extension|prolong\w*)\b/],
  ['refund', /\b(?:refund\w*|reimburs\w+|money back|(?:money|amount) (?:is |to be )?(?:paid )?back)\b/],
  [
    'exchange',
    /\b(?:exchang(?:e|es|ed|ing)|swap(?:s|ped|ping)?|replac(?:e|es|ed|ing|ement)|(?:another|different|other) (?:size|colou?r|model)s?)\b/,
  ],
  [
    'return',
    /\b(?:return(?:s|ed|ing)?(?! (?:ticket|trip|journey|flight|call))|(?:send|sends|sending|sent|give|gives|giving|given|bring|brings|bringing|brought|take|takes|taking|taken|ship|ships|hand) (?:[a-z]{1,15} ){0,3}back)\b/,
  ],
  [
    'track',
    /\b(?:track(?:s|ed|ing)?|(?:order|delivery|shipping|parcel) status|status of|whereabouts)\b|^status\b/,
  ],
  ['complain', /\bcomplain(?:s|ed|ing|t|ts)?\b/],
  ['damage', /\b(?:damag(?:e|es|ed)|smashed|crushed|shattered|dented|cracked)\b/],
  [
    'price',
    /\b(?:how much (?:is|are|does|do|will|would|for)|prices?|pric(?:ing|ed)|costs?|fees?|rates?|what (?:do|would) you (?:charge|ask)|expensive|quote|quotation)\b/,
  ],
  [
    'hours',
    /\b(?:opening (?:hours|times)|business hours|(?:your|our|the) hours|(?:are|is|be) (?:[a-z]{1,8} ){0,2}(?:open|closed)(?: (?:on|at|until|till|today|tomorrow|tonight|now|late|for)|$|\b(?= \?))|(?:do|does|will|when|what time) (?:[a-z]{1,8} ){0,3}(?:open|close|shut))\b/,
  ],
  ['bill', /\b(?:bills?|billing|invoices?|invoicing|charged|overcharged|payments?)\b/],
  [
    'buy',
    /\b(?:buy(?:s|ing)?|bought|purchas\w+|sales|order(?:s|ing)? (?:something|an?|one|some)|interested in)\b/,
  ],
  [
    'collect',
    /\b(?:pick(?:s|ed|ing)? (?:[a-z]{1,12} ){0,3}up|pick ?up|collect(?:s|ed|ing|ion)?|fetch(?:es|ed|ing)?)\b/,
  ],
  [
    'deliver',
    /\b(?:deliver(?:s|ed|ing|y|ies)?|(?:bring|brings|bringing|brought|send|sends|sent|ship|ships|shipped)(?! (?:[a-z]{1,15} ){0,3}back))\b/,
  ],
  [
    'new',
    /\b(?:book(?:s|ed)?|reserv(?:e|es|ed|ing)|sign(?:s|ed|ing)? up|enrol\w*|register(?:s|ed|ing)?|registration|subscrib\w+|join(?:s|ed|ing)?|becom(?:e|es|ing) an? \w+|(?:make|makes|making|arrange|arranges|schedule|set up|get|gets|be made) (?:an?|the|another|new|some|one)(?! (?:question|request|complaint|payment|call|change|moment|look|idea|mistake)\b))\b/,
  ],
];

/** Turns of phrase for a wish, some with a denial of their own. */
const FRAMES: readonly [Wish, RegExp][] = [
  [
    'cancel',
    /\b(?:(?:can|will|could|would|shall|am|are|is|do|does|may) not (?:be )?(?:able to )?(?:come|coming|attend|attending|make it|be there|turn up)\b|unable to (?:come|attend)|(?:stay|remain) at home)\b/,
  ],
  [
    'cancel',
    /\b(?:(?:do|does|did|will) not (?:need|want|require|wish)\b(?: [a-z']{1,15}){1,7} (?:any ?more|any longer)|no longer (?:need|want|require|wish)s?|not (?:go|going|carry|continue|want|wish)(?: to)? (?:on|continue))\b/,
  ],
  ['new', new RegExp(`\\b(?:ha(?:s|ve) no|not have an?|without an?) (?:${THING})\\b`)],
  [
    'move',
    /\b(?:another|other|different|later|earlier|new) (?:day|date|time|slot|hour|week|month|evening|morning|afternoon)s?\b/,
  ],
  [
    'move',
    /\b(?:an? (?:hour|day|week|month|bit|little)|hours?|days?|weeks?|minutes?) (?:later|earlier)\b|\b(?:come|arrive|be there) (?:later|earlier)\b|\b(?:instead)\b/,
  ],
  [
    'track',
    /\b(?:where (?:is|are) (?:my|the|our|it|their|a|an)|still waiting|waiting for|(?:has|have|did|is|are|was) not (?:yet )?(?:been )?(?:arrived?|come|here|received|delivered|shown up|turned up|reached|got|get)|never (?:came|arrived|got|received|reached)|(?:has|have|is) (?:my|the|our|it) (?:[a-z]{1,12} ){0,2}(?:been )?(?:shipped|sent|dispatched|delivered|arrived)|when (?:does|do|will|is|are|the|my|their|an) (?:[a-z]{1,12} ){0,3}(?:come|comes|arrive|arrives|here|delivered|coming)|missing|lost|looking for (?:an?|my|the|their) (?:parcel|package|order|delivery|letter)|find my)\b/,
  ],
  [
    'complain',
    /\b(?:unhappy|dissatisfied|disappoint\w+|unacceptable|terrible|awful|outrageous|disgrace\w*|fed up|angry|not (?:[a-z]{1,10} ){0,2}(?:happy|satisfied|pleased|good enough|acceptable))\b/,
  ],
  ['damage', /\b(?:broken|broke|in pieces)\b/],
  [
    'fault',
    /\b(?:broken|crash(?:es|ed|ing)?|errors?|defect(?:s|ive)?|faulty|technical|support|(?:do|does|did|will|is) not (?:work|working|start|turn on|open|load|connect|respond|react|charge|print|switch on)|can not (?:log|sign|connect|open|start|use|access|print)|something is wrong|stopped working)\b/,
  ],
  ['bill', /\b(?:too much money|on account)\b/],
  [
    'collect',
    /\b(?:(?:come|comes|coming) (?:and|to) (?:get|fetch|the (?:shop|store))|(?:come|comes) (?:by|over|round)|get it (?:myself|ourselves|themselves))\b/,
  ],
  [
    'deliver',
    /\b(?:to (?:my|our|their|the|his|her) (?:home|house|door|flat|place|address|office|doorstep))\b/,
  ],
];

/** Words that tell a wish where no other one is named. */
const ASIDES: readonly [Wish, RegExp][] = [
  [
    'move',
    new RegExp(
      `\\b(?:${DAY}|it|that|the (?:day|date|time|slot)|\\w+ o clock) (?:do|does|will) not (?:work|suit|fit)\\b`,
    ),
  ],
  [
    'new',
    new RegExp(
      `\\b(?:an?|new|another|some|any|free|available|first|one|two|single|double) (?:[a-z]{1,12} ){0,2}(?:${THING})\\b`,
    ),
  ],
  [
    'new',
    new RegExp(
      `\\bnew\\b(?! (?:${TIMES})\\b)|\\b(?:${THING}) (?:is |are )?(?:wanted|needed|free|available)\\b`,
    ),
  ],
  ['new', /\b(?:booking|reservation|appointment)\b/],
  ['new', /\b(?:to stay|to see (?:the|an?)|take part|somewhere to)\b/],
  ['new', COMES],
];

/** Words about something that the user has already. With a "but" behind them, it is to be changed. */
const HAS_ALREADY =
  /\b(?:(?:i|we|has|have|had) (?:already )?(?:booked|reserved)|already (?:has|have)|(?:my|our) (?:[a-z]{1,12} ){0,2}is (?:on|at|for))\b/;

interface Phrase {
  wish: Wish;
  pattern: RegExp;
  rank: Rank;
}

/** 3 for a verb or a noun of the wish itself, 2 for a turn of phrase, 1 for words that can also stand beside another wish. */
type Rank = 1 | 2 | 3;

const PHRASES: readonly Phrase[] = [
  ...VERBS.map(([wish, pattern]) => ({ wish, pattern, rank: 3 as const })),
  ...FRAMES.map(([wish, pattern]) => ({ wish, pattern, rank: 2 as const })),
  ...ASIDES.map(([wish, pattern]) => ({ wish, pattern, rank: 1 as const })),
];

/** Returns the wishes that one clause names, each with its highest rank. A denied verb names none. */
function wishesOfClause({ words, negated }: Clause): [Wish, Rank][] {
  const said = words.join(' ');
  return PHRASES.filter(({ pattern, rank }) => (rank === 2 || !negated) && pattern.test(said)).map(
    ({ wish, rank }) => [wish, rank],
  );
}

/**
 * Returns the wishes that clauses name most clearly; several, if they name several equally clearly. "My table is at
 * eight, but I need another time" names a change, and no new table.
 */
export function wishesIn(clauses: readonly Clause[]): ReadonlySet<Wish> {
  const ranks = new Map<Wish, Rank>();
  for (const [wish, rank] of clauses.flatMap(wishesOfClause))
    if (rank > (ranks.get(wish) ?? 0)) ranks.set(wish, rank);
  const said = clauses.map(({ words }) => words.join(' ')).join(', ');
  if (HAS_ALREADY.test(said)) {
    ranks.delete('new');
    if (ranks.size === 0 && /\bbut\b/.test(said)) return new Set(['move']);
  }
  const proposes = clauses.some(({ words, negated }) => !negated && COMES.test(words.join(' ')));
  if (ranks.get('cancel') === 2 && (ranks.has('move') || proposes)) return new Set(['move']);
  const highest = Math.max(0, ...ranks.values());
  return new Set([...ranks].filter(([, rank]) => rank === highest).map(([wish]) => wish));
}

/** Wishes to know something, and reasons to call: any question can bring them. */
const OF_QUESTIONS: ReadonlySet<Wish> = new Set([
  'track',
  'price',
  'hours',
  'bill',
  'complain',
  'damage',
  'fault',
]);

/** Returns true if a question that asks for a fact can bring the wish: "How much is it?" brings no wish for delivery. */
export function isOfQuestions(wish: Wish): boolean {
  return OF_QUESTIONS.has(wish);
}
