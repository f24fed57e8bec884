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

/** The last matter in a text. */
export function findMatter(text: string): string | null {
  const clauses = [...text.matchAll(MATTER_PHRASE)].map((match) => match[1] ?? '');
  const matters = clauses.map((clause) => withoutTrailingWords(cutAtTime(clause)));
  return matters.findLast((matter) => stemsOf(matter).length > 0 && !DURATION.test(matter)) ?? null;
}
