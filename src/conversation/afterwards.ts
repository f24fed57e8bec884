import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import type { Alarm } from './alarm.ts';
import type { Analyst } from './analysis.ts';
import { Delivery, progressOf } from './delivery.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationIdentity, ConversationRecord } from './records.ts';
import { Recordings } from './recordings.ts';
import type { Standing } from './reservation.ts';
import type { ConversationStore } from './store.ts';

/** When the alarm looks after a turn, in milliseconds: whether its summary arrived, or whether a create died. */
export const SAFETY_NET_MS = 10_000;
/** The longest pause before the alarm tries again what failed, in milliseconds. */
export const MAX_RETRY_MS = 10 * 60_000;
/** How long a caller waits for the list to know what changed, in milliseconds. After that the alarm tells the list. */
const SUMMARY_WAIT_MS = 1_000;
/** How long the bucket may take to remove recordings, in milliseconds. After that the alarm does it again. */
const REMOVAL_MS = 30_000;
/** Under this key the storage counts the alarms in a row that failed in something. */
const FAILURES_KEY = 'alarm_failures';

/** What the alarm has to do. */
type Duty = 'delivery' | 'analysis' | 'recordings' | 'rollback';

/**
 * What follows a commit: the Directory learns of it, the analysis runs, and whatever a crash interrupted is finished
 * or undone by the alarm. Every step may be repeated.
 */
export class Afterwards {
  readonly #storage: DurableObjectStorage;
  readonly #store: ConversationStore;
  readonly #analyst: Analyst;
  readonly #alarm: Alarm;
  readonly #delivery: Delivery;
  readonly recordings: Recordings;
  /** Whether the alarm is at its duties now. */
  #busy = false;

  constructor(
    storage: DurableObjectStorage,
    env: Env,
    store: ConversationStore,
    messages: MessageReader,
    analyst: Analyst,
    alarm: Alarm,
  ) {
    this.#storage = storage;
    this.#store = store;
    this.#analyst = analyst;
    this.#alarm = alarm;
    this.#delivery = new Delivery(env, messages);
    this.recordings = new Recordings(env.AUDIO, store.recordings, alarm);
  }

  /** Has the alarm look after a create that begins, whatever becomes of it. Called beside the write that marks it. */
  watch(): void {
    this.#alarm.arm(SAFETY_NET_MS);
  }

