/**
 * The messages on the screen. Text of others is only ever set as text, never as HTML; the page's policy of trusted
 * types holds that too.
 */
import type { StoredMessage } from './api-client.ts';
import { make, requireElement } from './elements.ts';

type Author = 'agent' | 'user' | 'event';

/** A reader who has scrolled further up than this is reading, and is not pulled down by what arrives. */
const NEAR_END_PIXELS = 120;

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

const AUTHORS = {
  'agent-message': 'agent',
  'agent-inner-thought': 'agent',
  'user-message': 'user',
  'external-event': 'event',
} as const satisfies Record<StoredMessage['message_type'], Author>;

function authorLine(name: string, at: Date): HTMLElement {
  const time = make('time', { text: clock.format(at) });
  time.dateTime = at.toISOString();
  return make('p', { className: 'author' }, make('span', { text: name }), ' ', time);
}

function messageElement(author: Author, name: string, text: string, at: Date): HTMLElement {
  const body = make('p', { className: 'text', text });
  // Each message finds its own direction: a conversation may mix scripts.
  body.dir = 'auto';
  return make('article', { className: `message ${author}` }, authorLine(name, at), body);
}

/** The agent's steps, folded under its answer. */
function stepsElement(steps: readonly string[]): HTMLElement {
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
  const list = make('ol', {}, ...steps.map((text) => make('li', { text })));
  const details = make(
    'details',
    { className: 'steps' },
    make('summary', { text: `How this came about: ${count}` }),
    list,
  );
  // Inside the log, but nothing that should be read out on its own.
  details.setAttribute('aria-live', 'off');
  return details;
}

export class Transcript {
  readonly #scroller: HTMLElement;
  /** What was said before the page was opened: shown, but not announced. */
  readonly #earlier: HTMLElement;
  /** A live region: what is added here is read out, so only whole messages are. */
  readonly #log: HTMLElement;
  /** The answer while it grows. Hidden from screen readers, which get it whole. */
  readonly #draft: HTMLElement;
  readonly #activity: HTMLElement;
  readonly #draftText: HTMLElement;
  readonly #agent: string;
  #steps: string[] = [];

  constructor(root: ParentNode, agent: string) {
    this.#scroller = requireElement(root, '#transcript', HTMLElement);
    this.#earlier = requireElement(root, '#earlier', HTMLElement);
    this.#log = requireElement(root, '#log', HTMLElement);
    this.#draft = requireElement(root, '#draft', HTMLElement);
    this.#activity = requireElement(root, '#activity', HTMLElement);
    this.#draftText = requireElement(root, '#draft-text', HTMLElement);
    this.#agent = agent;
  }

  /** Begins anew with the messages of a conversation that is being resumed. */
  show(messages: readonly StoredMessage[]): void {
    this.#log.replaceChildren();
    this.dropDraft();
    this.#earlier.replaceChildren(
      ...messages.map(({ message_type, sender, message, created_at }) => {
        const author = AUTHORS[message_type];
        return messageElement(author, author === 'user' ? 'You' : sender, message, new Date(created_at));
      }),
    );
    this.#scrollToEnd();
  }

  /** Returns how to take the message back, for when the API did not keep it. */
  addUserMessage(text: string): () => void {
    const element = messageElement('user', 'You', text, new Date());
    this.#log.append(element);
    this.#scrollToEnd();
    return () => element.remove();
  }

  beginDraft(): void {
    this.#steps = [];
    this.#activity.textContent = `${this.#agent} is thinking`;
    this.#draftText.textContent = '';
    this.#draft.hidden = false;
    this.#scrollToEnd();
  }

  addStep(words: string): void {
    this.followEnd(() => {
      this.#activity.textContent = words;
    });
    if (this.#steps.at(-1) !== words) this.#steps.push(words);
  }

  addPiece(text: string): void {
    this.followEnd(() => this.#draftText.append(text));
  }

  /** Replaces the draft by the message as it was stored. */
  completeDraft(text: string): void {
    const message = messageElement('agent', this.#agent, text, new Date());
    if (this.#steps.length > 0) message.append(stepsElement(this.#steps));
    this.followEnd(() => {
      this.dropDraft();
      this.#log.append(message);
    });
  }

  /** Makes a change below, and keeps a reader there who was at the end. */
  followEnd(change: () => void): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const wasNearEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS;
    change();
    if (wasNearEnd) this.#scrollToEnd();
  }

  dropDraft(): void {
    this.#draft.hidden = true;
  }

  focus(): void {
    this.#scroller.focus({ preventScroll: true });
  }

  #scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    // On a very low screen the page scrolls, not the transcript.
    if (getComputedStyle(this.#scroller).overflowY === 'visible') this.#scroller.scrollIntoView(false);
  }
}
