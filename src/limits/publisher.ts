import { WINDOW_MS, type Stamps } from './window.ts';

/** KV takes one write a second per key (platform limit). */
export const PUBLISH_INTERVAL_MS = 1_000;
/**
 * From this part of its limit on a counter is published. Below it the copy would decide nothing that its absence does
 * not, and a KV write costs as much as five rows: this keeps it off the bill of nearly every turn.
 */
const PUBLISH_FROM = 0.5;
/** KV's own lower bound for an expiry, and longer than a window. */
const TTL_SECONDS = Math.max(60, WINDOW_MS / 1000 + 1);

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

/** Publishes counters at most once a second each: at once when it may, else when the second is over. */
export class CounterPublisher {
  readonly #publish: (counter: PublishedCounter) => void;
  readonly #pending = new Map<string, Pending>();

  constructor(publish: (counter: PublishedCounter) => void) {
    this.#publish = publish;
  }

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
