/**
 * What the visitor has said and the API may not have yet, in order. Texts outlive a reload of the page, so that one
 * that was sent when it happened is looked for afterwards, and one that waited is sent.
 */

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

export class Outbox {
  readonly #key: string;
  #items: Outgoing[];

  /** `key` names the place in the tab's storage. Another tab has its own: each sends what was written in it. */
  constructor(key: string) {
    this.#key = key;
    this.#items = this.#load();
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

  #load(): Outgoing[] {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? '[]') as Kept[];
      // A tab that was duplicated has a copy of the other's texts, which the other may have sent by now. So none that
      // is found here counts as not sent.
      return kept.map((item) => ({ ...item, recording: null, sent: true }));
    } catch {
      // A page may be denied storage, or hold something that is not ours: then nothing waits.
      return [];
    }
  }

  #save(): void {
    const kept: Kept[] = this.#items
      .filter(({ recording }) => recording === null)
      .map(({ text, conversation, sent, after }) => ({ text, conversation, sent, after }));
    try {
      if (kept.length === 0) sessionStorage.removeItem(this.#key);
      else sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // Without storage it waits in this page alone.
    }
  }
}
