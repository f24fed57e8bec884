/**
 * Push to talk. Held, it records for as long as it is held; pressed shortly, or by the keyboard or a screen reader, it
 * records until it is pressed again. What it does with a recording is the business of who gives it its callbacks.
 */
import type { Language } from '../words/language.ts';
import { make, makeButton, makeIcon } from './elements.ts';

/** The least time of a hold, in milliseconds. A shorter one is a press. */
const HOLD_MS = 400;
const MICROPHONE_ICON =
  'M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11v1a7 7 0 0 0 14 0v-1M12 19v3';

/** The actions of the button: the beginning and the end of a recording. */
export interface TalkActions {
  begin(): void;
  /** `false`: what was recorded so far is dropped. */
  end(keep: boolean): void;
}

/** The button of push to talk, and the hint beside it. */
export class TalkButton {
  readonly element: HTMLButtonElement;
  readonly hint: HTMLElement;
  readonly #language: Language;
  #actions: TalkActions | null = null;
  #isRecording = false;
  #pressedAt: number | null = null;

  constructor(language: Language) {
    this.#language = language;
    this.hint = make('p', { className: 'hint' });
    this.hint.id = 'talk-hint';
    // Says by itself when the microphone listens.
    this.hint.setAttribute('role', 'status');
    this.element = makeButton({ className: 'button talk round' });
    language.write(this.element, () => language.words.talk, 'aria-label');
    this.element.append(makeIcon(MICROPHONE_ICON));
    this.element.setAttribute('aria-describedby', this.hint.id);
    this.element.addEventListener('pointerdown', (event) => this.#press(event));
    this.element.addEventListener('pointerup', () => this.#release(true));
    this.element.addEventListener('pointercancel', () => this.#release(false));
    this.element.addEventListener('contextmenu', (event) => event.preventDefault());
    // A click without a pointer comes from the keyboard or a screen reader.
    this.element.addEventListener('click', (event) => {
      if (event.detail === 0) this.#toggle();
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#isRecording) this.#actions?.end(false);
    });
    this.setVisible(false);
    this.setRecording(false);
  }

  connect(actions: TalkActions): void {
    this.#actions = actions;
  }

  setVisible(isVisible: boolean): void {
    if (!isVisible && this.#isRecording) this.#actions?.end(false);
    this.element.hidden = !isVisible;
    this.hint.hidden = !isVisible;
  }

  setRecording(isRecording: boolean): void {
    this.#isRecording = isRecording;
    this.element.setAttribute('aria-pressed', String(isRecording));
    const { words } = this.#language;
    this.#language.write(this.hint, () => (isRecording ? words.listening : words.talkHelp));
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#isRecording) {
      this.#actions?.end(true);
      return;
    }
    // The finger may slide off the button while it is held.
    this.element.setPointerCapture(event.pointerId);
    this.#pressedAt = event.timeStamp;
    this.#actions?.begin();
  }

  #release(keep: boolean): void {
    const pressedAt = this.#pressedAt;
    this.#pressedAt = null;
    if (pressedAt === null) return;
    if (!keep || performance.now() - pressedAt >= HOLD_MS) this.#actions?.end(keep);
  }

  #toggle(): void {
    if (this.#isRecording) this.#actions?.end(true);
    else this.#actions?.begin();
  }
}
