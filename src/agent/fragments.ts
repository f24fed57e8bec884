import { SentenceSplitter } from '../sentences.ts';

/** A sentence of the message, with its number from 0. */
export interface Fragment {
  index: number;
  fragment: string;
  is_final: boolean;
}

/** Finds the sentences in a message that arrives in pieces, and numbers them. Use one splitter for each message. */
export class FragmentSplitter {
  readonly #sentences = new SentenceSplitter();
  #index = 0;

  /** Takes the next piece; returns the sentences it completes. With `final`, what is left is the last one. */
  push(text: string, final: boolean): Fragment[] {
    const sentences = this.#sentences.push(text, final);
    return sentences.map((fragment, at) => ({
      index: this.#index++,
      fragment,
      is_final: final && at === sentences.length - 1,
    }));
  }
}
