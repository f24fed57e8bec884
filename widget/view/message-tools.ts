/** The buttons under an answer: to copy it, and to rate it. */
import type { Rating } from '../chat/ratings.ts';
import type { Language } from '../words/language.ts';
import { make, makeButton, makeIcon } from './elements.ts';

const COPY_ICON = 'M9 9h11v11H9zM5 15H4V4h11v1';
const DONE_ICON = 'M5 13l4 4L19 7';
const THUMB_ICONS: Readonly<Record<Rating, string>> = {
  up: 'M7 11v9H3v-9zM7 11l4-8a2 2 0 0 1 2 2v4h6a2 2 0 0 1 2 2l-2 7a2 2 0 0 1-2 2H7',
  down: 'M17 13V4h4v9zM17 13l-4 8a2 2 0 0 1-2-2v-4H5a2 2 0 0 1-2-2l2-7a2 2 0 0 1 2-2h10',
};
/** The time for which a copied answer is marked as copied, in milliseconds. */
const COPIED_MS = 2_000;

/** The buttons of one answer. */
export class MessageTools {
  readonly element: HTMLElement;
  readonly #language: Language;
  readonly #thumbs: Record<Rating, HTMLButtonElement>;

  /** `onRate` is told the rating that the visitor chose; null: none any more. */
  constructor(language: Language, text: () => string, onRate: (rating: Rating | null) => void) {
    this.#language = language;
    const thumb = (rating: Rating) => {
      const name = rating === 'up' ? 'helpful' : 'notHelpful';
      const button = this.#make(
        'rate',
        THUMB_ICONS[rating],
        () => language.words[name],
        () => {
          onRate(button.getAttribute('aria-pressed') === 'true' ? null : rating);
        },
      );
      return button;
    };
    this.#thumbs = { up: thumb('up'), down: thumb('down') };
    this.element = make('div', { className: 'tools' }, this.#thumbs.up, this.#thumbs.down);
    // A page without TLS has no clipboard.
    if ('clipboard' in navigator) this.element.prepend(this.#copyButton(text));
    this.setRating(null);
  }

  /** Shows a rating. */
  setRating(rating: Rating | null): void {
    for (const kind of ['up', 'down'] as const)
      this.#thumbs[kind].setAttribute('aria-pressed', String(kind === rating));
  }

  #copyButton(text: () => string): HTMLButtonElement {
    const { words } = this.#language;
    const button = this.#make(
      'copy',
      COPY_ICON,
      () => words.copy,
      () => {
        const show = (icon: string, label: () => string) => {
          button.replaceChildren(makeIcon(icon));
          this.#language.write(button, label, 'aria-label');
        };
        const onCopied = () => {
          show(DONE_ICON, () => words.copied);
          setTimeout(() => show(COPY_ICON, () => words.copy), COPIED_MS);
        };
        // Where the page may not write to the clipboard, the text can be marked.
        navigator.clipboard.writeText(text()).then(onCopied, console.error);
      },
    );
    return button;
  }

  #make(className: string, icon: string, label: () => string, onClick: () => void): HTMLButtonElement {
    const button = makeButton({ className: `button tool ${className}` }, onClick);
    button.append(makeIcon(icon));
    return this.#language.write(button, label, 'aria-label');
  }
}
