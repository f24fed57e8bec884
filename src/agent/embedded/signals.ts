/** Signals: meanings of a sentence beyond its words, for an agent that only compares words. English. */
import { findEmail, findPhoneNumber } from './facts/contacts.ts';
import { holdsTime } from './facts/times.ts';
import { asksToTell } from './language/requests.ts';

export type SignalName =
  | 'assent'
  | 'refusal'
  | 'withdrawal'
  | 'time'
  | 'number'
  | 'email'
  | 'greeting'
  | 'parting'
  | 'thanks'
  | 'human';

/** Signals of facts that a sentence mentions. The other signals tell what the user intends. */
export const FACT_SIGNALS: readonly SignalName[] = ['time', 'number', 'email'];

interface Signal {
  name: SignalName;
  holds: (said: string) => boolean;
  /** The words in which a graph's author would describe it. */
  meaning: string;
}

/** Words that can stand before the word that counts: "oh well, yes". */
const LEAD = '^\\s*(?:(?:oh|ah|um+|uh+|er+|hmm+|well|so|and|but|ok|okay)[\\s,.!]+)*';

const YES = new RegExp(
  `${LEAD}(?:yes|yess+|yse|yeah|yea|yep|yup|ya|y|sure|ok|okay|right|correct|exactly|absolutely|definitely|` +
    'certainly|of course|(?:one (?:more|other)|another) thing|perfect|fine|great|good(?! (?:morning|afternoon|evening|day))|please|please do|👍)(?![\\w])|' +
    "\\b(?:that(?:'?s| is| would be| sounds) (?:right|correct|fine|great|good|perfect|ok|okay|it exactly)|that works|" +
    'works for me|sounds (?:good|great|fine)|looks (?:good|right)|go ahead|go for it|do it|do that|please do|yes)\\b',
  'i',
);
/** Words that limit a yes. A yes with one of them is no assent. */
const RESERVATION = /\bbut\b|\bexcept\b/i;

const NO = new RegExp(
  `${LEAD}(?:no+|nope|nah|n|nothing|not (?:really|quite|right|now|yet|today|that))(?![\\w])|` +
    "\\b(?:wrong|incorrect|rather not|not (?:quite )?(?:right|correct)|isn'?t (?:right|correct)|no,? thanks?)\\b",
  'i',
);

const WITHDRAWAL = new RegExp(
  '^\\W*stop\\W*$|' +
    '\\b(?:never ?mind|nevermind|forget (?:it|that|about)|leave it|scrap that|cancel that|changed my mind|' +
    "(?:don'?t|do not) (?:want|need) (?:it|that|this|one|anything)|no longer (?:want|need)(?: it| that)?$)\\b",
  'i',
);

const PARTING = new RegExp(
  "\\b(?:bye+|good ?bye|cya|that(?:'?s| is| will be| would be|'ll be) (?:all|it|everything)|" +
    "(?:nothing|no) (?:else|more)|i(?:'?m| am) (?:done|good|all set|finished)|all (?:good|set|done)|see (?:you|ya)|" +
    'have a (?:good|great|nice|lovely)|take care|hang up|quit|exit|end (?:the|this) (?:call|chat|conversation))\\b',
  'i',
);

const HUMAN = new RegExp(
  '\\b(?:human|(?:real|actual) (?:person|human)|operator|receptionist|representative|' +
    '(?:speak|talk|chat)(?:ing)? (?:to|with) (?:a |an |the )?(?:person|people|somebody|someone|anyone|staff|colleague|' +
    'member|manager)|put me through|call me back|ring me back)\\b',
  'i',
);

const SIGNALS: readonly Signal[] = [
  {
    name: 'assent',
    holds: (said) => YES.test(said) && !RESERVATION.test(said),
    meaning: 'confirms agrees accepts',
  },
  { name: 'refusal', holds: (said) => NO.test(said), meaning: 'declines refuses disagrees' },
  { name: 'withdrawal', holds: (said) => WITHDRAWAL.test(said), meaning: 'withdraws abandons' },
  { name: 'time', holds: holdsTime, meaning: 'day time date' },
  {
    name: 'number',
    holds: (said) => /\d{4,}/.test(said) || findPhoneNumber(said) !== null,
    meaning: 'number phone digits',
  },
  { name: 'email', holds: (said) => findEmail(said) !== null, meaning: 'email address' },
  {
    name: 'greeting',
    holds: (said) => /^\s*(?:hi+|hello+|hey+|good (?:morning|afternoon|evening|day))\b/i.test(said),
    meaning: 'greets greeting',
  },
  { name: 'parting', holds: (said) => PARTING.test(said), meaning: 'goodbye farewell finished' },
  {
    name: 'thanks',
    holds: (said) => /\b(?:thanks?|thank you|thx|ty|cheers)\b/i.test(said),
    meaning: 'thanks',
  },
  { name: 'human', holds: (said) => HUMAN.test(said), meaning: 'human speak somebody staff' },
];

