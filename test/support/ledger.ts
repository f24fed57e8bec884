/** Counts what objects write and read: the cursors of their statements know. Alarms are counted apart. */
import { runInDurableObject } from 'cloudflare:test';

interface Cursor {
  rowsWritten: number;
  rowsRead: number;
}

interface Counts {
  written: number;
  read: number;
  alarms: number;
}

export class Ledger {
  readonly #watched: { stub: DurableObjectStub; cursors: Cursor[] }[] = [];
  #alarms = 0;

  /** Begins to count in an object that is running. It stops when the object is evicted. */
  async watch(stub: DurableObjectStub): Promise<void> {
    const cursors: Cursor[] = [];
    this.#watched.push({ stub, cursors });
    await runInDurableObject(stub, (_instance, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      const counted = (query: string, ...bindings: unknown[]) => {
        const cursor = exec(query, ...bindings);
        cursors.push(cursor);
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

  /** Returns the counts since the last call. A cursor tells its numbers only inside its object. */
  async take(): Promise<Counts> {
    const counts: Counts = { written: 0, read: 0, alarms: this.#alarms };
    this.#alarms = 0;
    for (const { stub, cursors } of this.#watched) {
      await runInDurableObject(stub, () => {
        for (const { rowsWritten, rowsRead } of cursors) {
          counts.written += rowsWritten;
          counts.read += rowsRead;
        }
        cursors.length = 0;
      });
    }
    return counts;
  }
}
