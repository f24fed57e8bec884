/** One message about the page itself: a problem and the way out of it. */
import { requireElement } from './elements.ts';
import type { Explanation, Remedy } from './problem-words.ts';

const LABELS: Readonly<Record<Exclude<Remedy, 'none' | 'read-document'>, string>> = {
  'open-again': 'Open the conversation again',
  'start-new': 'Start a new conversation',
};

export class Notice {
  readonly #box: HTMLElement;
  readonly #words: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #documentLink: HTMLElement;
  #remedy: Remedy = 'none';

  constructor(root: ParentNode, onRemedy: (remedy: Remedy) => void) {
    this.#box = requireElement(root, '#notice', HTMLElement);
    this.#words = requireElement(root, '#notice-words', HTMLElement);
    this.#button = requireElement(root, '#notice-remedy', HTMLButtonElement);
    this.#documentLink = requireElement(root, '#notice-document', HTMLElement);
    this.#button.addEventListener('click', () => onRemedy(this.#remedy));
  }

  show({ words, remedy }: Explanation): void {
    this.#remedy = remedy;
    const label = remedy === 'none' || remedy === 'read-document' ? null : LABELS[remedy];
    this.#button.hidden = label === null;
    this.#button.textContent = label ?? '';
    this.#documentLink.hidden = remedy !== 'read-document';
    this.#box.hidden = false;
    // The alert is read out when its text changes, so that comes last.
    this.#words.textContent = words;
  }

  clear(): void {
    this.#box.hidden = true;
    this.#words.textContent = '';
  }
}
