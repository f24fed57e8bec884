import { decideAt, counted, type Decision, type Stamps } from './window.ts';

/** At most this many counters are remembered; the one used longest ago is forgotten first. */
const MAX_COUNTERS = 10_000;

interface Known {
  /** Requests that passed through this isolate. */
  stamps: Stamps;
  /** Set when the limiter refused: until then it would refuse again. */
  refusedUntil: number;
}

/**
 * What one isolate remembers of the counters it saw: enough to refuse without waking an object, and to go on counting
 * when the object does not answer.
 */
export class IsolateCounts {
  readonly #known = new Map<string, Known>();

  /** The refusal of a request that is known to be over its limit; `null` when the limiter has to be asked. */
  refusal(key: string, limit: number, now: number): Decision | null {
    const known = this.#known.get(key);
    if (known === undefined) return null;
    if (known.refusedUntil > now) return { allowed: false, limit, remaining: 0, resetAt: known.refusedUntil };
    const { decision } = decideAt(known.stamps, limit, now);
    return decision.allowed ? null : decision;
  }

  passed(key: string, stamp: number): void {
    const known = this.#recall(key);
    known.stamps = [...counted(known.stamps, stamp), stamp];
  }

  refused(key: string, until: number): void {
    this.#recall(key).refusedUntil = until;
  }

  /** Decides without the limiter: what passed here, together with what was published, is the count. */
  decide(key: string, limit: number, now: number, published: Stamps): Decision {
    const known = this.#recall(key);
    const own = new Set(known.stamps);
    const others = published.filter((stamp) => !own.has(stamp));
    const all = [...known.stamps, ...others].sort((a, b) => a - b);
    const { decision, stamps } = decideAt(all, limit, now);
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
