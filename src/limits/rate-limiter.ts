import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { CounterPublisher } from './publisher.ts';
import { LIMITER_SCHEMA } from './schema.ts';
import { decideAt, type Decision, type Stamps } from './window.ts';

/** A decision, with the time under which the request was counted; null for a refused request. */
export interface LimiterAnswer extends Decision {
  stamp: number | null;
}

/**
 * Durable Object that owns the counters of one user. Each request is one synchronous step, and the output gate holds
 * its answer back until the count is stored. So the count is exact under any concurrency, and survives eviction and
 * crash.
 */
export class RateLimiter extends DurableObject<Env> {
  readonly #storage: DurableObjectStorage;
  /** True once the table exists in the present version. The first count creates it. */
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

  /** Counts a request, or refuses it at the limit. `name` is the name of this object, for the published copy. */
  admit(name: string, operation: string, limit: number): LimiterAnswer {
    const { decision, stamps } = decideAt(this.#counters.get(operation) ?? [], limit, Date.now());
    if (!decision.allowed) return { ...decision, stamp: null };
    this.#counters.set(operation, stamps);
    this.#save(operation, stamps);
    this.#publisher.changed(counterKey(name, operation), stamps, limit);
    return { ...decision, stamp: stamps.at(-1) ?? null };
  }
}

/** Returns the times of a stored counter of any version. */
function upgradeStamps(stored: string): Stamps {
  return JSON.parse(stored) as number[];
}

/** Returns the KV key of a counter's published copy. */
export function counterKey(name: string, operation: string): string {
  return `counter:${name}:${operation}`;
}
