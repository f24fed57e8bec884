/** Answers of changes, by the key under which a caller may repeat them. */
import { failure, success, type Outcome } from '../../problems.ts';
import type { Changed, Repeatable } from './commands.ts';

/** Time for which a repeated change is recognized, in milliseconds. */
const REMEMBERED_MS = 24 * 60 * 60_000;

export class Answers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Returns what a change answered that is asked for again; null when it is asked for the first time. */
  known(actor: string, { key, digest }: Repeatable, now: number): Outcome<Changed> | null {
    const [row] = this.#sql
      .exec<{ at: number; digest: string; body: string }>(
        'SELECT at, digest, body FROM answers WHERE key = ?',
        `${actor}:${key}`,
      )
      .toArray();
    if (row === undefined || row.at <= now - REMEMBERED_MS) return null;
    if (row.digest !== digest) {
      return failure(
        'idempotency_key_reused',
        'This idempotency-key came with another request: use a new one.',
      );
    }
    return success({ ...(JSON.parse(row.body) as Changed), repeated: true });
  }

  /** Remembers what a change answered, and forgets what is old. */
  remember(actor: string, { key, digest }: Repeatable, changed: Changed, now: number): void {
    this.#sql.exec('DELETE FROM answers WHERE at <= ?', now - REMEMBERED_MS);
    this.#sql.exec(
      'INSERT OR REPLACE INTO answers (key, at, digest, body) VALUES (?, ?, ?, ?)',
      `${actor}:${key}`,
      now,
      digest,
      JSON.stringify(changed),
    );
  }
}
