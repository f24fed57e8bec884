/** The messages on the screen, and the answer while it grows. */
import type { StoredMessage } from '../../src/contract/messages.ts';
import type { Rating } from '../chat/ratings.ts';
import type { Language } from '../words/language.ts';
import { fill, type Words } from '../words/words.ts';
import { showAgentText } from './agent-text.ts';
import { arrange } from './days.ts';
import { isTouchScreen, make } from './elements.ts';
import { Message, type Author, type PlayButton } from './message.ts';

/** A reader who has scrolled further up than this is reading, and is not pulled down by what arrives. */
const NEAR_END_PIXELS = 120;

const AUTHORS = {
  'agent-message': 'agent',
  'agent-inner-thought': 'agent',
  'user-message': 'user',
  'external-event': 'event',
} as const satisfies Record<StoredMessage['message_type'], Author>;

/** The names and actions that a transcript depends on. */
export interface TranscriptOptions {
  language: Language;
  /** The agent's name, or what stands for it in a sentence. */
  agentName: () => string;
  /** The agent's name as the site gives it, or else as `learned` tells it; empty while it is not known. */
  nameOfAgent: (learned?: string) => string;
  /** The visitor wants to hear the recording behind a message. */
  onPlay: (message: string, button: PlayButton) => void;
  /** The visitor rates the answer of an interaction; null: not any more. */
  onRate: (interaction: string, rating: Rating | null) => void;
  /** Returns the rating of the answer of an interaction. */
  ratingOf: (interaction: string) => Rating | null;
}

/** An answer that is stored. */
export interface WholeAnswer {
  text: string;
  id: string;
  interaction: string;
  /** The agent's steps on the way to it, as far as they are shown. */
  steps: readonly string[];
  isSpoken: boolean;
}

/** The messages on the screen, and the answer that is growing. */
export class Transcript {
  readonly element: HTMLElement;
  readonly #options: TranscriptOptions;
  readonly #words: Words;
  /** The messages from before the page was opened: shown, but not announced. */
  readonly #earlier = make('div', { className: 'messages' });
  /** A live region: what is added here is read out, so only whole messages are. */
  readonly #log: HTMLElement;
  /** The answer while it grows. Hidden from screen readers, which get it whole. */
  readonly #draft: HTMLElement;
  readonly #activity = make('span', {});
  readonly #draftText = make('div', { className: 'text agent-text' });
  #messages: Message[] = [];
  #draftWords = '';
  #frame = 0;

