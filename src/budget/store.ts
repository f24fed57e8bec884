import { migrate, versionOf } from '../storage/migrate.ts';
import { NOTHING, type Amounts } from './amounts.ts';
import { periodOfKey, type BudgetState, type Counter, type OpenLease } from './decide.ts';
import { endOf, periodAt } from './periods.ts';
import { NoticeTable } from './notice-table.ts';
import { BUDGET_SCHEMA } from './schema.ts';
import type { CountedReport, UsageCounts, UsageKind, UsageReport, UsageRow } from './usage.ts';

/** Days that usage is kept: a year and the month that began it. */
export const USAGE_DAYS = 400;
/** Days that the last report of a conversation is kept, to recognize it if it is sent again. */
const REPORT_DAYS = 62;
const DAY_MS = 86_400_000;

/** The storage of an organization's budgets and usage. Every method is one synchronous step. */
export class BudgetStore {
  readonly notices: NoticeTable;
  readonly #storage: DurableObjectStorage;
  #isCurrent = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.notices = new NoticeTable(storage.sql, () => this.exists);
  }

  /** Returns whether there is anything here: an object that was only asked must stay empty. */
  get exists(): boolean {
    this.#isCurrent ||= versionOf(this.#storage.sql, BUDGET_SCHEMA) > 0;
    return this.#isCurrent;
  }

  /** Does work in one transaction, with the tables in their present version. */
  write(work: () => void): void {
    this.#storage.transactionSync(() => {
      migrate(this.#storage, BUDGET_SCHEMA);
      work();
    });
    this.#isCurrent = true;
  }

  /** Erases everything. */
  async clear(): Promise<void> {
    this.#isCurrent = false;
    await this.#storage.deleteAll();
  }

  /** Returns the open lease of a holder. */
  lease(holder: string): OpenLease | null {
    if (!this.exists) return null;
    const [row] = this.#storage.sql
      .exec<{ lease: string }>('SELECT lease FROM leases WHERE holder = ?', holder)
      .toArray();
    return row === undefined ? null : upgradeLease(row.lease);
  }

  /** Returns counters by their keys; those that do not exist are left out. */
  counters(keys: readonly string[]): Map<string, Counter> {
    const counters = new Map<string, Counter>();
    if (!this.exists) return counters;
    for (const key of keys) {
      const [row] = this.#storage.sql
        .exec<{ spent: string; held: string }>('SELECT spent, held FROM counters WHERE key = ?', key)
        .toArray();
      if (row !== undefined)
        counters.set(key, { spent: upgradeAmounts(row.spent), held: upgradeAmounts(row.held) });
    }
    return counters;
  }

  /** Writes a decision: what changed of the counters, and the lease of the holder. */
  save(holder: string, before: BudgetState, after: BudgetState): void {
    const { sql } = this.#storage;
    for (const [key, counter] of after.counters) {
      const spent = JSON.stringify(counter.spent);
      const held = JSON.stringify(counter.held);
      const known = before.counters.get(key);
      if (
        known !== undefined &&
        JSON.stringify(known.spent) === spent &&
        JSON.stringify(known.held) === held
      ) {
        continue;
      }
      sql.exec('INSERT OR REPLACE INTO counters (key, spent, held) VALUES (?, ?, ?)', key, spent, held);
    }
    if (after.lease !== null) {
      const lease = JSON.stringify(after.lease);
      sql.exec('INSERT OR REPLACE INTO leases (holder, lease) VALUES (?, ?)', holder, lease);
    } else if (before.lease !== null) sql.exec('DELETE FROM leases WHERE holder = ?', holder);
  }

  /** Returns the last report of a reporter. */
  lastReport(reporter: string): CountedReport | null {
    if (!this.exists) return null;
    const [row] = this.#storage.sql
      .exec<{ number: number; rows: string }>('SELECT number, rows FROM reports WHERE reporter = ?', reporter)
      .toArray();
    return row === undefined ? null : { number: row.number, rows: upgradeRows(row.rows) };
  }

  /** Keeps a report as counted. */
  keepReport({ reporter, number, rows }: UsageReport, now: number): void {
    this.#storage.sql.exec(
      'INSERT OR REPLACE INTO reports (reporter, day, number, rows) VALUES (?, ?, ?, ?)',
      reporter,
      periodAt('day', now),
      number,
      JSON.stringify(rows),
    );
  }

  /** Adds usage of a service. */
  addUsage(service: string, rows: readonly UsageRow[]): void {
    for (const { day, model, kind, ...counts } of rows) {
      this.#storage.sql.exec(
        `INSERT INTO usage (day, service, model, kind, input_tokens, cached_input_tokens, output_tokens, model_calls,
           estimated_calls, micro_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (day, service, model, kind) DO UPDATE SET
           input_tokens = input_tokens + excluded.input_tokens,
           cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
           output_tokens = output_tokens + excluded.output_tokens,
           model_calls = model_calls + excluded.model_calls,
           estimated_calls = estimated_calls + excluded.estimated_calls,
           micro_usd = micro_usd + excluded.micro_usd`,
        ...[day, service, model, kind, counts.input_tokens, counts.cached_input_tokens, counts.output_tokens],
        ...[counts.model_calls, counts.estimated_calls, counts.micro_usd],
      );
    }
  }

  /** Returns the usage from a day to another, both inclusive (`2026-11-26`), at most `limit` groups, oldest day first. */
  usage(from: string, to: string, columns: readonly UsageColumn[], limit: number): UsageGroup[] {
    if (!this.exists) return [];
    const named = columns.join(', ');
    const sums = SUMS.map((name) => `SUM(${name}) AS ${name}`).join(', ');
    const grouping = columns.length === 0 ? '' : `GROUP BY ${named} ORDER BY ${named}`;
    return this.#storage.sql
      .exec<UsageGroup & Record<string, SqlStorageValue>>(
        `SELECT ${columns.length === 0 ? '' : `${named}, `}${sums} FROM usage
         WHERE day BETWEEN ? AND ? ${grouping} LIMIT ?`,
        from,
        to,
        limit,
      )
      .toArray();
  }

  /** Removes what is out of date: counters and leases of periods that are over, old usage and old reports. */
  prune(now: number): void {
    const { sql } = this.#storage;
    const isOver = (key: string) => endOf(periodOfKey(key)) <= now;
    const leases = sql.exec<{ holder: string; lease: string }>('SELECT holder, lease FROM leases').toArray();
    for (const { holder, lease } of leases) {
      if (upgradeLease(lease).counters.every(isOver)) sql.exec('DELETE FROM leases WHERE holder = ?', holder);
    }
    // A lease that ends with its day may be settled after midnight: its counters are kept until it is removed.
    const today = periodAt('day', now - DAY_MS);
    const month = today.slice(0, 7);
    sql.exec(
      `DELETE FROM counters WHERE (instr(key, ' ') = 11 AND key < ?) OR (instr(key, ' ') = 8 AND key < ?)`,
      today,
      month,
    );
    sql.exec('DELETE FROM usage WHERE day < ?', periodAt('day', now - USAGE_DAYS * DAY_MS));
    sql.exec('DELETE FROM reports WHERE day < ?', periodAt('day', now - REPORT_DAYS * DAY_MS));
    this.notices.prune(month);
  }
}

/** The columns that usage is grouped by. */
export type UsageColumn = 'day' | 'service' | 'model' | 'kind';

/** Sums of usage, with the columns that it is grouped by. */
export type UsageGroup = UsageCounts & { day?: string; service?: string; model?: string; kind?: UsageKind };

const SUMS = [
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'model_calls',
  'estimated_calls',
  'micro_usd',
] as const;

/** Returns stored amounts of any version. */
function upgradeAmounts(stored: string): Amounts {
  return { ...NOTHING, ...(JSON.parse(stored) as Partial<Amounts>) };
}

/** Returns a stored lease of any version. */
function upgradeLease(stored: string): OpenLease {
  return JSON.parse(stored) as OpenLease;
}

/** Returns the rows of a stored report of any version. */
function upgradeRows(stored: string): UsageRow[] {
  return JSON.parse(stored) as UsageRow[];
}
