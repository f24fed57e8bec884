import { describeAction } from './action-words.ts';
import { byId, make } from './elements.ts';
import type { AgentAction } from '../src/contract/agent-actions.ts';
import type { StoredMessage } from '../src/contract/messages.ts';

const KINDS: Readonly<Record<StoredMessage['message_type'], string>> = {
  'user-message': '',
  'agent-message': '',
  'agent-inner-thought': 'inner thought',
  'external-event': 'external event',
};

function timeOf(created: string): string {
  return new Date(created).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** The actions on messages. */
export interface TranscriptActions {
  /** The number of an interaction's turn, where it is loaded. */
  turnOf: (interaction: string) => number | null;
  choose: (interaction: string) => void;
  /** The address of a message's recording. */
  recording: (message: string) => Promise<string | null>;
}

/** The messages of a conversation, as plain text. */
export class Transcript {
  readonly #scroller = byId('transcript', HTMLElement);
  readonly #list = byId('messages', HTMLElement);
  readonly #draft = byId('draft', HTMLElement);
  readonly #activity = byId('activity', HTMLElement);
  readonly #draftText = byId('draft-text', HTMLElement);
  readonly #actions: TranscriptActions;

  constructor(actions: TranscriptActions) {
    this.#actions = actions;
  }

  show(messages: readonly StoredMessage[], hasEarlier: boolean): void {
    const rows = messages.map((message) => this.#row(message));
    const note = make('li', { class: 'hint' }, 'Earlier messages are not shown.');
    this.#list.replaceChildren(...(hasEarlier ? [note, ...rows] : rows));
    this.endDraft();
  }

  /** Marks the messages of the chosen turn; what came after it steps back. */
  select(interaction: string | null): void {
    let isLater = false;
    let first: HTMLElement | null = null;
    for (const row of this.#list.querySelectorAll<HTMLElement>('[data-interaction]')) {
      const isSelected = row.dataset['interaction'] === interaction;
      row.classList.toggle('selected', isSelected);
      if (isSelected) first ??= row;
      isLater = (isLater || first !== null) && !isSelected;
      row.classList.toggle('later', isLater);
    }
    first?.scrollIntoView({ block: 'nearest' });
  }

  addUserMessage(text: string): void {
    const row = make(
      'li',
      { class: 'message user-message' },
      make('p', { class: 'text', dir: 'auto' }, text),
    );
    this.#list.append(row);
  }

  beginDraft(): void {
    this.#draftText.textContent = '';
    this.#draft.hidden = false;
    this.#work('The agent begins …');
  }

  /** Shows what the agent does. */
  workOn(action: AgentAction): void {
    this.#work(describeAction(action) ?? 'The agent speaks …');
  }

  #work(words: string): void {
    this.#activity.textContent = words;
    this.#toEnd();
  }

  append(piece: string): void {
    this.#draftText.append(piece);
    this.#toEnd();
  }

  endDraft(): void {
    this.#draft.hidden = true;
    this.#toEnd();
  }

  #toEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #row(message: StoredMessage): HTMLLIElement {
    const { sender, created_at, message_type, interaction_id, format } = message;
    const kind = KINDS[message_type];
    const turn = this.#actions.turnOf(interaction_id);
    const meta = make('p', { class: 'author' }, make('span', {}, sender), ` ${kind} ${timeOf(created_at)} `);
    if (turn !== null) {
      const button = make('button', { type: 'button', class: 'link' }, `Turn ${turn}`);
      button.addEventListener('click', () => this.#actions.choose(interaction_id));
      meta.append(button);
    }
    const row = make(
      'li',
      { class: `message ${message_type}`, 'data-interaction': interaction_id },
      meta,
      make('p', { class: 'text', dir: 'auto' }, message.message),
    );
    if (format === 'voice') row.append(this.#player(message));
    return row;
  }

  /** Makes the button that fetches and plays a recording. It is not fetched before: its URL lives for minutes. */
  #player({ id, sender }: StoredMessage): HTMLElement {
    const button = make('button', { type: 'button', class: 'quiet' }, 'Play');
    button.setAttribute('aria-label', `Play the message of ${sender}`);
    button.addEventListener('click', () => {
      button.disabled = true;
      void this.#play(id, button);
    });
    return button;
  }

  async #play(id: string, button: HTMLButtonElement): Promise<void> {
    const url = await this.#actions.recording(id);
    button.disabled = false;
    if (url === null) return;
    const audio = make('audio', { controls: '', src: url });
    audio.addEventListener('error', () =>
      audio.replaceWith(make('p', { class: 'hint' }, 'It cannot be played.')),
    );
    button.replaceWith(audio);
    audio.focus();
    // A browser may want another press before it plays: the controls are there for it.
    await audio.play().catch(() => undefined);
  }
}