/** Returns the signals of a sentence, each in the words of its meaning. `without` names signals to leave out. */
export function signalsOf(said: string, without: readonly SignalName[] = []): string[] {
  return SIGNALS.filter(({ name, holds }) => !without.includes(name) && holds(said)).map(
    ({ meaning }) => meaning,
  );
}

/** A refusal and nothing else: "no", "no thanks", "not really". What follows a longer one may be an answer. */
export function isRefusal(said: string): boolean {
  return /^\W*(?:no+|nope|nah|nothing|not (?:really|now|yet|today|that))(?:[\s,]+(?:thanks?|thank you|please|sorry|it'?s (?:fine|ok|okay)))*\W*$/i.test(
    said,
  );
}

const QUESTION_WORD =
  /^\s*(?:(?:and|but|so|ok|okay|oh|hi|hello|hey|wait|sorry)[\s,.!]+)*(?:who|whom|whose|what|whats|when|where|wheres|why|how|which|can|could|do|does|is|are|will|would|should)\b/i;

export function isQuestion(said: string): boolean {
  return said.includes('?') || QUESTION_WORD.test(said) || asksToTell(said);
}

/** A proposal in the form of a question answers one: "How about Monday?", "Can I come at nine?" */
const PROPOSAL =
  /\b(?:how about|what about|(?:can|could|may|shall|should|would) (?:i|we|you|it|that)|possible|available|is there anything|(?:do you have|have you(?: got)?|got) (?:any|anything|something|a slot|a time))\b/i;

/** A question word that proposes nothing, whatever verb follows: "where can I park?" */
const ASKS_FOR_FACT =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|hey|sorry|yes|well)[\s,.!]+){0,3}(?:where|why|who|whose|how (?!about)|by when)\b/i;

/** A question that wants to know something, and so does not answer what the agent has asked. */
export function isInquiry(said: string): boolean {
  return isQuestion(said) && (!PROPOSAL.test(said) || ASKS_FOR_FACT.test(said));
}

const EMPTY_WORD =
  /^(?:a+h|and|but|cheers|er+|fine|good|great|h+m+|hello+|hey+|hi+|huh|idk|(?:ha|he|lo){1,9}l?|lmao|rofl|omg|wtf|wth|ffs|smh|ikr|jk|kk?|np|tbh|imo|wow+|ugh+|argh+|meh|yay|oops|ouch|gosh|damn|dang|darn|crap|shit|fuck|hell|bloody|heck|god|gosh|jesus|cool|awesome|nice|super|excellent|brilliant|lovely|wonderful|perfect|mate|buddy|dude|man|bro|nah|no|nope|not|ok|okay|oh|please|pls|really|right|so|sorry|sure|thanks?|thank|thx|ty|u+h+|u+m+|well|yea|yeah|yep|yes|you|yup)$/;
const NO_IDEA =
  /^\W*(?:i\s+)?(?:am\s+|'?m\s+)?(?:not (?:really )?sure|no idea|dunno|don'?t (?:really )?know|do not know|can'?t (?:say|tell))(?:\s+(?:yet|really|sorry))?\W*$/i;

/** Words that only agree or judge, and tell nothing that was asked for: "no problem", "it's fine". */
const AGREES =
  /^\W*(?:no (?:problem|worries|trouble)|(?:it|that|all|everything)(?:['’]?s| is)? ?(?:all )?(?:fine|good|okay?|alright|cool|great))\W*$/i;

/** Returns true if a message only agrees or judges that all is well. */
export function onlyAgrees(said: string): boolean {
  return AGREES.test(said);
}

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm'];
/** The least number of neighbouring keys that are no word. "Were" and "rest" are words. */
const MIN_KEYS = 4;

/** Returns true if a word is a run of neighbouring keys: "asdf". */
function isRunOfKeys(word: string): boolean {
  return word.length >= MIN_KEYS && ROWS.some((row) => row.includes(word));
}

/**
 * Returns true if a word is no word of a language: four or more letters without a vowel, or six consonants in a row.
 */
function isNoise(word: string): boolean {
  return (
    isRunOfKeys(word) ||
    ((/^[^aeiouyà-ÿ\d]{4,}$/.test(word) || /[bcdfghjklmnpqrstvwxz]{6,}/.test(word)) && /^[a-z]+$/.test(word))
  );
}

/** Returns true if a message leaves a question open: "no", "hmm", "not sure", a mere greeting, keys hit at random. */
export function answersNothing(said: string): boolean {
  const words = said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  // "Mumble mumble", "blah blah blah".
  const isBabble = words.length > 1 && new Set(words).size === 1 && !/^\d/.test(words[0] ?? '');
  return (
    isBabble ||
    NO_IDEA.test(said) ||
    AGREES.test(said) ||
    words.every((word) => EMPTY_WORD.test(word) || isNoise(word) || word === 'whatever')
  );
}
