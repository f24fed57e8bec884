import { counted, decideAt, mergedStamps, STEP_MS, type Decision, type Stamps } from './window.ts';

/** Maximum number of counters in memory. The one that was used longest ago is removed first. */
const MAX_COUNTERS = 10_000;

interface Known {
  /** Times of the requests that this isolate let through. */
  stamps: Stamps;
  /** Time until which the limiter refuses, in milliseconds since 1970; 0 if it has not refused. */
  refusedUntil: number;
}

/**
 * Counters that this isolate has seen. They refuse requests without a call of the limiter, and count while the limiter
 * does not answer.
 */
export class IsolateCounts {
  readonly #known = new Map<string, Known>();

  /** Returns the refusal of a request that is over its limit, or null if the limiter has to decide. */
  refusal(key: string, limit: number, now: number): Decision | null {
    const known = this.#known.get(key);
    if (known === undefined) return null;
    if (known.refusedUntil > now) return { allowed: false, limit, remaining: 0, resetAt: known.refusedUntil };
    const { decision } = decideAt(known.stamps, limit, now);
    return decision.allowed ? null : decision;
  }

  /** Records that the limiter let a request through at `stamp`. */
  passed(key: string, stamp: number): void {
    const known = this.#recall(key);
    // The time may be rounded up: earlier ones stay as long as they may count.
    known.stamps = [...counted(known.stamps, stamp - STEP_MS), stamp];
  }

  /** Records that the limiter refuses until `until`. */
  refused(key: string, until: number): void {
    this.#recall(key).refusedUntil = until;
  }

  /** Decides without the limiter: counts the requests of this isolate together with the published ones. */
  decide(key: string, limit: number, now: number, published: Stamps): Decision {
    const known = this.#recall(key);
    const { decision, stamps } = decideAt(mergedStamps(known.stamps, published), limit, now);
    const passed = stamps.at(-1);
    if (decision.allowed && passed !== undefined) this.passed(key, passed);
    else this.refused(key, decision.resetAt);
    return decision;
  }

  #recall(key: string): Known {
    const known = this.#known.get(key) ?? { stamps: [], refusedUntil: 0 };
    this.#known.delete(key);
    this.#known.set(key, known);
    const oldest = this.#known.size > MAX_COUNTERS ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    return known;
  }
}
