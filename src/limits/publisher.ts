import { WINDOW_MS, type Stamps } from './window.ts';

/** KV takes one write a second per key (platform limit). */
export const PUBLISH_INTERVAL_MS = 1_000;
/**
 * Share of the limit from which a counter is published. Below it the copy would change no decision, and a KV write
 * costs as much as five rows: so most turns write nothing to KV.
 */
const PUBLISH_FROM = 0.5;
/** Expiry of the copy: at least the minimum of KV, and longer than a window. */
const TTL_SECONDS = Math.max(60, WINDOW_MS / 1000 + 1);

/** A counter to publish in KV. */
export interface PublishedCounter {
  key: string;
  stamps: Stamps;
  ttlSeconds: number;
}

interface Pending {
  stamps: Stamps;
  lastPublishedAt: number;
  timer: ReturnType<typeof setTimeout> | null;
}

/** Publishes each counter at most once a second: immediately if the last second had no write, else at its end. */
export class CounterPublisher {
  readonly #publish: (counter: PublishedCounter) => void;
  readonly #pending = new Map<string, Pending>();

  constructor(publish: (counter: PublishedCounter) => void) {
    this.#publish = publish;
  }

  /** Publishes the new times of a counter, if they are near its limit. */
  changed(key: string, stamps: Stamps, limit: number): void {
    if (stamps.length < limit * PUBLISH_FROM) return;
    const pending = this.#pending.get(key) ?? { stamps, lastPublishedAt: 0, timer: null };
    pending.stamps = stamps;
    this.#pending.set(key, pending);
    const wait = pending.lastPublishedAt + PUBLISH_INTERVAL_MS - Date.now();
    if (wait <= 0) this.#flush(key, pending);
    else pending.timer ??= setTimeout(() => this.#flush(key, pending), wait);
  }

  #flush(key: string, pending: Pending): void {
    pending.timer = null;
    pending.lastPublishedAt = Date.now();
    this.#publish({ key, stamps: pending.stamps, ttlSeconds: TTL_SECONDS });
  }
}
