/**
 * The messages of the visitor that the API may not have yet, in order. Texts outlive a reload of the page: one that
 * was being sent is looked for afterwards, and one that waited is sent.
 */
import { keep, readKept } from '../tab-storage.ts';

/** A message that the API may not have yet. */
export interface Outgoing {
  readonly text: string;
  /** A recording is kept for the life of the page only. */
  readonly recording: Blob | null;
  /** Which conversation it is for; `null`: the one that it begins. */
  conversation: string | null;
  /** It has been handed to the network, and whether it arrived is not known. */
  sent: boolean;
  /** The newest interaction known while it was not sent yet: it can only have arrived behind that. */
  after: string | null;
}

type Kept = Omit<Outgoing, 'recording'>;

function isKept(value: unknown): value is Kept {
  const { text, conversation, after } = Object(value) as Partial<Record<keyof Kept, unknown>>;
  return (
    typeof text === 'string' && [conversation, after].every((id) => id === null || typeof id === 'string')
  );
}

/**
 * Returns the kept messages, or none when the value has another form. A tab that was duplicated has a copy of the
 * other's texts, which the other may have sent by now: each of them counts as not sent.
 */
function keptItems(value: unknown): Outgoing[] {
  const kept = Array.isArray(value) ? value.filter(isKept) : [];
  return kept.map((item) => ({ ...item, recording: null, sent: true }));
}

/** The messages that the API may not have yet, in order, kept in the tab's storage. */
export class Outbox {
  #key: string | null = null;
  #items: Outgoing[] = [];

  /**
   * Keeps texts under `key` in the tab's storage from now on, and takes up what is there already. The key names the
   * user: what another user of the tab has left is theirs. Another tab has its own: each sends what was written in it.
   */
  keepAs(key: string): void {
    if (this.#key === key) return;
    this.#key = key;
    this.#items = [...keptItems(readKept(key)), ...this.#items];
    this.#save();
  }

  get items(): readonly Outgoing[] {
    return this.#items;
  }

  add(said: Pick<Outgoing, 'text' | 'recording' | 'conversation' | 'after'>): Outgoing {
    const item: Outgoing = { ...said, sent: false };
    this.#items.push(item);
    this.#save();
    return item;
  }

  mark(item: Outgoing, changes: Partial<Pick<Outgoing, 'conversation' | 'sent' | 'after'>>): void {
    Object.assign(item, changes);
    this.#save();
  }

  /** The conversation has gone on: what has not been sent can only arrive behind this interaction. */
  advance(conversation: string, newest: string): void {
    for (const item of this.#items) if (!item.sent) Object.assign(item, { conversation, after: newest });
    this.#save();
  }

  remove(item: Outgoing): void {
    this.#items = this.#items.filter((other) => other !== item);
    this.#save();
  }

  #save(): void {
    if (this.#key === null) return;
    const kept: Kept[] = this.#items
      .filter(({ recording }) => recording === null)
      .map(({ text, conversation, sent, after }) => ({ text, conversation, sent, after }));
    keep(this.#key, kept.length === 0 ? null : kept);
  }
}
