import { byId } from './elements.ts';

/** The state that decides whether the user of the session can say something. `null`: no conversation is open. */
export interface SpeakingState {
  conversation: { is_finished: boolean; user_id: string } | null;
  /** The user of the session. */
  self: string | undefined;
  isRunning: boolean;
}

/** Returns whether the field is open for the user of the session, and the words that say so. */
export function speaking({ conversation, self, isRunning }: SpeakingState): {
  isOpen: boolean;
  words: string;
} {
  if (isRunning) return { isOpen: false, words: 'The turn is running …' };
  if (conversation === null) return { isOpen: false, words: 'Begin a conversation to say something' };
  if (conversation.user_id !== self) return { isOpen: false, words: 'Only its own user can speak here' };
  if (conversation.is_finished) return { isOpen: false, words: 'This conversation has ended' };
  return { isOpen: true, words: 'Say something as this user' };
}

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

  /** Opens or closes the field, with the words that say why. */
  show({ isOpen, words }: { isOpen: boolean; words: string }): void {
    this.#label.textContent = words;
    this.#field.disabled = !isOpen;
    this.#button.disabled = !isOpen;
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

  #send(): void {
    const text = this.#field.value.trim();
    if (text === '') return;
    this.#hadFocus = true;
    this.#field.value = '';
    this.#onSend(text);
  }
}
