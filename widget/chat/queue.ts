/**
 * The messages that the agent has not answered: in the outbox, and on the screen with a note about what they wait
 * for.
 */
import type { ChatView } from '../view/chat-view.ts';
import type { Message } from '../view/message.ts';
import type { Words } from '../words/words.ts';
import type { Outbox, Outgoing } from './outbox.ts';

/** The outbox, with each of its messages on the screen. */
export class Queue {
  readonly outbox: Outbox;
  readonly #view: ChatView;
  readonly #note: () => string;
  readonly #onRemove: (item: Outgoing) => void;
  readonly #shown = new Map<Outgoing, Message>();

  /** `onRemove`: the visitor takes back a message that waits. */
  constructor(outbox: Outbox, view: ChatView, words: Words, onRemove: (item: Outgoing) => void) {
    this.#onRemove = onRemove;
    this.outbox = outbox;
    this.#view = view;
    this.#note = () => words.waits;
  }

  get first(): Outgoing | undefined {
    return this.outbox.items[0];
  }

  messageOf(item: Outgoing): Message | null {
    return this.#shown.get(item) ?? null;
  }

  show(item: Outgoing): void {
    if (this.#shown.has(item)) return;
    const message = this.#view.transcript.addUserMessage(item.text, this.#note);
    message.offerRemoval(() => this.#onRemove(item));
    this.#shown.set(item, message);
  }

  /** Shows what is meant for this conversation. The rest waited for one that has ended, and is not said here. */
  showAll(conversation: string | null): void {
    for (const item of this.outbox.items) {
      if (item.conversation === null || item.conversation === conversation) this.show(item);
      else this.outbox.remove(item);
    }
  }

  explainWaiting(): void {
    for (const message of this.#shown.values()) message.setNote(this.#note);
  }

  /** The message is stored. */
  settle(item: Outgoing): void {
    const message = this.#shown.get(item);
    this.#shown.delete(item);
    this.outbox.remove(item);
    message?.settle();
  }

  /** The message is not sent, as far as it was not. */
  remove(item: Outgoing): void {
    const message = this.messageOf(item);
    this.settle(item);
    if (message !== null) this.#view.transcript.remove(message);
  }

  /** Takes a message away that stands among the stored ones already, unless it is the very one. */
  drop(item: Outgoing): void {
    if (this.messageOf(item)?.id === null) this.remove(item);
    else this.settle(item);
  }

  /** Nothing that waits is going to be sent: texts go back into the field. Returns whether there were any. */
  takeAllBack(): boolean {
    const texts: string[] = [];
    for (const item of this.outbox.items) {
      const message = this.#shown.get(item);
      if (message !== undefined) this.#view.transcript.remove(message);
      if (item.recording === null) texts.push(item.text);
      this.outbox.remove(item);
    }
    this.#shown.clear();
    if (texts.length > 0) this.#view.composer.restore(texts.join('\n'));
    return texts.length > 0;
  }
}
