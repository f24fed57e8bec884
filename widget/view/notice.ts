/** One message about the chat itself: a problem and the way out of it. */
import type { Explanation, Remedy } from '../words/problems.ts';
import { fill, type Words } from '../words/words.ts';
import { make, makeButton } from './elements.ts';

export class Notice {
  readonly element: HTMLElement;
  /** Read out when its text changes. */
  readonly #alert = make('p', {});
  /** What changes each second is only for the eye. */
  readonly #ticking = make('p', {});
  readonly #button: HTMLButtonElement;
  readonly #words: Words;
  #remedy: Remedy = 'none';

  constructor(words: Words, onRemedy: (remedy: Remedy) => void) {
    this.#words = words;
    this.#alert.setAttribute('role', 'alert');
    this.#ticking.setAttribute('aria-hidden', 'true');
    this.#button = makeButton({ className: 'button quiet' }, () => onRemedy(this.#remedy));
    this.element = make('div', { className: 'notice' }, this.#alert, this.#ticking, this.#button);
    this.clear();
  }

  show({ words, remedy }: Explanation): void {
    this.#show(words, remedy, null);
  }

  /** A sentence with `{seconds}` in it, read out once and counted down for the eye. Returns how to count. */
  countDown(sentence: string, seconds: number): (left: number) => void {
    this.#show(fill(sentence, { seconds }), 'none', '');
    const tick = (left: number) => {
      this.#ticking.textContent = fill(sentence, { seconds: left });
    };
    tick(seconds);
    return tick;
  }

  clear(): void {
    this.element.hidden = true;
    this.#alert.textContent = '';
  }

  #show(words: string, remedy: Remedy, ticking: string | null): void {
    this.#remedy = remedy;
    this.#button.hidden = remedy === 'none';
    this.#button.textContent = remedy === 'start-new' ? this.#words.startNew : this.#words.tryAgain;
    this.#ticking.hidden = ticking === null;
    this.#alert.className = ticking === null ? '' : 'for-screen-readers';
    this.element.hidden = false;
    // Set last, and only when it differs: the same problem again is not read out again.
    if (this.#alert.textContent !== words) this.#alert.textContent = words;
  }
}
