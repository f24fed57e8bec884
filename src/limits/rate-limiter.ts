import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { CounterPublisher } from './publisher.ts';
import { LIMITER_SCHEMA } from './schema.ts';
import { decideAt, type Decision, type Stamps } from './window.ts';

/** A decision, and the stamp under which a request that passed was counted. */
export interface LimiterAnswer extends Decision {
  stamp: number | null;
}

/**
 * The truth of one user's counters. Every request is one synchronous step, and its count is written before the answer
 * leaves (the output gate sees to it), so the count is exact under any concurrency and survives eviction and crash.
 */
export class RateLimiter extends DurableObject<Env> {
  readonly #storage: DurableObjectStorage;
  /** Whether the table is known to be there, in the present version: the first count makes it. */
  #isCurrent = false;
  readonly #counters = new Map<string, Stamps>();
  readonly #publisher: CounterPublisher;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#load();
    this.#publisher = new CounterPublisher((counters) => {
      const published = env.COUNTERS.put(counters.key, JSON.stringify(counters.stamps), {
        expirationTtl: counters.ttlSeconds,
      });
      ctx.waitUntil(
        published.catch((error: unknown) => {
          logError('counter_not_published', error);
        }),
      );
    });
  }

  #load(): void {
    const { sql } = this.#storage;
    if (versionOf(sql, LIMITER_SCHEMA) === 0) return;
    const rows = sql.exec<{ operation: string; stamps: string }>('SELECT operation, stamps FROM counters');
    for (const { operation, stamps } of rows) this.#counters.set(operation, upgradeStamps(stamps));
  }

  #save(operation: string, stamps: Stamps): void {
    this.#storage.transactionSync(() => {
      if (!this.#isCurrent) migrate(this.#storage, LIMITER_SCHEMA);
      this.#storage.sql.exec(
        'INSERT OR REPLACE INTO counters (operation, stamps) VALUES (?, ?)',
        operation,
        JSON.stringify(stamps),
      );
    });
    this.#isCurrent = true;
  }

  /** Counts a request against a limit, or refuses it. `name` is the object's own, for the published copy. */
  admit(name: string, operation: string, limit: number): LimiterAnswer {
    const { decision, stamps } = decideAt(this.#counters.get(operation) ?? [], limit, Date.now());
    if (!decision.allowed) return { ...decision, stamp: null };
    this.#counters.set(operation, stamps);
    this.#save(operation, stamps);
    this.#publisher.changed(counterKey(name, operation), stamps, limit);
    return { ...decision, stamp: stamps.at(-1) ?? null };
  }
}

/** Returns the stamps of a counter that any version wrote. */
function upgradeStamps(stored: string): Stamps {
  return JSON.parse(stored) as number[];
}

/** Where a counter's published copy stands in KV. */
export function counterKey(name: string, operation: string): string {
  return `counter:${name}:${operation}`;
}