  /** `below` stands at the end of what scrolls. */
  constructor(options: TranscriptOptions, below: HTMLElement) {
    this.#options = options;
    const { language } = options;
    const { words } = language;
    this.#words = words;
    this.#log = language.write(make('div', { className: 'messages' }), () => words.newMessages, 'aria-label');
    this.#log.setAttribute('role', 'log');
    this.#activity.dir = 'auto';
    this.#draftText.dir = 'auto';
    const dots = make('span', { className: 'dots' }, make('i', {}), make('i', {}), make('i', {}));
    const activity = make('p', { className: 'activity' }, dots);
    activity.append(this.#activity);
    this.#draft = make('div', { className: 'message agent draft' }, activity, this.#draftText);
    this.#draft.setAttribute('aria-hidden', 'true');
    this.#draft.hidden = true;
    this.element = make('section', { className: 'transcript' }, this.#earlier, this.#log, this.#draft, below);
    language.write(this.element, () => words.transcript, 'aria-label');
    this.element.tabIndex = 0;
  }

  /** Begins anew with the messages of a conversation that is being resumed. */
  show(stored: readonly StoredMessage[]): void {
    this.dropDraft();
    const pending = this.#messages.filter(({ isPending }) => isPending);
    const earlier = stored.map((message) => this.#fromStored(message));
    this.#messages = [...earlier, ...pending];
    this.#earlier.replaceChildren(...earlier.map(({ element }) => element));
    this.#log.replaceChildren(...pending.map(({ element }) => element));
    this.#arrange();
    this.#scrollToEnd();
  }

  /** Adds and announces what the API has stored since, from this page or another window. Returns what was new. */
  update(stored: readonly StoredMessage[]): StoredMessage[] {
    const added: StoredMessage[] = [];
    this.followEnd(() => {
      for (const message of stored) {
        const shown = this.#adopt(message);
        if (shown === null) {
          this.#append(this.#fromStored(message));
          added.push(message);
        } else if (added.length > 0) {
          // It was said after one that is added only now.
          this.#log.append(shown.element);
        }
      }
      // What still waits was not said yet, so it comes after what was.
      for (const { element } of this.#messages.filter(({ isPending }) => isPending))
        this.#log.append(element);
      this.#arrange();
    });
    return added;
  }

  addUserMessage(text: string, note: () => string): Message {
    const message = this.#make('user', () => this.#words.you, text, new Date());
    message.isPending = true;
    message.setNote(note);
    this.#append(message);
    this.#scrollToEnd();
    return message;
  }

  /** Takes back a message that the API did not keep. */
  remove(message: Message): void {
    this.#messages = this.#messages.filter((other) => other !== message);
    message.remove();
    this.#arrange();
  }

  /** `steps` are those that an earlier page has shown. */
  beginDraft(activity: string, steps: readonly string[] = []): void {
    this.#activity.textContent = steps.at(-1) ?? activity;
    this.#draftWords = '';
    this.#draftText.replaceChildren();
    this.#draft.hidden = false;
    this.#scrollToEnd();
  }

  /** Shows what the agent does now. */
  addStep(words: string): void {
    this.followEnd(() => {
      this.#activity.textContent = words;
    });
  }

  /** The answer as far as it has come. Drawn once a frame at most, however small the pieces. */
  showDraft(text: string): void {
    this.#draftWords = text;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const around = (change: () => void) => this.followEnd(change);
      around(() => showAgentText(this.#draftText, this.#draftWords, around));
    });
  }

  /** The answer as far as it is shown. */
  get draft(): string {
    return this.#draftWords;
  }

  /** Replaces the draft by the message as it was stored. One that was heard is not read out as well. */
  completeDraft({ text, id, interaction, steps, isSpoken }: WholeAnswer): void {
    const message = this.#make('agent', () => this.#options.nameOfAgent(), text, new Date());
    message.addSteps(steps);
    if (isSpoken) this.#addPlayButton(message, id);
    this.#identify(message, id, interaction);
    this.followEnd(() => {
      this.dropDraft();
      this.#append(message, isSpoken);
    });
  }

  dropDraft(): void {
    this.#draft.hidden = true;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Makes a change below, and keeps a reader there who was at the end. */
  followEnd(change: () => void): void {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    const wasNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS;
    change();
    if (wasNearEnd) this.#scrollToEnd();
  }

  #make(author: Author, name: () => string, text: string, at: Date): Message {
    return new Message({ author, name, text, at }, this.#options.language, (change) =>
      this.followEnd(change),
    );
  }

  #fromStored({
    id,
    interaction_id,
    message_type,
    sender,
    message: text,
    created_at,
    format,
  }: StoredMessage): Message {
    const author = AUTHORS[message_type];
    const names = {
      user: () => this.#words.you,
      agent: () => this.#options.nameOfAgent(sender),
      event: () => sender,
    };
    const message = this.#make(author, names[author], text, new Date(created_at));
    if (format === 'voice') this.#addPlayButton(message, id);
    this.#identify(message, id, interaction_id);
    return message;
  }

  /** Names a stored message; an answer can be copied and rated then. */
  #identify(message: Message, id: string, interaction: string): void {
    Object.assign(message, { id, interaction });
    if (message.author !== 'agent') return;
    message.addTools((rating) => this.#options.onRate(interaction, rating));
    message.setRating(this.#options.ratingOf(interaction));
  }

  /** Shows the ratings of all answers again. */
  showRatings(): void {
    for (const message of this.#messages)
      if (message.interaction !== null) message.setRating(this.#options.ratingOf(message.interaction));
  }

  #addPlayButton(message: Message, id: string): void {
    message.addPlayButton((button) => this.#options.onPlay(id, button));
  }

  /** Returns the message on the screen that a stored one is, possibly one whose identifier was not known; else null. */
  #adopt({ id, message_type, message: text }: StoredMessage): Message | null {
    const author = AUTHORS[message_type];
    const shown =
      this.#messages.find((message) => message.id === id) ??
      this.#messages.find(
        (message) => message.id === null && message.author === author && message.text === text,
      );
    if (shown === undefined) return null;
    if (shown.id === null) {
      shown.id = id;
      shown.settle();
      // In its place among those that are added after it.
      this.#log.append(shown.element);
    }
    return shown;
  }

  #append(message: Message, silently = false): void {
    if (!this.#messages.includes(message)) this.#messages.push(message);
    this.#log.setAttribute('aria-live', silently ? 'off' : 'polite');
    this.#log.append(message.element);
    this.#arrange();
  }

  #arrange(): void {
    const byElement = new Map<Element, Message>(this.#messages.map((message) => [message.element, message]));
    const shown = [...this.#earlier.children, ...this.#log.children];
    arrange(
      shown.flatMap((element) => byElement.get(element) ?? []),
      this.#options.language,
    );
  }

  #scrollToEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** Moves the focus when there is nothing to press: to the field, or to the messages on a touch screen. */
  focusInsteadOf(field: { focus(): void }): void {
    if (isTouchScreen()) this.element.focus({ preventScroll: true });
    else field.focus();
  }

  thinking(): string {
    return fill(this.#words.answering, { agent: this.#options.agentName() });
  }
}
