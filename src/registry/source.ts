/** Source of documents that KV does not have yet. */
import type { Home } from '../home.ts';
import type { Revised } from './cache.ts';

/** The owner of an organization's truth. */
export interface RegistrySource {
  /**
   * Returns documents by their keys, null for each that there is not; null instead of all where KV is the truth. Throws
   * 503 when the owner does not answer.
   */
  read: (home: Home, keys: readonly string[]) => Promise<ReadonlyMap<string, Revised> | null>;
}

/** Maximum number of look-ups of one organization's documents that KV does not have, in `WINDOW_MS` milliseconds. */
const MAX_LOOKUPS = 200;
const WINDOW_MS = 10_000;
/** Organizations whose look-ups are counted; the one that was counted first is forgotten first. */
const MAX_ORGANIZATIONS = 1_000;

/**
 * Bounds what identifiers that callers make up cost the object: beyond the bound KV's word holds, which is true a minute
 * after a document was made.
 */
export class LookupBound {
  readonly #counts = new Map<string, { since: number; count: number }>();

  /** Counts a look-up, or returns false when there were too many. */
  admits(organization: string, now: number): boolean {
    const known = this.#counts.get(organization);
    if (known !== undefined && known.since > now - WINDOW_MS) {
      known.count += 1;
      return known.count <= MAX_LOOKUPS;
    }
    this.#counts.delete(organization);
    this.#counts.set(organization, { since: now, count: 1 });
    const oldest = this.#counts.size > MAX_ORGANIZATIONS ? this.#counts.keys().next().value : undefined;
    if (oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }
}
