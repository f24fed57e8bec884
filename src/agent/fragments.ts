/** A piece of the message that makes sense by itself. */
export interface Fragment {
  index: number;
  fragment: string;
  is_final: boolean;
}

const STOP = /[.!?…]/;
const CLOSING = /["'”’)\]]/;
const SPACE = /\s/;

/** Finds the sentences in a message that arrives in pieces. One per message. Every character is looked at once. */
export class FragmentSplitter {
  #index = 0;
  #rest = '';
  /** Whether what was read ends in the stop of a sentence, and maybe in quotes closed behind it. */
  #stopped = false;

  /**
   * Takes the next piece; returns the sentences it completes: a stop, with the closing quotes and the space behind it, or
   * a line end. With `final`, what is left is the last one.
   */
  push(text: string, final: boolean): Fragment[] {
    const fragments: Fragment[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const end = this.#endAt(text, at);
      if (end === null) continue;
      if (final && end === text.length) break;
      fragments.push(this.#make(this.#rest + text.slice(start, end), false));
      this.#rest = '';
      start = end;
      at = end - 1;
    }
    this.#rest += text.slice(start);
    if (final) fragments.push(this.#make(this.#rest, true));
    return fragments;
  }

  /** Where the sentence ends that the character at `at` ends; `null` when it ends none. */
  #endAt(text: string, at: number): number | null {
    const character = text.charAt(at);
    const ends = SPACE.test(character) && (this.#stopped || character === '\n');
    if (ends) {
      const behind = this.#stopped ? SPACE : /\n/;
      let end = at + 1;
      while (end < text.length && behind.test(text.charAt(end))) end += 1;
      this.#stopped = false;
      return end;
    }
    this.#stopped = STOP.test(character) || (this.#stopped && CLOSING.test(character));
    return null;
  }

  #make(fragment: string, is_final: boolean): Fragment {
    const made = { index: this.#index, fragment, is_final };
    this.#index += 1;
    return made;
  }
}
