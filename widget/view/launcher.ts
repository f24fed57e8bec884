/** The launcher: a bubble at the edge of the page that opens the chat, and counts the answers that were not seen. */
import { keep, readKept } from '../tab-storage.ts';
import type { Language } from '../words/language.ts';
import { fill } from '../words/words.ts';
import { CLOSE_ICON, make, makeButton, makeIcon } from './elements.ts';

const BUBBLE_ICON = 'M4 5h16v11H9.5L5 20v-4H4z';
const PANEL_ID = 'panel';

/** The state of a launcher, which the tab keeps from page to page. */
interface LauncherState {
  isOpen: boolean;
  unread: number;
  /** True when the visitor has seen the greeting, and opened the chat or sent the greeting away. */
  isGreeted: boolean;
}

/** The parts that a launcher depends on. */
export interface LauncherOptions {
  language: Language;
  /** The name under which the tab keeps the state. */
  key: string;
  /** Returns the site's greeting; `null`: there is none. */
  greeting: () => string | null;
  /** The visitor, or the site, has opened the chat. */
  onOpen: () => void;
}

/** Opens and closes the chat. */
export class Launcher {
  readonly panel: HTMLElement;
  /** All of the launcher: a landmark, by which a screen reader finds it on the page. */
  readonly element: HTMLElement;
  readonly #options: LauncherOptions;
  readonly #bubble: HTMLButtonElement;
  readonly #icon = make('span', {});
  readonly #badge = make('span', { className: 'unread' });
  readonly #greeting: HTMLElement;
  readonly #greetingText = make('span', {});
  #state: LauncherState;

  constructor(options: LauncherOptions) {
    const { language, key } = options;
    this.#options = options;
    const { isOpen, unread, isGreeted } = Object(readKept(key)) as Partial<
      Record<keyof LauncherState, unknown>
    >;
    this.#state = {
      isOpen: isOpen === true,
      unread: typeof unread === 'number' ? unread : 0,
      isGreeted: isGreeted === true,
    };
    this.panel = make('div', { className: 'panel' });
    this.panel.id = PANEL_ID;
    this.panel.addEventListener('keydown', (event) => this.#onKey(event));
    this.#bubble = makeButton({ className: 'button bubble' }, () => this.toggle());
    this.#bubble.setAttribute('aria-controls', PANEL_ID);
    this.#icon.setAttribute('aria-hidden', 'true');
    this.#badge.setAttribute('aria-hidden', 'true');
    this.#bubble.append(this.#icon, this.#badge);
    const text = makeButton({ className: 'button greeting-text' }, () => this.toggle());
    text.append(this.#greetingText);
    const dismiss = makeButton({ className: 'button dismiss' }, () => this.#dismiss());
    dismiss.append(makeIcon(CLOSE_ICON));
    language.write(dismiss, () => language.words.dismiss, 'aria-label');
    this.#greeting = make('div', { className: 'greeting' }, text, dismiss);
    this.element = make('section', { className: 'launcher' }, this.panel, this.#greeting, this.#bubble);
    this.update();
  }

  get isOpen(): boolean {
    return this.#state.isOpen;
  }

  /** Opens the chat, or closes it. */
  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    this.#change({ isOpen: true, unread: 0, isGreeted: true });
    this.#options.onOpen();
  }

  /** Closes the chat. The keyboard goes on at the bubble. */
  close(): void {
    const hadFocus = this.panel.matches(':focus-within');
    this.#change({ isOpen: false });
    if (hadFocus) this.#bubble.focus();
  }

  /** Counts an answer that comes while the chat is closed. */
  count(): void {
    if (!this.isOpen) this.#change({ unread: this.#state.unread + 1 });
  }

  /** Shows the state, in the words and with the greeting of the moment. */
  update(): void {
    const { language, greeting } = this.#options;
    const { isOpen, unread, isGreeted } = this.#state;
    const { words } = language;
    this.panel.hidden = !isOpen;
    this.#bubble.setAttribute('aria-expanded', String(isOpen));
    this.#icon.replaceChildren(makeIcon(isOpen ? CLOSE_ICON : BUBBLE_ICON));
    language.write(this.element, () => words.chat, 'aria-label');
    language.write(
      this.#bubble,
      () => {
        if (isOpen) return words.closeChat;
        return unread === 0 ? words.openChat : `${words.openChat}. ${fill(words.unread, { count: unread })}`;
      },
      'aria-label',
    );
    this.#badge.textContent = unread > 99 ? '99+' : String(unread);
    this.#badge.hidden = isOpen || unread === 0;
    const text = greeting();
    this.#greetingText.textContent = text ?? '';
    this.#greeting.hidden = isOpen || isGreeted || text === null;
  }

  #dismiss(): void {
    this.#change({ isGreeted: true });
    this.#bubble.focus();
  }

  #change(change: Partial<LauncherState>): void {
    this.#state = { ...this.#state, ...change };
    keep(this.#options.key, this.#state);
    this.update();
  }

  #onKey(event: KeyboardEvent): void {
    // Escape belongs to a character that is being composed, and to a recording.
    const isTaken = event.isComposing || event.composedPath().some(isRecording);
    if (event.key !== 'Escape' || isTaken) return;
    event.stopPropagation();
    this.close();
  }
}

function isRecording(target: EventTarget): boolean {
  return target instanceof Element && target.matches('.talk[aria-pressed="true"]');
}
