import { byId } from './elements.ts';

/** The field for the messages of the user. Enter sends, Shift and Enter begins a line. */
export class Composer {
  readonly #field = byId('message', HTMLTextAreaElement);
  readonly #button = byId('send', HTMLButtonElement);
  readonly #label = byId('composer-label', HTMLElement);
  readonly #onSend: (text: string) => void;
  #hadFocus = false;

  constructor(onSend: (text: string) => void) {
    this.#onSend = onSend;
    byId('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
  }

  open(words: string): void {
    this.#set(words, false);
  }

  close(words: string): void {
    this.#set(words, true);
  }

  /** Gives back what was not stored. */
  restore(text: string): void {
    this.#field.value = text;
  }

  /** Gives the focus back to the field, which loses it while it is disabled. */
  focusIfLost(): void {
    if (this.#hadFocus && !this.#field.disabled) this.#field.focus();
    this.#hadFocus = false;
  }

  #set(words: string, isClosed: boolean): void {
    this.#label.textContent = words;
    this.#field.disabled = isClosed;
    this.#button.disabled = isClosed;
  }

  #send(): void {
    const text = this.#field.value.trim();
    if (text === '') return;
    this.#hadFocus = true;
    this.#field.value = '';
    this.#onSend(text);
  }
}
