/** Earlier conversations in place of the present one: a list, and the messages of the one that was chosen. */
import type { ConversationInstance } from '../../src/contract/conversations.ts';
import type { StoredMessage } from '../../src/contract/messages.ts';
import type { Language } from '../words/language.ts';
import { dayName } from './days.ts';
import { make, makeButton } from './elements.ts';
import { Transcript, type TranscriptOptions } from './transcript.ts';

/** The actions of a reader of earlier conversations. */
export interface HistoryActions {
  choose(conversation: ConversationInstance): void;
  more(): void;
  /** Back to the list, or from the list to the present conversation. */
  back(): void;
}

/** The view of earlier conversations. */
export class HistoryView {
  readonly element: HTMLElement;
  readonly transcript: Transcript;
  readonly #language: Language;
  readonly #actions: HistoryActions;
  readonly #title = make('h3', { className: 'history-title' });
  readonly #list = make('ul', { className: 'conversations' });
  readonly #none: HTMLElement;
  readonly #more: HTMLButtonElement;
  readonly #back: HTMLButtonElement;

  constructor(language: Language, transcript: TranscriptOptions, actions: HistoryActions) {
    this.#language = language;
    this.#actions = actions;
    const { words } = language;
    this.transcript = new Transcript(transcript, make('span', {}));
    this.#back = language.write(
      makeButton({ className: 'button back quiet' }, () => actions.back()),
      () => words.back,
    );
    this.#more = language.write(
      makeButton({ className: 'button more quiet' }, () => actions.more()),
      () => words.more,
    );
    this.#none = language.write(make('p', { className: 'none' }), () => words.noHistory);
    language.write(this.#title, () => words.history);
    const top = make('div', { className: 'history-top' }, this.#back, this.#title);
    this.element = make(
      'section',
      { className: 'history' },
      top,
      this.#list,
      this.#none,
      this.#more,
      this.transcript.element,
    );
    language.write(this.element, () => words.history, 'aria-label');
    this.showList([], false);
  }

  /** Shows conversations, the newest first. */
  showList(conversations: readonly ConversationInstance[], hasMore: boolean): void {
    this.#list.replaceChildren(...conversations.map((one) => make('li', {}, this.#entry(one))));
    this.#show({ isList: true, isEmpty: conversations.length === 0 });
    this.#more.hidden = !hasMore;
  }

  /** Shows the messages of one conversation. */
  showConversation(messages: readonly StoredMessage[]): void {
    this.#show({ isList: false, isEmpty: false });
    this.transcript.show(messages);
    this.transcript.element.focus();
  }

  focus(): void {
    this.#back.focus();
  }

  #show({ isList, isEmpty }: { isList: boolean; isEmpty: boolean }): void {
    this.#list.hidden = !isList;
    this.#none.hidden = !isEmpty;
    this.#more.hidden = true;
    this.transcript.element.hidden = isList;
  }

  #entry(conversation: ConversationInstance): HTMLElement {
    const language = this.#language;
    const at = new Date(conversation.created_at);
    const time = language.write(make('time', {}), () => {
      const day = dayName(at, new Date(), language.tag);
      return `${day}, ${new Intl.DateTimeFormat(language.tag, { hour: 'numeric', minute: '2-digit' }).format(at)}`;
    });
    time.dateTime = at.toISOString();
    const text = make('span', { className: 'last', text: conversation.final_message });
    text.dir = 'auto';
    const button = makeButton({ className: 'button conversation' }, () => this.#actions.choose(conversation));
    button.append(time, text);
    return button;
  }
}
