/** Queries to memory before an answer, for messages in any language and without a call of a model. Pure. */
import { cut } from '../../text.ts';
import type { Situation } from '../reasoner.ts';

/** A message of fewer words says nothing that memory could add to, unless it asks. */
const MIN_WORDS = 3;
/** The longest begin of a message that becomes a query, in UTF-16 units: queries are kept with the conversation. */
const MAX_LENGTH = 200;
/** Question marks of the scripts that have one. */
const QUESTION = /[?\uff1f\u061f\u037e\u055e\u1367\u2cfa]/;

/** Made with the first message: it takes several milliseconds, which every start of an isolate would spend. */
let words: Intl.Segmenter | undefined;

function wordCount(text: string): number {
  words ??= new Intl.Segmenter('und', { granularity: 'word' });
  let count = 0;
  for (const { isWordLike } of words.segment(text)) if (isWordLike === true) count += 1;
  return count;
}

/** Returns the user's messages of this turn that have enough words to find a memory by, or ask something. */
export function memoryQueriesOf({ input }: Situation): string[] {
  return input.flatMap(({ by, text }) => {
    const looked = cut(text, MAX_LENGTH);
    const count = by === 'user' ? wordCount(looked) : 0;
    return count >= MIN_WORDS || (count > 0 && QUESTION.test(looked)) ? [looked] : [];
  });
}
