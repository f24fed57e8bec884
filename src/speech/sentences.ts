/** Cuts a text that arrives in fragments into what is spoken in one go. */

/** Shorter ones are spoken together with what follows: "Dr." alone would sound like an end. */
const MIN_CHARACTERS = 12;
/** Longer ones are cut: the whole of a cut is made before any of it is heard, and providers have limits of their own. */
const MAX_CHARACTERS = 300;

/** Where a long text is best cut: behind the last clause, else the last word, else anywhere, that still fits. */
function cutAt(text: string): number {
  const head = text.slice(0, MAX_CHARACTERS);
  const clause = Math.max(head.lastIndexOf(', '), head.lastIndexOf('; '), head.lastIndexOf(': ')) + 2;
  if (clause > MAX_CHARACTERS / 2) return clause;
  const word = head.lastIndexOf(' ') + 1;
  if (word > 0) return word;
  // Never between the two halves of a character.
  return /[\uD800-\uDBFF]$/.test(head) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
}

/** One per message. */
export class Sentences {
  #held = '';

  /** Takes the next fragment; gives what is now to be spoken, in order. Joined, they are the text. */
  push(fragment: string, final: boolean): string[] {
    this.#held += fragment;
    const sentences: string[] = [];
    while (this.#held.length > MAX_CHARACTERS) {
      const end = cutAt(this.#held);
      sentences.push(this.#held.slice(0, end));
      this.#held = this.#held.slice(end);
    }
    if (final ? this.#held !== '' : this.#held.trim().length >= MIN_CHARACTERS) {
      sentences.push(this.#held);
      this.#held = '';
    }
    return sentences;
  }
}

/**
 * What of a text is to be said: the words without the signs of Markdown, and of a link its words. Empty for a text
 * that nobody could say, such as a line of dashes.
 */
export function speakable(text: string): string {
  const words = text
    .replaceAll(/!?\[([^[\]]*)\]\([^()\s]*\)/g, '$1')
    .replaceAll(/^[ \t]*(?:#{1,6}|[-*+>])[ \t]+/gm, '')
    .replaceAll(/[*_~`]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : '';
}
