/** Everything the widget shows, put together: what happens is told by the callbacks, what to show by the methods. */
import type { Remedy } from '../words/problems.ts';
import { fill, type Language } from '../words/words.ts';
import { Composer } from './composer.ts';
import { make, makeButton } from './elements.ts';
import type { PlayButton } from './message.ts';
import { Notice } from './notice.ts';
import { styleSheet } from './style-sheet.ts';
import { TalkButton } from './talk-button.ts';
import { Transcript } from './transcript.ts';

export interface ChatActions {
  send(text: string): void;
  finish(): void;
  startNew(): void;
  remedy(remedy: Remedy): void;
  play(message: string, button: PlayButton): void;
  stopSpeaking(): void;
}

export interface ViewOptions {
  language: Language;
  /** What stands in the header; the agent's name unless the site says otherwise. */
  heading: string | null;
  agent: string | null;
}

export class ChatView {
  readonly element: HTMLElement;
  readonly transcript: Transcript;
  readonly composer: Composer;
  readonly notice: Notice;
  readonly talkButton: TalkButton;
  readonly #options: ViewOptions;
  /** Says in few words what state the conversation is in; screen readers hear it. */
  readonly #status = make('p', { className: 'for-screen-readers' });
  readonly #heading = make('h2', { className: 'heading' });
  readonly #portrait = make('span', { className: 'portrait' });
  readonly #endButton: HTMLButtonElement;
  readonly #stopButton: HTMLButtonElement;
  readonly #startButton: HTMLButtonElement;
  readonly #ended: HTMLElement;
  #agent: string | null;

  constructor(root: ShadowRoot, options: ViewOptions, actions: ChatActions) {
    root.adoptedStyleSheets = [styleSheet()];
    this.#options = options;
    this.#agent = options.agent;
    const { words } = options.language;
    this.talkButton = new TalkButton(words);
    this.composer = new Composer(words, this.talkButton, (text) => actions.send(text));
    this.notice = new Notice(words, (remedy) => actions.remedy(remedy));
    this.transcript = new Transcript(
      {
        language: options.language,
        agentName: () => this.agentName,
        onPlay: (message, button) => actions.play(message, button),
      },
      this.composer.suggestions,
    );
    this.#endButton = makeButton({ className: 'button end quiet', text: words.end }, () => actions.finish());
    this.#stopButton = makeButton({ className: 'button stop quiet', text: words.stopSpeaking }, () =>
      actions.stopSpeaking(),
    );
    this.#startButton = makeButton({ className: 'button start', text: words.startNew }, () =>
      actions.startNew(),
    );
    this.#ended = make('div', { className: 'ended' }, make('p', { text: words.ended }), this.#startButton);
    this.element = this.#assemble();
    root.replaceChildren(this.element);
    this.#showName();
    this.showClosed();
    this.setSpeaking(false);
  }

  get agentName(): string {
    return this.#agent ?? this.#options.language.words.agent;
  }

  /** The agent's name as its messages tell it, unless the site gave it another. */
  learnAgentName(name: string): void {
    if (this.#options.agent !== null || name === '') return;
    this.#agent = name;
    this.#showName();
  }

  get isAgentKnown(): boolean {
    return this.#agent !== null;
  }

  say(status: string): void {
    if (this.#status.textContent !== status) this.#status.textContent = status;
  }

  setBusy(isBusy: boolean): void {
    this.#endButton.setAttribute('aria-disabled', String(isBusy));
    if (!isBusy) this.say('');
  }

  /** There is no voice after all. */
  hideTalkButton(): void {
    const hadFocus = this.talkButton.element.matches(':focus');
    this.talkButton.setVisible(false);
    if (hadFocus) this.composer.focus();
  }

  setSpeaking(isSpeaking: boolean): void {
    this.#stopButton.hidden = !isSpeaking;
  }

  /** Nothing to write to yet. */
  showClosed(): void {
    this.#ended.hidden = true;
    this.#endButton.hidden = true;
    this.composer.setVisible(true);
  }

  showOpen(canFinish: boolean): void {
    this.#ended.hidden = true;
    this.#endButton.hidden = !canFinish;
    this.composer.setVisible(true);
  }

  showEnded(): void {
    const hadFocus = this.element.matches(':focus-within');
    this.#endButton.hidden = true;
    this.composer.setVisible(false);
    this.#ended.hidden = false;
    if (hadFocus) this.#startButton.focus();
  }

  focus(): void {
    if (this.#ended.hidden) this.composer.focus();
    else this.#startButton.focus();
  }

  /** After something was pressed that goes away: the keyboard goes on where one writes. */
  focusWriting(): void {
    if (this.element.matches(':focus-within')) this.transcript.focusInsteadOf(this.composer);
  }

  #assemble(): HTMLElement {
    const { direction, tag } = this.#options.language;
    this.#portrait.setAttribute('aria-hidden', 'true');
    this.#status.setAttribute('role', 'status');
    const header = make(
      'header',
      { className: 'header' },
      this.#portrait,
      this.#heading,
      this.#stopButton,
      this.#endButton,
    );
    const frame = make(
      'div',
      { className: 'chat' },
      header,
      this.transcript.element,
      this.#status,
      this.notice.element,
      this.composer.element,
      this.#ended,
    );
    frame.setAttribute('role', 'group');
    frame.dir = direction;
    frame.lang = tag;
    return frame;
  }

  #showName(): void {
    const { heading, language } = this.#options;
    const title = heading ?? this.#agent ?? fill(language.words.chatWith, { agent: this.agentName });
    this.#heading.textContent = title;
    this.#heading.dir = 'auto';
    this.#portrait.textContent = Array.from(title)[0] ?? '';
    this.element.setAttribute('aria-label', fill(language.words.chatWith, { agent: this.agentName }));
  }
}
