/** What an isolate remembers of the registry: values only, since a promise belongs to the request that made it. */

/** A document as it was read. */
export interface Remembered {
  value: unknown;
  /** When it was read, in milliseconds since 1970. */
  readAt: number;
  /** Until when it is taken for current. */
  until: number;
}

/** Documents by key, up to `capacity` characters of JSON. What was used longest ago is forgotten first. */
export class DocumentCache {
  readonly #capacity: number;
  readonly #documents = new Map<string, Remembered & { size: number }>();
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): Remembered | null {
    const known = this.#documents.get(key);
    if (known === undefined) return null;
    this.#documents.delete(key);
    this.#documents.set(key, known);
    return known;
  }

  set(key: string, document: Remembered): void {
    this.delete(key);
    const size = key.length + JSON.stringify(document.value).length;
    this.#documents.set(key, { ...document, size });
    this.#size += size;
    for (const oldest of this.#documents.keys()) {
      if (this.#size <= this.#capacity || oldest === key) return;
      this.delete(oldest);
    }
  }

  clear(): void {
    this.#documents.clear();
    this.#size = 0;
  }

  delete(key: string): void {
    const known = this.#documents.get(key);
    if (known === undefined) return;
    this.#size -= known.size;
    this.#documents.delete(key);
  }
}
