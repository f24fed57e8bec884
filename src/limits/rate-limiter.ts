import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../bindings.ts';
import { logError } from '../log.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { CounterPublisher } from './publisher.ts';
import { LIMITER_SCHEMA, STALE_SCHEMA, VISITORS_SCHEMA } from './schema.ts';
import {
  current,
  decideBeginning,
  NO_VISITORS,
  type Beginning,
  type BeginningAnswer,
  type VisitorCounts,
} from './visitor-counts.ts';
import { decideAt, readStamps, writtenStamps, type Decision, type Stamps } from './window.ts';

/** Time until the alarm that removes the counts of visitors, in milliseconds: they matter for an hour. */
const SWEEP_MS = 62 * 60_000;

/** The minimum revision of the copies of the user's documents, by their kind. */
export type Stale = Readonly<Record<string, number>>;

/** A decision, with the time under which the request was counted; null for a refused request. */
export interface LimiterAnswer extends Decision {
  stamp: number | null;
  /** Revisions that the registry has told this limiter. */
  stale: Stale;
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
  #stale: Stale = {};
  /** True once an alarm is set that removes the counts of visitors. */
  #isSwept = false;
  readonly #publisher: CounterPublisher;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#load();
    this.#publisher = new CounterPublisher((counters) => {
      const published = env.COUNTERS.put(counters.key, writtenStamps(counters.stamps), {
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
    if (versionOf(sql, LIMITER_SCHEMA) > 0) {
      const rows = sql.exec<{ operation: string; stamps: string }>('SELECT operation, stamps FROM counters');
      for (const { operation, stamps } of rows) this.#counters.set(operation, readStamps(stamps));
    }
    if (versionOf(sql, STALE_SCHEMA) > 0) {
      const told = sql.exec<{ kind: string; revision: number }>('SELECT kind, revision FROM stale');
      this.#stale = Object.fromEntries([...told].map(({ kind, revision }) => [kind, revision]));
    }
  }

  /**
   * Stores the revision below which copies of the user's documents are too old, by their kind. The answers to later
   * requests contain it. A lower revision than the stored one changes nothing.
   */
  staleBefore(stale: Stale): void {
    const news = Object.entries(stale).filter(([kind, revision]) => revision > (this.#stale[kind] ?? 0));
    this.#storage.transactionSync(() => {
      migrate(this.#storage, STALE_SCHEMA);
      for (const [kind, revision] of news) {
        this.#storage.sql.exec('INSERT OR REPLACE INTO stale (kind, revision) VALUES (?, ?)', kind, revision);
      }
    });
    this.#stale = { ...this.#stale, ...Object.fromEntries(news) };
  }

  /** Returns the revisions that the registry has told this limiter. */
  told(): Stale {
    return this.#stale;
  }

  /**
   * Counts a visitor who begins from the network of this object, or refuses them. An alarm removes the object an hour
   * after its last visitor.
   */
  begin(beginning: Beginning): BeginningAnswer {
    const now = Date.now();
    const { answer, counts } = decideBeginning(this.#visitors(), beginning, now);
    if (answer.verdict !== 'begins') return answer;
    this.#storage.transactionSync(() => {
      migrate(this.#storage, VISITORS_SCHEMA);
      this.#storage.sql.exec(
        'INSERT OR REPLACE INTO visitors (id, counts) VALUES (0, ?)',
        JSON.stringify(counts),
      );
    });
    if (!this.#isSwept) void this.#storage.setAlarm(now + SWEEP_MS);
    this.#isSwept = true;
    return answer;
  }

  #visitors(): VisitorCounts {
    const { sql } = this.#storage;
    if (versionOf(sql, VISITORS_SCHEMA) === 0) return NO_VISITORS;
    const [row] = sql.exec<{ counts: string }>('SELECT counts FROM visitors').toArray();
    return row === undefined ? NO_VISITORS : upgradeVisitors(row.counts);
  }

  /** Removes the object of a network from which no visitor has begun for an hour. */
  override async alarm(): Promise<void> {
    const { begun, used } = current(this.#visitors(), Date.now());
    if (begun.length > 0 || used.length > 0) await this.#storage.setAlarm(Date.now() + SWEEP_MS);
    else {
      await this.#storage.deleteAll();
      this.#isSwept = false;
    }
  }

  #save(operation: string, stamps: Stamps): void {
    this.#storage.transactionSync(() => {
      if (!this.#isCurrent) migrate(this.#storage, LIMITER_SCHEMA);
      this.#storage.sql.exec(
        'INSERT OR REPLACE INTO counters (operation, stamps) VALUES (?, ?)',
        operation,
        writtenStamps(stamps),
      );
    });
    this.#isCurrent = true;
  }

  /** Erases what is counted and what was told. */
  async forget(): Promise<void> {
    await this.#storage.deleteAll();
    this.#counters.clear();
    this.#stale = {};
    this.#isCurrent = false;
  }

  /**
   * Counts a request, or refuses it at the limit. `name` is the name of this object, for the published copy, which is made
   * unless `isPublished` is false.
   */
  admit(name: string, operation: string, limit: number, isPublished = true): LimiterAnswer {
    const { decision, stamps } = decideAt(this.#counters.get(operation) ?? [], limit, Date.now());
    if (!decision.allowed) return { ...decision, stamp: null, stale: this.#stale };
    this.#counters.set(operation, stamps);
    this.#save(operation, stamps);
    if (isPublished) this.#publisher.changed(counterKey(name, operation), stamps, limit);
    return { ...decision, stamp: stamps.at(-1) ?? null, stale: this.#stale };
  }
}

/** Returns the stored counts of visitors of any version. */
function upgradeVisitors(stored: string): VisitorCounts {
  return JSON.parse(stored) as VisitorCounts;
}

/** Returns the KV key of a counter's published copy. */
export function counterKey(name: string, operation: string): string {
  return `counter:${name}:${operation}`;
}
