/**
 * The messages of the visitor that the API may not have yet, in order. Texts outlive a reload of the page, and are sent
 * after it: with their keys, so that a message that had arrived is not said twice.
 */
import { keep, readKept } from '../tab-storage.ts';

/** A message that the API may not have yet. */
export interface Outgoing {
  /** Names the message to the API: however often it is sent, it is said once. */
  readonly key: string;
  readonly text: string;
  /** A recording is kept for the life of the page only. */
  readonly recording: Blob | null;
  /** Which conversation it is for; `null`: the one that it begins, or finds unfinished. */
  readonly conversation: string | null;
}

/** A name that nothing else has. `randomUUID` is missing on pages without TLS. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

type Kept = Omit<Outgoing, 'recording'>;

function isKept(value: unknown): value is Kept {
  const { key, text, conversation } = Object(value) as Partial<Record<keyof Kept, unknown>>;
  return (
    typeof key === 'string' &&
    typeof text === 'string' &&
    (conversation === null || typeof conversation === 'string')
  );
}

/** Returns the kept messages, or none when the value has another form. */
function keptItems(value: unknown): Outgoing[] {
  const kept = Array.isArray(value) ? value.filter(isKept) : [];
  return kept.map((item) => ({ ...item, recording: null }));
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

  add(said: Omit<Outgoing, 'key'>): Outgoing {
    const item: Outgoing = { ...said, key: newKey() };
    this.#items.push(item);
    this.#save();
    return item;
  }

  remove(item: Outgoing): void {
    this.#items = this.#items.filter((other) => other !== item);
    this.#save();
  }

  #save(): void {
    if (this.#key === null) return;
    const kept: Kept[] = this.#items
      .filter(({ recording }) => recording === null)
      .map(({ key, text, conversation }) => ({ key, text, conversation }));
    keep(this.#key, kept.length === 0 ? null : kept);
  }
}
