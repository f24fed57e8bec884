import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { MAX_RETRY_MS, REMOVAL_MS, SAFETY_NET_MS, type Alarm } from './alarm.ts';
import type { Analyst } from './analysis.ts';
import type { DirectoryReport } from './directory-report.ts';
import type { Erasure } from './erasure/erasure.ts';
import type { ConversationRecord } from './records.ts';
import type { Recordings } from './recordings.ts';
import type { RollBack } from './roll-back.ts';
import type { Spending } from './spending/spending.ts';
import type { ConversationStore } from './store.ts';

/** The key under which the storage counts the alarms in a row that failed in something. */
const FAILURES_KEY = 'alarm_failures';

/** A duty of the alarm, as the log names it. */
type Duty = 'delivery' | 'analysis' | 'recordings' | 'rollback' | 'usage';

/** The parts that the alarm's duties need. */
export interface DutyParts {
  storage: DurableObjectStorage;
  store: ConversationStore;
  analyst: Analyst;
  report: DirectoryReport;
  recordings: Recordings;
  rollBack: RollBack;
  alarm: Alarm;
  erasure: Erasure;
  spending: Spending;
}

/**
 * The duties of the alarm: the Directory learns what it missed, the analysis runs, and what a crash interrupted is
 * finished or undone. Every duty may be repeated.
 */
export class AlarmDuties {
  readonly #parts: DutyParts;
  #areRunning = false;

  constructor(parts: DutyParts) {
    this.#parts = parts;
  }

  /** True while the alarm is at its duties. */
  get areRunning(): boolean {
    return this.#areRunning;
  }

  /**
   * Does the duties, each apart from the others: one that fails is tried again later and holds up none. Never throws:
   * the platform drops an alarm that failed six times. `isTurnRunning` is asked first, and may begin one.
   */
  async run(isTurnRunning: () => boolean): Promise<void> {
    this.#parts.alarm.gone();
    this.#areRunning = true;
    try {
      await this.#run(isTurnRunning());
    } catch (error) {
      logError('alarm_failed', error);
      this.#parts.alarm.arm(MAX_RETRY_MS);
    } finally {
      this.#areRunning = false;
    }
  }

  async #run(isTurnRunning: boolean): Promise<void> {
    const { store, report, recordings, rollBack, alarm } = this.#parts;
    const record = store.load();
    if (record === null) {
      await this.#erase();
      return;
    }
    if (isTurnRunning) {
      alarm.arm(SAFETY_NET_MS);
      return;
    }
    if (record.state === 'creating') {
      this.#count(await this.#attempt('rollback', record, () => rollBack.run()));
      return;
    }
    const [delivered, swept, retryMs] = await Promise.all([
      this.#attempt('delivery', record, () => report.catchUp(record)),
      this.#attempt('recordings', record, () => inTime(REMOVAL_MS, recordings.sweep())),
      this.#analyse(record),
    ]);
    const latest = store.load() ?? record;
    // What the analysis added is delivered at once, and what failed to be delivered before with it.
    const caughtUp =
      latest.revision === record.revision
        ? delivered
        : await this.#attempt('delivery', latest, () => report.catchUp(latest));
    const reported = await this.#attempt('usage', latest, () => this.#reportUsage(latest));
    this.#count(caughtUp && swept && reported, retryMs);
  }

  /** Reports usage that is due, and has the alarm come back for what is not. */
  async #reportUsage(record: ConversationRecord): Promise<void> {
    const laterMs = await this.#parts.spending.reportDue(record);
    if (laterMs !== null) this.#parts.alarm.arm(laterMs);
  }

  /** Goes on with an erasure, or looks after what is left of an erased conversation. */
  async #erase(): Promise<void> {
    const { erasure } = this.#parts;
    try {
      if (await erasure.resume()) this.#forgetFailures();
    } catch (error) {
      logError('alarm_duty_failed', error, { duty: 'erasure' });
      this.#count(false);
    }
  }

  #forgetFailures(): void {
    const { storage } = this.#parts;
    if (storage.kv.get(FAILURES_KEY) !== undefined) storage.kv.delete(FAILURES_KEY);
  }

  /** Does one duty. Returns whether it was done. */
  async #attempt(duty: Duty, { identity }: ConversationRecord, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      logError('alarm_duty_failed', error, { duty, conversation_id: identity.id });
      return false;
    }
  }

  /**
   * Counts an alarm that failed in something, and has the next one come later each time, up to ten minutes; or with the
   * next attempt of the analysis, which keeps its own pauses.
   */
  #count(done: boolean, analysisRetryMs: number | null = null): void {
    const { storage, alarm } = this.#parts;
    const before = storage.kv.get<number>(FAILURES_KEY) ?? 0;
    if (!done) storage.kv.put(FAILURES_KEY, before + 1);
    else if (before > 0) storage.kv.delete(FAILURES_KEY);
    if (analysisRetryMs !== null) alarm.arm(analysisRetryMs);
    else if (!done) alarm.arm(Math.min(SAFETY_NET_MS * 2 ** before, MAX_RETRY_MS));
  }

  /** Returns the pause in milliseconds before the next attempt of the analysis; `null` when there is none to come. */
  async #analyse(record: ConversationRecord): Promise<number | null> {
    if (record.analysis.status !== 'pending') return null;
    const { alarm, analyst } = this.#parts;
    // Should the object die in the analysis more often than the platform repeats the alarm, this one is still set.
    const guard = alarm.arm(MAX_RETRY_MS);
    try {
      return await analyst.runPending(record);
    } finally {
      alarm.disarm(guard);
    }
  }
}
