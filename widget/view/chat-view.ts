/** Everything the widget shows, put together: what happens is told by the callbacks, what to show by the methods. */
import type { Remedy } from '../words/problems.ts';
import type { Language } from '../words/language.ts';
import { fill } from '../words/words.ts';
import { Composer } from './composer.ts';
import { make, makeButton } from './elements.ts';
import type { PlayButton } from './message.ts';
import { Notice } from './notice.ts';
import { styleSheet } from './style-sheet.ts';
import type { TalkButton } from './talk-button.ts';
import { Transcript } from './transcript.ts';

/** The actions of the visitor. */
export interface ChatActions {
  send(text: string): void;
  finish(): void;
  startNew(): void;
  remedy(remedy: Remedy): void;
  play(message: string, button: PlayButton): void;
  stop(): void;
  /** Loads the button to talk; `addTalkButton` takes it. */
  offerVoice(): void;
}

/** The settings of the site that are shown. They may change; `update` shows them then. */
export interface ViewSettings {
  /** The heading; null: the agent's name. */
  readonly heading: string | null;
  /** The agent's name; null: the one that its messages carry. */
  readonly agent: string | null;
  readonly hasVoice: boolean;
  /** True when the agent's actions are shown under its answers. */
  readonly showsActions: boolean;
}

/** The chat on the screen, composed of its parts. */
export class ChatView {
  readonly element: HTMLElement;
  readonly transcript: Transcript;
  readonly composer: Composer;
  readonly notice: Notice;
  readonly #root: ShadowRoot;
  readonly #settings: ViewSettings;
  readonly #language: Language;
  /** Says in few words what state the conversation is in; screen readers hear it. */
  readonly #status = make('p', { className: 'for-screen-readers' });
  readonly #heading = make('h2', { className: 'heading' });
  readonly #portrait = make('span', { className: 'portrait' });
  readonly #endButton: HTMLButtonElement;
  readonly #stopButton: HTMLButtonElement;
  readonly #startButton: HTMLButtonElement;
  readonly #ended: HTMLElement;
  /** The agent's name as its messages tell it; empty while none has. */
  #learned = '';
  readonly #actions: ChatActions;
  /** Loaded when the site offers voice. */
  #talkButton: TalkButton | null = null;
  /** The API has said that there is no voice. */
  #isVoiceRefused = false;

  constructor(root: ShadowRoot, settings: ViewSettings, language: Language, actions: ChatActions) {
    root.adoptedStyleSheets = [styleSheet()];
    this.#root = root;
    this.#settings = settings;
    this.#language = language;
    const { words } = language;
    this.#actions = actions;
    this.composer = new Composer(language, (text) => actions.send(text));
    this.notice = new Notice(language, (remedy) => actions.remedy(remedy));
    this.transcript = new Transcript(
      {
        language,
        agentName: () => this.agentName,
        nameOfAgent: (learned) => this.#nameOfAgent(learned),
        onPlay: (message, button) => actions.play(message, button),
      },
      this.composer.suggestions,
    );
    const button = (className: string, name: 'end' | 'stopSpeaking' | 'startNew', onClick: () => void) =>
      language.write(makeButton({ className: `button ${className}` }, onClick), () => words[name]);
    this.#endButton = button('end quiet', 'end', () => actions.finish());
    this.#stopButton = button('stop quiet', 'stopSpeaking', () => actions.stop());
    this.#startButton = button('start', 'startNew', () => actions.startNew());
    const ended = language.write(make('p', {}), () => words.ended);
    this.#ended = make('div', { className: 'ended' }, ended, this.#startButton);
    this.element = this.#assemble();
    root.replaceChildren(this.element);
    this.update();
    this.showClosed();
    this.setAnswering(false);
  }

  /** The agent's name, or what stands for it in a sentence. */
  get agentName(): string {
    return this.#nameOfAgent() || this.#language.words.agent;
  }

  /** The agent's name as its messages tell it. */
  learnAgentName(name: string): void {
    if (name === '' || name === this.#learned) return;
    this.#learned = name;
    this.update();
  }

  /** True when the site has named the agent, so that its messages need not. */
  get isAgentNamed(): boolean {
    return this.#settings.agent !== null;
  }

  /** Shows what the site says of the chat now: its language and words, its names, whether one may talk. */
  update(): void {
    const language = this.#language;
    const { heading, hasVoice, showsActions } = this.#settings;
    const title = heading ?? this.#nameOfAgent();
    this.element.dir = language.direction;
    this.element.lang = language.tag;
    language.write(this.#heading, () => title || language.words.transcript);
    this.#portrait.textContent = Array.from(title)[0] ?? '';
    this.element.classList.toggle('without-steps', !showsActions);
    this.#showVoice(hasVoice && !this.#isVoiceRefused);
    language.rewrite(this.#root);
  }

  say(status: string): void {
    if (this.#status.textContent !== status) this.#status.textContent = status;
  }

  setBusy(isBusy: boolean): void {
    this.#endButton.setAttribute('aria-disabled', String(isBusy));
    if (!isBusy) this.say('');
  }

  /** Takes the button to talk, which is shown as the site and the API say. */
  addTalkButton(button: TalkButton): void {
    if (this.#talkButton === null) this.composer.addTalkButton(button);
    this.#talkButton = button;
    this.update();
  }

  /** There is no voice after all. */
  refuseVoice(): void {
    this.#isVoiceRefused = true;
    this.#showVoice(false);
  }

  /** Offers to stop an answer while one is on its way, or heard. */
  setAnswering(isAnswering: boolean): void {
    this.#stopButton.hidden = !isAnswering;
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
    const language = this.#language;
    this.#heading.dir = 'auto';
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
    const label = () => {
      const { chatWith, transcript } = language.words;
      const agent = this.#nameOfAgent();
      return agent === '' ? transcript : fill(chatWith, { agent });
    };
    return language.write(frame, label, 'aria-label');
  }

  #nameOfAgent(learned = this.#learned): string {
    return this.#settings.agent ?? learned;
  }

  #showVoice(isVisible: boolean): void {
    const button = this.#talkButton;
    if (button === null) {
      if (isVisible) this.#actions.offerVoice();
      return;
    }
    const hadFocus = button.element.matches(':focus');
    button.setVisible(isVisible);
    if (hadFocus && !isVisible) this.composer.focus();
  }
}
