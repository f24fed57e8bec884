/** Everything the widget shows, put together: what happens is told by the callbacks, what to show by the methods. */
import type { Language } from '../words/language.ts';
import { fill } from '../words/words.ts';
import type { ChatActions, ViewSettings } from './chat-actions.ts';
import { Composer } from './composer.ts';
import { CLOSE_ICON, make, makeButton, makeIcon } from './elements.ts';
import { Notice } from './notice.ts';
import type { TalkButton } from './talk-button.ts';
import { Transcript } from './transcript.ts';

type ButtonName = 'end' | 'stopSpeaking' | 'startNew' | 'undo';

const HISTORY_ICON = 'M12 7v5l3 2M4 12a8 8 0 1 1 3 6.2M4 12l-2-2M4 12l2-2';

/** The chat on the screen, composed of its parts. */
export class ChatView {
  readonly element: HTMLElement;
  readonly transcript: Transcript;
  readonly composer: Composer;
  readonly notice: Notice;
  readonly #settings: ViewSettings;
  readonly #language: Language;
  /** Says in few words what state the conversation is in; screen readers hear it. */
  readonly #status = make('p', { className: 'for-screen-readers' });
  readonly #header = make('header', { className: 'header' });
  readonly #heading = make('h2', { className: 'heading' });
  readonly #portrait = make('span', { className: 'portrait' });
  readonly #endButton: HTMLButtonElement;
  readonly #stopButton: HTMLButtonElement;
  readonly #startButton: HTMLButtonElement;
  readonly #undoButton: HTMLButtonElement;
  readonly #historyButton: HTMLButtonElement;
  #history: HTMLElement | null = null;
  readonly #ended: HTMLElement;
  /** The agent's name as its messages tell it; empty while none has. */
  #learned = '';
  readonly #actions: ChatActions;
  /** Loaded when the site offers voice. */
  #talkButton: TalkButton | null = null;
  #isRunning = false;
  /** The API has said that there is no voice. */
  #isVoiceRefused = false;

  constructor(settings: ViewSettings, language: Language, actions: ChatActions) {
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
        nameOfAgent: (learned) => this.nameOfAgent(learned),
        onPlay: (message, button) => actions.play(message, button),
        onRate: (interaction, rating) => actions.rate(interaction, rating),
        ratingOf: (interaction) => actions.ratingOf(interaction),
      },
      this.composer.suggestions,
    );
    const button = (className: string, name: ButtonName, onClick: () => void) =>
      language.write(makeButton({ className: `button ${className}` }, onClick), () => words[name]);
    this.#endButton = button('end quiet', 'end', () => actions.finish());
    this.#stopButton = button('stop quiet', 'stopSpeaking', () => actions.stop());
    this.#startButton = button('start', 'startNew', () => actions.startNew());
    this.#undoButton = button('undo quiet', 'undo', () => actions.undo());
    this.#historyButton = makeButton({ className: 'button past' }, () => actions.toggleHistory());
    this.#historyButton.append(makeIcon(HISTORY_ICON));
    language.write(this.#historyButton, () => words.history, 'aria-label');
    const ended = language.write(make('p', {}), () => words.ended);
    this.#ended = make('div', { className: 'ended' }, ended, this.#undoButton, this.#startButton);
    this.element = this.#assemble();
    this.update();
    this.showClosed();
    this.setAnswering(false);
  }

  /** The agent's name, or what stands for it in a sentence. */
  get agentName(): string {
    return this.nameOfAgent() || this.#language.words.agent;
  }

  /** Returns the agent's name as the site gives it, or else as `learned` tells it; empty while it is not known. */
  nameOfAgent(learned = this.#learned): string {
    return this.#settings.agent ?? learned;
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
    const { heading, hasVoice, showsActions, hasFeedback, hasHistory } = this.#settings;
    const title = heading ?? this.nameOfAgent();
    this.element.dir = language.direction;
    this.element.lang = language.tag;
    language.write(this.#heading, () => title || language.words.transcript);
    this.#showPortrait(title);
    this.element.classList.toggle('without-steps', !showsActions);
    this.element.classList.toggle('without-feedback', !hasFeedback);
    this.#historyButton.hidden = !hasHistory || !this.#isRunning;
    this.#showVoice(hasVoice && !this.#isVoiceRefused);
    language.rewrite(this.element);
  }

  say(status: string): void {
    if (this.#status.textContent !== status) this.#status.textContent = status;
  }

  setBusy(isBusy: boolean): void {
    this.#endButton.setAttribute('aria-disabled', String(isBusy));
    if (!isBusy) this.say('');
  }

  /** Shows a button that closes the chat, for a launcher. */
  addCloseButton(onClose: () => void): void {
    const language = this.#language;
    const button = makeButton({ className: 'button close' }, onClose);
    button.append(makeIcon(CLOSE_ICON));
    this.#header.append(language.write(button, () => language.words.closeChat, 'aria-label'));
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
    this.element.classList.toggle('answering', isAnswering);
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

  /** `canUndo`: the visitor has ended it, and may take that back for a moment. */
  showEnded(canUndo = false): void {
    const hadFocus = this.element.matches(':focus-within');
    this.#undoButton.hidden = !canUndo;
    this.#endButton.hidden = true;
    this.composer.setVisible(false);
    this.#ended.hidden = false;
    if (hadFocus && this.#history === null) this.#startButton.focus();
  }

  /** There is a chat behind the view: what needs one can be pressed. */
  showRunning(): void {
    this.#isRunning = true;
    this.update();
  }

  get isReadingHistory(): boolean {
    return this.#history !== null;
  }

  /** Shows earlier conversations in place of the present one; null: the present one again. */
  showHistory(history: HTMLElement | null): void {
    this.#history?.remove();
    this.#history = history;
    this.element.classList.toggle('reading', history !== null);
    if (history === null) this.#historyButton.focus();
    else this.#header.after(history);
  }

  focus(): void {
    if (this.#ended.hidden) this.composer.focus();
    else this.#startButton.focus();
  }

  /** Moves the focus to where the visitor goes on after the chat was opened. */
  focusOpened(): void {
    if (this.#ended.hidden) this.transcript.focusInsteadOf(this.composer);
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
    this.#header.append(
      this.#portrait,
      this.#heading,
      this.#stopButton,
      this.#endButton,
      this.#historyButton,
    );
    const frame = make(
      'div',
      { className: 'chat' },
      this.#header,
      this.transcript.element,
      this.#status,
      this.notice.element,
      this.composer.element,
      this.#ended,
    );
    frame.setAttribute('role', 'group');
    const label = () => {
      const { chatWith, transcript } = language.words;
      const agent = this.nameOfAgent();
      return agent === '' ? transcript : fill(chatWith, { agent });
    };
    return language.write(frame, label, 'aria-label');
  }

  /** The agent's picture; without one, or where it cannot be loaded, the first letter of the title. */
  #showPortrait(title: string): void {
    const letter = Array.from(title)[0] ?? '';
    const { avatar } = this.#settings;
    if (avatar === null) {
      this.#portrait.textContent = letter;
      return;
    }
    if (this.#portrait.querySelector('img')?.src === avatar) return;
    const picture = make('img', { className: 'avatar' });
    picture.alt = '';
    picture.addEventListener('error', () => this.#portrait.replaceChildren(letter));
    picture.src = avatar;
    this.#portrait.replaceChildren(picture);
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
