import { SentenceSplitter } from '../sentences.ts';

/** A piece of the message that makes sense by itself. */
export interface Fragment {
  index: number;
  fragment: string;
  is_final: boolean;
}

/** Finds the sentences in a message that arrives in pieces, and numbers them. One per message. */
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
