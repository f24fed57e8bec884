import type { Env } from '../bindings.ts';
import { directoryOfUser } from '../directory/client.ts';
import { logError } from '../log.ts';
import { ANALYSES, MAX_ANALYSIS_ATTEMPTS, retryDelayMs, type Analyst } from './analysis.ts';
import type { MessageReader } from './messages.ts';
import type { ConversationIdentity, ConversationRecord } from './records.ts';
import { Recordings } from './recordings.ts';
import type { ConversationStore } from './store.ts';

/** When the alarm looks after a turn: whether its summary arrived, or whether a create died. */
export const SAFETY_NET_MS = 10_000;
/** How long a caller waits for the list to know what changed. After that the alarm tells the list. */
const SUMMARY_WAIT_MS = 1_000;

/**
 * What follows a commit: the Directory learns of it, the analysis runs, and whatever a crash interrupted is finished
 * or undone by the alarm. Every step may be repeated.
 */
export class Afterwards {
  readonly #storage: DurableObjectStorage;
  readonly #env: Env;
  readonly #store: ConversationStore;
  readonly #messages: MessageReader;
  readonly #analyst: Analyst;
  readonly recordings: Recordings;
  /** The earliest alarm that is known to be set: a further one later would cost a row for nothing. */
  #alarmAt: number | null = null;
  /** The newest revision that the Directory is known to have. */
  #delivered = 0;

  constructor(
    storage: DurableObjectStorage,
    env: Env,
    store: ConversationStore,
    messages: MessageReader,
    analyst: Analyst,
  ) {
    this.#storage = storage;
    this.#env = env;
    this.#store = store;
    this.#messages = messages;
    this.#analyst = analyst;
    this.recordings = new Recordings(env.AUDIO, store.recordings, (delayMs) => this.arm(delayMs));
  }

  directory(identity: ConversationIdentity) {
    const organization = { id: identity.organization, directory_shards: identity.directory_shards };
    return directoryOfUser(this.#env, organization, identity.user_id);
  }

  /**
   * Sets the alarm unless an earlier one stands. Called beside a write, without awaiting between them, it is part of
   * the same transaction.
   */
  arm(delayMs: number): void {
    const at = Date.now() + delayMs;
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.#storage.setAlarm(at);
  }

  /** The alarm a commit needs: at once for the analysis of a finished conversation, else the safety net. */
  armFor(record: ConversationRecord): void {
    this.arm(record.analysis.status === 'pending' ? 0 : SAFETY_NET_MS);
  }

  /** Writes a change outside a turn and tells the Directory. */
  async changed(record: ConversationRecord, request_id: string): Promise<void> {
    this.#store.save(record);
    this.armFor(record);
    await this.settle(record, request_id);
  }

  async finish(record: ConversationRecord, request_id: string): Promise<void> {
    const finished: ConversationRecord = {
      ...record,
      state: 'finished',
      revision: record.revision + 1,
      analysis: { ...record.analysis, status: 'pending', attempts: 0 },
    };
    await this.changed(finished, request_id);
  }

  /** Waits until what was written is durable and, for a moment at most, until the Directory knows it. */
  async settle(
    record: ConversationRecord,
    request_id: string,
    finalMessage = this.#finalMessage(),
  ): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, SUMMARY_WAIT_MS);
    const delivered = this.#deliver(record, finalMessage).catch((error: unknown) => {
      logError('summary_not_delivered', error, { request_id, conversation_id: record.identity.id });
    });
    await Promise.all([this.#storage.sync(), Promise.race([delivered, late])]);
    clearTimeout(timer);
  }

  async alarm(turnRunning: boolean): Promise<void> {
    this.#alarmAt = null;
    const record = this.#store.load();
    if (record === null) return;
    if (turnRunning) this.arm(SAFETY_NET_MS);
    else if (record.state === 'creating') await this.rollBack();
    else {
      await this.#catchUp(record);
      await this.recordings.sweep();
    }
  }

  /** Undoes a create that did not come to its commit: the reservation, its recordings, then all that is stored here. */
  async rollBack(): Promise<void> {
    const record = this.#store.load();
    if (record?.state !== 'creating') return;
    this.arm(SAFETY_NET_MS);
    await this.directory(record.identity).release(record.identity.id);
    await this.recordings.discardAll();
    await this.#store.clear();
    this.#alarmAt = null;
  }

  async #catchUp(record: ConversationRecord): Promise<void> {
    if (this.#delivered < record.revision) await this.#deliver(record);
    if (record.analysis.status === 'pending') await this.#analyse(record);
  }

  async #analyse(record: ConversationRecord): Promise<void> {
    let current = record;
    try {
      for (const type of ANALYSES.filter((type) => !record.analysis.completed.includes(type))) {
        const result = await this.#analyst.run(type, current);
        current = this.#advance((latest) => ({
          status: ANALYSES.length === latest.completed.length + 1 ? 'done' : 'pending',
          completed: [...latest.completed, type],
          attempts: 0,
        }));
        this.#store.saveAnalysis(current, type, result);
      }
    } catch (error) {
      logError('analysis_failed', error, { conversation_id: record.identity.id });
      current = this.#advance((latest) => {
        const attempts = latest.attempts + 1;
        return { ...latest, attempts, status: attempts < MAX_ANALYSIS_ATTEMPTS ? 'pending' : 'failed' };
      });
      this.#store.save(current);
      if (current.analysis.status === 'pending') this.arm(retryDelayMs(current.analysis.attempts));
    }
    await this.#deliver(current);
  }

  /** The conversation as it is now, with its analysis moved on: tags may have changed during the analysis. */
  #advance(
    move: (analysis: ConversationRecord['analysis']) => ConversationRecord['analysis'],
  ): ConversationRecord {
    const latest = this.#store.load();
    if (latest === null) throw new Error('The conversation is gone.');
    return { ...latest, analysis: move(latest.analysis), revision: latest.revision + 1 };
  }

  #finalMessage(): string {
    return this.#messages.recent(1)[0]?.text ?? '';
  }

  async #deliver(record: ConversationRecord, finalMessage = this.#finalMessage()): Promise<void> {
    await this.directory(record.identity).record(record.identity.id, {
      revision: record.revision,
      is_finished: record.state === 'finished',
      completed_post_processings: record.analysis.completed,
      final_message: finalMessage,
      num_messages: record.num_messages,
      tags: record.tags,
    });
    this.#delivered = Math.max(this.#delivered, record.revision);
  }
}
