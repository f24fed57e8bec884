/** The matter of a message: "about my bicycle", "because I have a guest", up to the end of the clause. English. */
import { stemsOf } from '../words.ts';
import { cutAtTime } from './times.ts';

const MATTER_PHRASE =
  /\b(?:about|regarding|concerning|because(?: of)?|for|of) ((?:my|our|his|her|their|a|an|the|some|i|i've|i'm)\b[^.,;!?\n]*)/gi;

/** A duration, which is not the matter of a message. */
const DURATION =
  /^(?:a|an|the|some|the last|the past)?\s*(?:few |couple of |last |past )*(?:minute|hour|day|week|month|year|while|moment|long|time)s?\b/i;

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

/** A statement of what is wrong: "my back hurts", "I have had a cough for a week". It is no request. */
const COMPLAINT =
  /^(?:(?:hi|hello|hey|yes|well|so|ok|good \w+)[,.!\s]+)*(?:(?:my|our|his|her|the) (?!name\b|appointment\b)[\w' -]{2,40}?\b(?:hurts?|aches?|itch(?:es)?|is|are|was|has|have|had|keeps?|won'?t|do(?:es)?n'?t|isn'?t|feels?|fell|broke|burns?|bleeds?|swells?|stopped|started)\b|i (?:feel|keep|have (?:had|been|got)|have an? (?!appointment|question|request|reservation|booking|complaint)|can'?t (?:sleep|move|walk|hear|see|breathe|eat|swallow)|hurt|broke|cut|burnt|twisted|fell)\b|i'?ve (?:had|been|got)\b)/i;
const ASKS_FOR =
  /\b(?:want|would like|i'd like|need|please|can i|could i|book|make|schedule|cancel|move|change)\b/i;

/** Returns a statement of what is wrong, or null when a text makes none or asks for something. */
export function findComplaint(text: string): string | null {
  const plain = text.trim();
  return COMPLAINT.test(plain) && !ASKS_FOR.test(plain) ? plain : null;
}

/** The last matter in a text. */
export function findMatter(text: string): string | null {
  const clauses = [...text.matchAll(MATTER_PHRASE)].map((match) => match[1] ?? '');
  const matters = clauses.map((clause) => withoutTrailingWords(cutAtTime(clause)));
  return matters.findLast((matter) => stemsOf(matter).length > 0 && !DURATION.test(matter)) ?? null;
}
