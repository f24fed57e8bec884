/** Where the visitor writes: the field, the button that sends, and answers to choose from. */
import { make, requireElement } from './elements.ts';

export class Composer {
  readonly #form: HTMLFormElement;
  readonly #field: HTMLTextAreaElement;
  readonly #sendButton: HTMLButtonElement;
  readonly #suggestions: HTMLElement;
  readonly #onSend: (text: string) => void;
  #isReady = false;

  constructor(root: ParentNode, onSend: (text: string) => void) {
    this.#form = requireElement(root, '#composer', HTMLFormElement);
    this.#field = requireElement(root, '#message', HTMLTextAreaElement);
    this.#sendButton = requireElement(root, '#send', HTMLButtonElement);
    this.#suggestions = requireElement(root, '#suggestions', HTMLElement);
    this.#onSend = onSend;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /**
   * While the agent answers, the visitor may write but not send. The button is marked, not disabled: a disabled one
   * would drop the keyboard's focus.
   */
  setReady(isReady: boolean): void {
    this.#isReady = isReady;
    this.#sendButton.setAttribute('aria-disabled', String(!isReady));
    if (!isReady) this.suggest([]);
  }

  setVisible(isVisible: boolean): void {
    this.#form.hidden = !isVisible;
    if (!isVisible) this.suggest([]);
  }

  /** Puts back what could not be sent, before what has been written since. */
  restore(text: string): void {
    const since = this.#field.value.trim();
    this.#field.value = since === '' ? text : `${text}\n${since}`;
  }

  suggest(texts: readonly string[]): void {
    const buttons = texts.map((text) => {
      const button = make('button', { className: 'suggestion', text });
      button.type = 'button';
      button.dir = 'auto';
      button.addEventListener('click', () => this.#send(text));
      return button;
    });
    this.#suggestions.replaceChildren(...buttons);
    this.#suggestions.hidden = buttons.length === 0;
  }

  focus(): void {
    this.#field.focus();
  }

  #onKey(event: KeyboardEvent): void {
    // While a character is being composed (Japanese, Chinese), Enter chooses it and must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit(): void {
    const text = this.#field.value.trim();
    if (text === '' || !this.#isReady) {
      this.focus();
      return;
    }
    this.#field.value = '';
    this.#send(text);
  }

  #send(text: string): void {
    if (this.#isReady) this.#onSend(text);
  }
}
