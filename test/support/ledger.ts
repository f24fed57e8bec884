/** Counts what an object writes and reads: the cursors of its statements know, and an alarm counts as a row. */
import { runInDurableObject } from 'cloudflare:test';

interface Cursor {
  rowsWritten: number;
  rowsRead: number;
}

export class Ledger {
  readonly #cursors: Cursor[] = [];
  #alarms = 0;

  /** Begins to count in an object that is running. It stops when the object is evicted. */
  async watch(stub: DurableObjectStub): Promise<void> {
    await runInDurableObject(stub, (_instance, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      const counted = (query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings);
        this.#cursors.push(cursor);
        return cursor;
      };
      storage.sql.exec = counted as typeof storage.sql.exec;
      const setAlarm = storage.setAlarm.bind(storage);
      storage.setAlarm = (...args: Parameters<typeof setAlarm>) => {
        this.#alarms += 1;
        return setAlarm(...args);
      };
    });
  }

  /** What was counted since the last look. */
  take(): { written: number; read: number; alarms: number } {
    const written = this.#cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0);
    const alarms = this.#alarms;
    const read = this.#cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
    this.#cursors.length = 0;
    this.#alarms = 0;
    return { written, read, alarms };
  }
}
