/** A message prepared for the comparison with the exits of a state, and the strengths of the kinds of evidence. */
import { answerPolarity, type YesAndNoHints } from '../polarity.ts';
import type { Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { Question } from '../reading/questions.ts';
import type { WordVectors } from '../meaning/vectors.ts';

/** A message, and the question and vocabulary that it is compared with. */
export interface Hearing {
  message: Message;
  question: Question;
  /** Evidence for a yes (+) or a no (-) to the question. */
  polarity: Evidence;
  /** Every stem of the actions and exits of the graph. */
  vocabulary: ReadonlySet<string>;
  /** Word vectors, or null when there are none. */
  vectors: WordVectors | null;
  /** Time of the turn, in milliseconds since 1970. */
  now: number;
}

/** Hears a message in answer to a question. */
export function hearingOf(
  message: Message,
  question: Question,
  { vocabulary, vectors, now }: Pick<Hearing, 'vocabulary' | 'vectors' | 'now'>,
  hints?: YesAndNoHints,
): Hearing {
  const polarity = answerPolarity(message, question, { ...hints, vectors, now });
  return { message, question, polarity, vocabulary, vectors, now };
}

/** A whole example, or a no to the last question. */
export const EXACT = 1;
/** An act that a description names. */
export const CLEAR = 0.9;
/** A fact that is asked for. */
export const GIVEN = 0.8;
/** An answer in any words. */
export const OPEN = 0.5;
/** A correction that is not called one: the message gives a new value, or says no. */
export const UNSAID_CHANGE = 0.6;

/** A text as it is compared with an example: its letters and digits, in lower case. */
export function normal(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The examples of descriptions as they are compared: those of a graph are compared with each message. */
const compared = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Returns examples of a description as `normal` texts. */
export function normalExamples(examples: readonly string[]): ReadonlySet<string> {
  const known = compared.get(examples);
  if (known !== undefined) return known;
  const texts = new Set(examples.map(normal));
  compared.set(examples, texts);
  return texts;
}

/**
 * Returns the strongest evidence when any one of several propositions is enough: evidence for one counts before
 * evidence against another.
 */
export function strongestFor(evidence: readonly Evidence[]): Evidence {
  const best = Math.max(0, ...evidence);
  return best > 0 ? best : Math.min(0, ...evidence);
}
