import type { RecordingType } from '../contract/formats.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { RECORDINGS_SCHEMA } from './schema.ts';

/** A recording in the bucket. */
export interface StoredRecording {
  key: string;
  content_type: RecordingType;
}

/** A recording that may be on its way into the bucket, and belongs to no message yet. Times in ms since 1970. */
export interface PendingRecording {
  key: string;
  /** The multipart upload that brings it, if one was begun. */
  upload_id: string | null;
  /** The time from which it is overdue. What a running turn has is overdue from its beginning: only a turn that died leaves it. */
  until: number;
}

/**
 * The recordings that a conversation has, and those on their way. The tables are made with the first of them: most
 * conversations are never spoken.
 */
export class RecordingTable {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  #exists(): boolean {
    return versionOf(this.#sql, RECORDINGS_SCHEMA) > 0;
  }

  expect(key: string, until: number): void {
    migrate(this.#storage, RECORDINGS_SCHEMA);
    this.#sql.exec('INSERT INTO pending_recordings (key, until) VALUES (?, ?)', key, until);
  }

  noteUpload(key: string, uploadId: string): void {
    this.#sql.exec('UPDATE pending_recordings SET upload_id = ? WHERE key = ?', uploadId, key);
  }

  /** Has a recording be overdue from now on. Returns false when it is not marked, or overdue already. */
  claim(key: string, now: number): boolean {
    if (!this.#exists()) return false;
    const changed = this.#sql.exec(
      'UPDATE pending_recordings SET until = ?1 WHERE key = ?2 AND until > ?1',
      now,
      key,
    );
    return changed.rowsWritten > 0;
  }

  /** Those on their way, the one to be given up first first. */
  pending(): PendingRecording[] {
    if (!this.#exists()) return [];
    return this.#sql
      .exec<PendingRecording & Record<string, SqlStorageValue>>(
        'SELECT key, upload_id, until FROM pending_recordings ORDER BY until',
      )
      .toArray();
  }

  /** Takes the mark off a recording. Returns whether it had one. */
  forget(key: string): boolean {
    if (!this.#exists()) return false;
    return this.#sql.exec('DELETE FROM pending_recordings WHERE key = ?', key).rowsWritten > 0;
  }

  /**
   * Gives a recording to its message, by the message's number. To be called in the transaction that writes the message.
   * Throws when the recording is not marked: then it was removed, or will be.
   */
  commit(message: number, { key, content_type }: StoredRecording): void {
    if (!this.forget(key)) throw new Error('A recording of this turn is not marked any more.');
    this.#sql.exec(
      'INSERT INTO recordings (message, key, content_type) VALUES (?, ?, ?)',
      message,
      key,
      content_type,
    );
  }

  /** Returns whether a message has the recording. */
  belongsToMessage(key: string): boolean {
    if (!this.#exists()) return false;
    return this.#sql.exec('SELECT 1 FROM recordings WHERE key = ?', key).toArray().length > 0;
  }

  /** Returns the number of recordings that messages have. */
  count(): number {
    if (!this.#exists()) return 0;
    return this.#sql.exec<{ n: number }>('SELECT count(*) AS n FROM recordings').one().n;
  }

  /** Returns the keys of recordings whose messages are from before a time, in milliseconds since 1970. */
  olderThan(time: number, limit: number): string[] {
    if (!this.#exists()) return [];
    return this.#sql
      .exec<{ key: string }>(
        `SELECT r.key FROM recordings r JOIN messages m ON m.sequence = r.message WHERE m.created_at < ? LIMIT ?`,
        time,
        limit,
      )
      .toArray()
      .map(({ key }) => key);
  }

  /** Removes recordings of messages by their keys. */
  remove(keys: readonly string[]): void {
    this.#sql.exec(
      'DELETE FROM recordings WHERE key IN (SELECT value FROM json_each(?))',
      JSON.stringify(keys),
    );
  }

  of(message: number): StoredRecording | null {
    if (!this.#exists()) return null;
    const [row] = this.#sql
      .exec<StoredRecording & Record<string, SqlStorageValue>>(
        'SELECT key, content_type FROM recordings WHERE message = ?',
        message,
      )
      .toArray();
    return row ?? null;
  }
}