  /** Gives back the place of a create that was refused before anything was stored. Fails only into the log. */
  async giveBack(identity: ConversationIdentity, request_id: string): Promise<void> {
    await this.#delivery.release(identity).catch((error: unknown) => {
      logError('reservation_not_released', error, { request_id, conversation_id: identity.id });
    });
  }

  /** The alarm a commit needs: at once for the analysis of a finished conversation, else the safety net. */
  armFor(record: ConversationRecord): void {
    this.#alarm.arm(record.analysis.status === 'pending' ? 0 : SAFETY_NET_MS);
  }

  /** Writes a change outside a turn and tells the Directory. */
  async changed(record: ConversationRecord, request_id: string): Promise<void> {
    this.#store.save(record);
    this.armFor(record);
    await this.settle(record, request_id);
  }

  /** Ends the conversation, and begins its analysis or what is left of it. */
  async finish(record: ConversationRecord, request_id: string): Promise<void> {
    const finished: ConversationRecord = {
      ...record,
      state: 'finished',
      revision: record.revision + 1,
      analysis: { ...record.analysis, status: 'pending', attempts: 0 },
    };
    await this.changed(finished, request_id);
  }

  /**
   * Takes up again what is undone of a finished conversation: an analysis that failed or that no alarm is set for, or
   * a summary that the Directory does not have. Returns false when nothing is.
   */
  async resume(record: ConversationRecord, request_id: string): Promise<boolean> {
    const isSet = await this.#alarm.isSet();
    // What changed meanwhile, such as a tag, must not be lost.
    const latest = this.#store.load() ?? record;
    const { status, attempts } = latest.analysis;
    const waits = status === 'pending' && !this.#busy && (attempts > 0 || !isSet);
    if (status === 'failed' || waits) {
      await this.finish(latest, request_id);
      return true;
    }
    if (this.#delivery.knows(latest)) return false;
    try {
      return await this.#delivery.deliver(latest);
    } catch (error) {
      logError('summary_not_delivered', error, { request_id, conversation_id: latest.identity.id });
      this.#alarm.arm(0);
      return true;
    }
  }

  /** How a conversation stands that has a committed turn, for a create that finds it in its way. */
  standing(record: ConversationRecord, kind: 'open' | 'finished'): Standing {
    return { kind, progress: progressOf(record, this.#delivery.finalMessage()) };
  }

  /** Waits until what was written is durable and, for a moment at most, until the Directory knows it. */
  async settle(
    record: ConversationRecord,
    request_id: string,
    finalMessage = this.#delivery.finalMessage(),
  ): Promise<void> {
    const delivered = this.#delivery.deliver(record, finalMessage).catch((error: unknown) => {
      logError('summary_not_delivered', error, { request_id, conversation_id: record.identity.id });
    });
    // The Directory may be late: the alarm tells it again.
    const told = inTime(SUMMARY_WAIT_MS, delivered).catch(() => undefined);
    await Promise.all([this.#storage.sync(), told]);
  }

  /**
   * The alarm's duties, each apart from the others: one that fails is tried again later and holds up none. Never
   * throws: the platform drops an alarm that failed six times.
   */
  async alarm(isTurnRunning: boolean): Promise<void> {
    this.#alarm.gone();
    this.#busy = true;
    try {
      await this.#duties(isTurnRunning);
    } catch (error) {
      logError('alarm_failed', error);
      this.#alarm.arm(MAX_RETRY_MS);
    } finally {
      this.#busy = false;
    }
  }

  async #duties(isTurnRunning: boolean): Promise<void> {
    const record = this.#store.load();
    if (record === null) return;
    if (isTurnRunning) {
      this.#alarm.arm(SAFETY_NET_MS);
      return;
    }
    if (record.state === 'creating') {
      this.#count(await this.#attempt('rollback', record, () => this.rollBack()));
      return;
    }
    const [delivered, swept, retryMs] = await Promise.all([
      this.#attempt('delivery', record, () => this.#delivery.catchUp(record)),
      this.#attempt('recordings', record, () => inTime(REMOVAL_MS, this.recordings.sweep())),
      this.#analyse(record),
    ]);
    const latest = this.#store.load() ?? record;
    // What the analysis added is delivered at once, and what failed to be delivered before with it.
    const caughtUp =
      latest.revision === record.revision
        ? delivered
        : await this.#attempt('delivery', latest, () => this.#delivery.catchUp(latest));
    this.#count(caughtUp && swept, retryMs);
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
    const before = this.#storage.kv.get<number>(FAILURES_KEY) ?? 0;
    if (!done) this.#storage.kv.put(FAILURES_KEY, before + 1);
    else if (before > 0) this.#storage.kv.delete(FAILURES_KEY);
    if (analysisRetryMs !== null) this.#alarm.arm(analysisRetryMs);
    else if (!done) this.#alarm.arm(Math.min(SAFETY_NET_MS * 2 ** before, MAX_RETRY_MS));
  }

  /** Returns the pause in milliseconds before the next attempt of the analysis; `null` when there is none to come. */
  async #analyse(record: ConversationRecord): Promise<number | null> {
    if (record.analysis.status !== 'pending') return null;
    // Should the object die in the analysis more often than the platform repeats the alarm, this one is still set.
    const guard = this.#alarm.arm(MAX_RETRY_MS);
    try {
      return await this.#analyst.runPending(record);
    } finally {
      this.#alarm.disarm(guard);
    }
  }

  /** Undoes a create that did not come to its commit: the reservation, its recordings, then all that is stored here. */
  async rollBack(): Promise<void> {
    const record = this.#store.load();
    if (record?.state !== 'creating') return;
    await this.#delivery.release(record.identity);
    await inTime(REMOVAL_MS, this.recordings.discardAll());
    // Another call may have done it meanwhile.
    if (this.#store.load()?.state !== 'creating') return;
    await this.#store.clear();
    this.#alarm.gone();
  }
}
