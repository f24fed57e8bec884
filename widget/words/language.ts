/** The words that are on the screen: written once, and again when the language or the site's own words change. */
import { languageOf, type Words } from './words.ts';

/** The language of the chat, and every text that is on the screen in it. */
export class Language {
  tag = '';
  direction: 'ltr' | 'rtl' = 'ltr';
  /** One object for the life of the chat, so that what holds it always has the words of the moment. */
  readonly words = {} as Words;
  /** By element, so that what leaves the screen is forgotten with it. */
  readonly #written = new WeakMap<Element, () => void>();

  /** Speaks the language of a BCP 47 tag from now on. `replaced`: the site's own words. */
  speak(tag: string, replaced: Partial<Words>): void {
    const { words, ...rest } = languageOf(tag, replaced);
    Object.assign(this.words, words);
    Object.assign(this, rest);
  }

  /** Writes a text into an element, or into one of its attributes, now and whenever `rewrite` is called. */
  write<Written extends Element>(element: Written, text: () => string, attribute?: string): Written {
    const write = () => {
      const now = text();
      if (attribute !== undefined) element.setAttribute(attribute, now);
      // A live region reads out what is set, even when it is the same.
      else if (element.textContent !== now) element.textContent = now;
    };
    this.#written.set(element, write);
    write();
    return element;
  }

  /** Writes every text of `root` and below it again. */
  rewrite(root: Element): void {
    for (const element of [root, ...root.querySelectorAll('*')]) this.#written.get(element)?.();
  }
}
