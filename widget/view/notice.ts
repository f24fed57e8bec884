/** One message about the chat itself: a problem and the way out of it. */
import type { Explanation, Remedy } from '../words/problems.ts';
import type { Language } from '../words/language.ts';
import { fill } from '../words/words.ts';
import { make, makeButton } from './elements.ts';

/** A problem on the screen, with the button of its remedy. */
export class Notice {
  readonly element: HTMLElement;
  /** Read out when its text changes. */
  readonly #alert = make('p', {});
  /** The part that changes each second. Screen readers leave it out. */
  readonly #ticking = make('p', {});
  readonly #button: HTMLButtonElement;
  readonly #language: Language;
  #remedy: Remedy = 'none';

  constructor(language: Language, onRemedy: (remedy: Remedy) => void) {
    this.#language = language;
    this.#alert.setAttribute('role', 'alert');
    this.#ticking.setAttribute('aria-hidden', 'true');
    this.#button = makeButton({ className: 'button quiet' }, () => onRemedy(this.#remedy));
    this.element = make('div', { className: 'notice' }, this.#alert, this.#ticking, this.#button);
    this.clear();
  }

  show({ words, remedy }: Explanation): void {
    this.#show(words, remedy, false);
  }

  /** A sentence with `{seconds}` in it, read out once and counted down for the eye. Returns how to count. */
  countDown(sentence: () => string, seconds: number): (left: number) => void {
    this.#show(() => fill(sentence(), { seconds }), 'none', true);
    const tick = (left: number) => {
      this.#language.write(this.#ticking, () => fill(sentence(), { seconds: left }));
    };
    tick(seconds);
    return tick;
  }

  clear(): void {
    this.element.hidden = true;
    this.#language.write(this.#alert, () => '');
  }

  #show(words: () => string, remedy: Remedy, isTicking: boolean): void {
    const language = this.#language;
    this.#remedy = remedy;
    this.#button.hidden = remedy === 'none' || remedy === 'wait';
    language.write(this.#button, () => language.words[remedy === 'start-new' ? 'startNew' : 'tryAgain']);
    this.#ticking.hidden = !isTicking;
    this.#alert.className = isTicking ? 'for-screen-readers' : '';
    this.element.hidden = false;
    // Written last, and only when it differs: the same problem again is not read out again.
    language.write(this.#alert, words);
  }
}
