/** One message on the screen. */
import type { Words } from '../words/words.ts';
import { make, makeButton, makeIcon } from './elements.ts';
import { markdownNodes } from './markdown.ts';

export type Author = 'agent' | 'user' | 'event';

export interface MessageContent {
  author: Author;
  name: string;
  text: string;
  at: Date;
  language: string;
}

/** What the agent writes may be Markdown; what others write is shown as they wrote it. */
export function showText(body: HTMLElement, author: Author, text: string): void {
  if (author === 'agent') body.replaceChildren(...markdownNodes(text));
  else body.textContent = text;
}

export class Message {
  readonly element: HTMLElement;
  readonly author: Author;
  /** Whether it waits to be stored. */
  isPending = false;
  /** Under which the API has stored it; `null` until that is known. */
  id: string | null = null;
  text: string;
  readonly #body: HTMLElement;
  readonly #note = make('p', { className: 'note' });

  constructor({ author, name, text, at, language }: MessageContent) {
    this.author = author;
    this.text = text;
    const time = make('time', {
      text: new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(at),
    });
    time.dateTime = at.toISOString();
    const line = make('p', { className: 'author' }, make('span', { text: name }), ' ', time);
    this.#body = make('div', { className: `text ${author}-text` });
    this.#body.dir = 'auto';
    showText(this.#body, author, text);
    this.#note.hidden = true;
    this.element = make('article', { className: `message ${author}` }, line, this.#body, this.#note);
  }

  setText(text: string): void {
    this.text = text;
    showText(this.#body, this.author, text);
  }

  /** What is happening to the message, or `null` when it has arrived. */
  setNote(words: string | null): void {
    this.#note.hidden = words === null;
    this.#note.textContent = words ?? '';
    this.element.classList.toggle('waiting', words !== null);
  }

  /** The API has it. */
  settle(): void {
    this.isPending = false;
    this.setNote(null);
  }

  /** The agent's steps, folded under its answer. */
  addSteps(steps: readonly string[], words: Words): void {
    if (steps.length === 0) return;
    const details = make(
      'details',
      { className: 'steps' },
      make('summary', { text: `${words.steps} (${steps.length})` }),
      make('ol', {}, ...steps.map((text) => make('li', { text }))),
    );
    // Inside the log, but nothing that should be read out on its own.
    details.setAttribute('aria-live', 'off');
    this.element.append(details);
  }

  /** A button that plays the recording behind the message. `onPress` is told whether it plays already. */
  addPlayButton(words: Words, onPress: (button: PlayButton) => void): void {
    const button = new PlayButton(words, onPress);
    this.element.append(button.element);
  }
}

const PLAY_ICON = 'M8 5v14l11-7z';

export class PlayButton {
  readonly element: HTMLButtonElement;
  readonly #words: Words;

  constructor(words: Words, onPress: (button: PlayButton) => void) {
    this.#words = words;
    this.element = makeButton({ className: 'button play quiet' }, () => onPress(this));
    this.setPlaying(false);
  }

  setPlaying(isPlaying: boolean): void {
    this.element.replaceChildren(
      makeIcon(PLAY_ICON),
      isPlaying ? this.#words.stopSpeaking : this.#words.play,
    );
  }
}
