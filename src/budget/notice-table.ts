/** A message as it is stored until it is delivered. `key` names what it tells, so that it is stored once. */
export interface Notice {
  key: string;
  url: string;
  body: string;
  attempts: number;
}

/** The table of messages to addresses. One that is delivered keeps its row, so that it is not sent twice. */
export class NoticeTable {
  readonly #sql: SqlStorage;
  readonly #exists: () => boolean;

  constructor(sql: SqlStorage, exists: () => boolean) {
    this.#sql = sql;
    this.#exists = exists;
  }

  /** Notes a message to be sent now, unless it was noted before. Returns whether it is new. */
  note({ key, url, body }: Notice, now: number): boolean {
    return (
      this.#sql.exec(
        'INSERT INTO notices (key, url, body, attempts, due_at) VALUES (?, ?, ?, 0, ?) ON CONFLICT (key) DO NOTHING',
        key,
        url,
        body,
        now,
      ).rowsWritten > 0
    );
  }

  /** Returns the messages that are due. */
  due(now: number, limit: number): Notice[] {
    if (!this.#exists()) return [];
    return this.#sql
      .exec<Notice & Record<string, SqlStorageValue>>(
        'SELECT key, url, body, attempts FROM notices WHERE due_at <= ? LIMIT ?',
        now,
        limit,
      )
      .toArray();
  }

  /** Returns the time at which the next message is due, in milliseconds since 1970; null when none is left. */
  nextAt(): number | null {
    if (!this.#exists()) return null;
    return this.#sql.exec<{ at: number | null }>('SELECT MIN(due_at) AS at FROM notices').one().at;
  }

  /** Marks a message as delivered or given up. */
  done(key: string): void {
    this.#sql.exec(`UPDATE notices SET due_at = NULL, url = '', body = '' WHERE key = ?`, key);
  }

  /** Has a message be sent again. */
  failed(key: string, attempts: number, at: number): void {
    this.#sql.exec('UPDATE notices SET attempts = ?, due_at = ? WHERE key = ?', attempts, at, key);
  }

  /** Removes what was delivered before a month (`2026-11`). */
  prune(month: string): void {
    this.#sql.exec('DELETE FROM notices WHERE due_at IS NULL AND substr(key, 3, 7) < ?', month);
  }
}
