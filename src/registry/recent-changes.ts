/** Time after which every copy in KV is newer than a change, in milliseconds. */
const KEPT_MS = 2 * 60_000;
/** Maximum number of documents that are remembered. The one that changed first is forgotten first. */
const MAX_DOCUMENTS = 10_000;

/** Documents that this isolate has changed a moment ago, so that it serves no older copies of them. */
export class RecentChanges {
  readonly #changes = new Map<string, { revision: number; until: number }>();

  /** Remembers a change of documents. */
  add(keys: readonly string[], revision: number, now: number): void {
    for (const key of keys) {
      this.#changes.delete(key);
      this.#changes.set(key, { revision, until: now + KEPT_MS });
    }
    for (const key of this.#changes.keys()) {
      if (this.#changes.size <= MAX_DOCUMENTS) return;
      this.#changes.delete(key);
    }
  }

  /** Returns the revision that a copy of a document must have; 0 if the document has not changed here. */
  revisionOf(key: string, now: number): number {
    const change = this.#changes.get(key);
    if (change === undefined) return 0;
    if (change.until > now) return change.revision;
    this.#changes.delete(key);
    return 0;
  }
}
