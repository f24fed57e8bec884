/** One message on the screen. */
import type { Rating } from '../chat/ratings.ts';
import type { Language } from '../words/language.ts';
import { make, makeButton, makeIcon } from './elements.ts';
import { MessageTools } from './message-tools.ts';
import { showAgentText, type Around } from './agent-text.ts';

/** The kind of a message's author. */
export type Author = 'agent' | 'user' | 'event';

/** The content of a message on the screen. */
export interface MessageContent {
  author: Author;
  /** Returns the name of the author; empty while it is not known. */
  name: () => string;
  text: string;
  at: Date;
}

/** A message on the screen. */
export class Message {
  readonly element: HTMLElement;
  readonly author: Author;
  /** True while the message waits to be stored. */
  isPending = false;
  /** Under which the API has stored it; `null` until that is known. */
  id: string | null = null;
  /** The interaction that it belongs to; `null` until that is known. */
  interaction: string | null = null;
  text: string;
  readonly at: Date;
  /** The line above it where its day begins. */
  day: HTMLElement | null = null;
  #tools: MessageTools | null = null;
  readonly #language: Language;
  readonly #body: HTMLElement;
  readonly #around: Around;
  readonly #note = make('span', {});
  readonly #notes = make('p', { className: 'note' }, this.#note);

  /** `around` is called for changes of what is shown that come later. */
  constructor({ author, name, text, at }: MessageContent, language: Language, around: Around) {
    this.#around = around;
    this.author = author;
    this.text = text;
    this.at = at;
    this.#language = language;
    const time = language.write(make('time', {}), () =>
      new Intl.DateTimeFormat(language.tag, { hour: 'numeric', minute: '2-digit' }).format(at),
    );
    time.dateTime = at.toISOString();
    const line = make('p', { className: 'author' }, language.write(make('span', {}), name), ' ', time);
    this.#body = make('div', { className: `text ${author}-text` });
    this.#body.dir = 'auto';
    this.#show();
    this.#notes.hidden = true;
    this.element = make('article', { className: `message ${author}` }, line, this.#body, this.#notes);
  }

  setText(text: string): void {
    this.text = text;
    this.#show();
  }

  /** The agent's text may be Markdown; the others are shown as they were written. */
  #show(): void {
    if (this.author === 'agent') showAgentText(this.#body, this.text, this.#around);
    else this.#body.textContent = this.text;
  }

  /** Shows a note about the state of the message, or with `null` none: the message has arrived. */
  setNote(words: (() => string) | null): void {
    this.#notes.hidden = words === null;
    this.#language.write(this.#note, words ?? (() => ''));
    this.element.classList.toggle('waiting', words !== null);
  }

  /** Offers to take the message back for as long as its note says that it waits. */
  offerRemoval(onRemove: () => void): void {
    const button = makeButton({ className: 'button remove quiet' }, onRemove);
    this.#notes.append(
      ' ',
      this.#language.write(button, () => this.#language.words.remove),
    );
  }

  /** The API has it. */
  settle(): void {
    this.isPending = false;
    this.setNote(null);
  }

  /** Takes the message off the screen. */
  remove(): void {
    this.day?.remove();
    this.element.remove();
  }

  /** Offers to copy the answer and to rate it. */
  addTools(onRate: (rating: Rating | null) => void): void {
    this.#tools = new MessageTools(this.#language, () => this.text, onRate);
    this.element.append(this.#tools.element);
  }

  /** Shows the rating of the answer. */
  setRating(rating: Rating | null): void {
    this.#tools?.setRating(rating);
  }

  /** The agent's steps, folded under its answer. */
  addSteps(steps: readonly string[]): void {
    if (steps.length === 0) return;
    const language = this.#language;
    const details = make(
      'details',
      { className: 'steps' },
      language.write(make('summary', {}), () => `${language.words.steps} (${steps.length})`),
      make('ol', {}, ...steps.map((text) => make('li', { text }))),
    );
    // Inside the log, but nothing that should be read out on its own.
    details.setAttribute('aria-live', 'off');
    this.element.append(details);
  }

  /** A button that plays the recording behind the message. `onPress` is told whether it plays already. */
  addPlayButton(onPress: (button: PlayButton) => void): void {
    const button = new PlayButton(this.#language, onPress);
    this.element.append(button.element);
  }
}

const PLAY_ICON = 'M8 5v14l11-7z';

/** The button that plays a message's recording. */
export class PlayButton {
  readonly element: HTMLButtonElement;
  readonly #language: Language;
  readonly #label = make('span', {});

  constructor(language: Language, onPress: (button: PlayButton) => void) {
    this.#language = language;
    this.element = makeButton({ className: 'button play quiet' }, () => onPress(this));
    this.element.append(makeIcon(PLAY_ICON), this.#label);
    this.setPlaying(false);
  }

  setPlaying(isPlaying: boolean): void {
    const { words } = this.#language;
    this.#language.write(this.#label, () => (isPlaying ? words.stopSpeaking : words.play));
  }
}
