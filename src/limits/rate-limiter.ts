import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import { CounterPublisher } from './publisher.ts';
import { admit, type Decision, type Stamps } from './window.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS counters (operation TEXT PRIMARY KEY, stamps TEXT NOT NULL) WITHOUT ROWID
`;

/** A decision, and the stamp under which a request that passed was counted. */
export interface LimiterAnswer extends Decision {
  stamp: number | null;
}

/**
 * The truth of one user's counters. Every request is one synchronous step, and its count is written before the answer
 * leaves (the output gate sees to it), so the count is exact under any concurrency and survives eviction and crash.
 */
export class RateLimiter extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #counters = new Map<string, Stamps>();
  readonly #publisher: CounterPublisher;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
    const rows = this.#sql.exec<{ operation: string; stamps: string }>('SELECT * FROM counters');
    for (const { operation, stamps } of rows) this.#counters.set(operation, JSON.parse(stamps) as number[]);
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

  /** Counts a request against a limit, or refuses it. `name` is the object's own, for the published copy. */
  admit(name: string, operation: string, limit: number): LimiterAnswer {
    const { decision, stamps } = admit(this.#counters.get(operation) ?? [], limit, Date.now());
    if (!decision.allowed) return { ...decision, stamp: null };
    this.#counters.set(operation, stamps);
    this.#sql.exec('INSERT OR REPLACE INTO counters VALUES (?, ?)', operation, JSON.stringify(stamps));
    this.#publisher.changed(counterKey(name, operation), stamps, limit);
    return { ...decision, stamp: stamps.at(-1) ?? null };
  }
}

/** Where a counter's published copy stands in KV. */
export function counterKey(name: string, operation: string): string {
  return `counter:${name}:${operation}`;
}
