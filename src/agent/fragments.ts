/** A piece of the message that makes sense by itself. */
export interface Fragment {
  index: number;
  fragment: string;
  is_final: boolean;
}

/** The end of a sentence: its stop, with the closing quotes and the space behind it. */
const SENTENCE_END = /[.!?…]+["'”’)\]]*\s+|\n+/;

/** Finds the sentences in a message that arrives in pieces. One per message. */
export class FragmentSplitter {
  #index = 0;
  #rest = '';

  /** Takes the next piece; returns the sentences it completes. With `final`, what is left is the last one. */
  push(text: string, final: boolean): Fragment[] {
    this.#rest += text;
    const complete: string[] = [];
    for (let end = SENTENCE_END.exec(this.#rest); end !== null; end = SENTENCE_END.exec(this.#rest)) {
      const length = end.index + end[0].length;
      if (final && length === this.#rest.length) break;
      complete.push(this.#rest.slice(0, length));
      this.#rest = this.#rest.slice(length);
    }
    const fragments = complete.map((fragment) => this.#make(fragment, false));
    if (final) fragments.push(this.#make(this.#rest, true));
    return fragments;
  }

  #make(fragment: string, is_final: boolean): Fragment {
    const made = { index: this.#index, fragment, is_final };
    this.#index += 1;
    return made;
  }
}
