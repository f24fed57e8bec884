/** Cache of the registry in an isolate. It has values only, because a promise belongs to the request that made it. */

/** A document, and the number of the change of its organization that wrote it last; 0 if that is unknown. */
export interface Revised {
  value: unknown;
  revision: number;
}

/** A cached document. */
export interface Remembered extends Omit<Revised, 'revision'> {
  revision?: number;
  /** Time of reading in milliseconds since 1970. */
  readAt: number;
  /** Time until which the document counts as current. */
  until: number;
}

/** Documents by key, up to `capacity` characters of JSON. The document that was used longest ago is removed first. */
export class DocumentCache {
  readonly #capacity: number;
  readonly #documents = new Map<string, Remembered & { size: number }>();
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Returns a document, or null if it is not cached. */
  get(key: string): Remembered | null {
    const known = this.#documents.get(key);
    if (known === undefined) return null;
    this.#documents.delete(key);
    this.#documents.set(key, known);
    return known;
  }

  /** Adds or replaces a document. */
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

  /** Removes all documents. */
  clear(): void {
    this.#documents.clear();
    this.#size = 0;
  }

  /** Removes a document. */
  delete(key: string): void {
    const known = this.#documents.get(key);
    if (known === undefined) return;
    this.#size -= known.size;
    this.#documents.delete(key);
  }
}
