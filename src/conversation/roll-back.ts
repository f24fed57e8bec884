import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { REMOVAL_MS, SAFETY_NET_MS, type Alarm } from './alarm.ts';
import type { DirectoryReport } from './directory-report.ts';
import type { ConversationIdentity } from './records.ts';
import type { Recordings } from './recordings.ts';
import type { ConversationStore } from './store.ts';
import type { TurnReports } from './turns/turn-reports.ts';

/** The key under which the storage notes that the first turn has ended, and was reported. */
const ENDED_KEY = 'first_turn_ended';

/** The parts that a roll-back needs. */
export interface RollBackParts {
  storage: DurableObjectStorage;
  store: ConversationStore;
  report: DirectoryReport;
  recordings: Recordings;
  alarm: Alarm;
  reports: TurnReports;
}

/** Undoes a create that did not come to its commit. Every step may be repeated. */
export class RollBack {
  readonly #parts: RollBackParts;

  constructor(parts: RollBackParts) {
    this.#parts = parts;
  }

  /** Sets the alarm that undoes a create if its process dies. To be called beside the write that marks the create. */
  watch(): void {
    this.#parts.alarm.arm(SAFETY_NET_MS);
  }

  /** Notes that the first turn came to nothing by itself, and sets the alarm for what is left of it. */
  turnFailed(): void {
    this.#parts.storage.kv.put(ENDED_KEY, true);
    this.watch();
  }

  /** Gives back the place of a create that was refused before anything was stored. Fails only into the log. */
  async giveBack(identity: ConversationIdentity, request_id: string): Promise<void> {
    await this.#parts.report.release(identity).catch((error: unknown) => {
      logError('reservation_not_released', error, { request_id, conversation_id: identity.id });
    });
  }

  /**
   * Gives back the place, removes the recordings, and then all that is stored here. Throws when a step fails. A create whose
   * turn did not end by itself has died, and is reported.
   */
  async run(): Promise<void> {
    const { storage, store, report, recordings, alarm, reports } = this.#parts;
    const record = store.load();
    if (record?.state !== 'creating') return;
    await report.release(record.identity);
    await inTime(REMOVAL_MS, recordings.discardAll());
    // Another call may have done it meanwhile.
    if (store.load()?.state !== 'creating') return;
    const hasDied = storage.kv.get(ENDED_KEY) !== true;
    await store.clear();
    alarm.gone();
    if (hasDied) reports.died(record.identity, null);
  }
}
