/** The controls of the visitor: the field, the buttons that send and talk, and answers to choose from. */
import type { Language } from '../words/language.ts';
import { make, makeButton, makeIcon } from './elements.ts';
import type { TalkButton } from './talk-button.ts';

/** As long as a typed message may be. */
const MAX_CHARACTERS = 4_000;
const SEND_ICON = 'M4 12 20 4 15 20 11 14 4 12M11 14 20 4';

/** Labels belong to their fields by identifier, which is the shadow root's own. */
const FIELD_ID = 'message';

/** The form in which the visitor writes. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly suggestions: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #sendButton: HTMLButtonElement;
  readonly #language: Language;
  readonly #onSend: (text: string) => void;
  #isReady = false;

  constructor(language: Language, onSend: (text: string) => void) {
    const { words } = language;
    this.#language = language;
    this.#onSend = onSend;
    this.#field = make('textarea', { className: 'field' });
    this.#field.id = FIELD_ID;
    this.#field.rows = 1;
    this.#field.maxLength = MAX_CHARACTERS;
    this.#field.dir = 'auto';
    this.#field.enterKeyHint = 'send';
    this.#field.addEventListener('keydown', (event) => this.#onKey(event));
    this.#sendButton = make('button', { className: 'button send round' });
    language.write(this.#sendButton, () => words.send, 'aria-label');
    this.#sendButton.append(makeIcon(SEND_ICON));
    const label = language.write(make('label', {}), () => words.message);
    label.htmlFor = FIELD_ID;
    const row = make('div', { className: 'row' }, this.#field, this.#sendButton);
    this.element = make('form', { className: 'composer' }, label, row);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.suggestions = make('div', { className: 'suggestions' });
    this.suggestions.setAttribute('role', 'group');
    this.suggest([]);
    this.setReady(false);
  }

  /** Takes the button to talk, which stands beside the one that sends. */
  addTalkButton({ element, hint }: TalkButton): void {
    this.#sendButton.before(element);
    this.element.append(hint);
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
    this.element.hidden = !isVisible;
    if (!isVisible) this.suggest([]);
  }

  /** The text that was typed and not sent. */
  get draft(): string {
    return this.#field.value;
  }

  /** Puts back what could not be sent, before what has been written since. */
  restore(text: string): void {
    const since = this.#field.value.trim();
    this.#field.value = since === '' ? text : `${text}\n${since}`;
  }

  suggest(texts: readonly string[], label: 'suggestions' | 'starters' = 'suggestions'): void {
    const hadFocus = this.suggestions.contains(this.#active());
    const buttons = texts.map((text) => {
      const button = makeButton({ className: 'button suggestion', text }, () => this.#send(text));
      button.dir = 'auto';
      return button;
    });
    this.#language.write(this.suggestions, () => this.#language.words[label], 'aria-label');
    this.suggestions.replaceChildren(...buttons);
    this.suggestions.hidden = buttons.length === 0;
    // Buttons that go take the focus with them; a keyboard goes on in the field.
    if (hadFocus) this.focus();
  }

  focus(): void {
    this.#field.focus();
  }

  #active(): Element | null {
    const root = this.element.getRootNode();
    return root instanceof ShadowRoot ? root.activeElement : null;
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
