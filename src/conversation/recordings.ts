import { removeUnder } from '../bucket.ts';
import type { Home } from '../home.ts';
import { newIdentifier } from '../identifiers.ts';
import type { Alarm } from './alarm.ts';
import type { ConversationIdentity } from './records.ts';
import type { PendingRecording, RecordingTable, StoredRecording } from './recording-table.ts';

/** The longest time that a recording may take to arrive, in milliseconds: longer than any request may take. */
const ARRIVAL_MS = 10 * 60_000;
/** Recordings that the bucket removes in one request (platform limit). */
const REMOVED_AT_ONCE = 1_000;
/** The pause after which the alarm looks for what a turn left behind that died, in milliseconds. */
const TURN_LOST_MS = 10_000;

/**
 * The recordings of a conversation in the bucket. Each is written down as pending before anything of it is stored
 * there, and loses that mark in the transaction that commits its message. So whatever dies in between, what is
 * marked is all there is to remove. The alarm removes what is overdue and no turn holds.
 */
export class Recordings {
  readonly #bucketOf: (home: Pick<Home, 'jurisdiction'>) => R2Bucket;
  readonly #home: () => Pick<Home, 'jurisdiction'>;
  readonly #table: RecordingTable;
  readonly #alarm: Alarm;
  /** The keys that belong to the running turn. They are overdue from the beginning, and only a crash forgets them. */
  readonly #held = new Set<string>();
  /** The recordings that are being stored at this moment. Each is waited for before it is removed. */
  readonly #storing = new Map<string, Promise<unknown>>();

  /** `home` returns that of the conversation's organization, which is known once the conversation is. */
  constructor(
    bucketOf: (home: Pick<Home, 'jurisdiction'>) => R2Bucket,
    home: () => Pick<Home, 'jurisdiction'>,
    table: RecordingTable,
    alarm: Alarm,
  ) {
    this.#bucketOf = bucketOf;
    this.#home = home;
    this.#table = table;
    this.#alarm = alarm;
  }

  get #bucket(): R2Bucket {
    return this.#bucketOf(this.#home());
  }

  /** Throws `deployment_misconfigured` where recordings of an organization have no bucket. */
  demandBucket(home: Pick<Home, 'jurisdiction'>): void {
    this.#bucketOf(home);
  }

  /** Marks a recording that the Worker brings as on its way. Returns the key under which it is to be stored. */
  expect(identity: ConversationIdentity): string {
    return this.#mark(identity, ARRIVAL_MS, ARRIVAL_MS);
  }

  /** The same for one that the running turn makes. */
  begin(identity: ConversationIdentity): string {
    const key = this.#mark(identity, 0, TURN_LOST_MS);
    this.#held.add(key);
    return key;
  }

  #mark({ organization, id }: ConversationIdentity, lifeMs: number, armMs: number): string {
    const now = Date.now();
    const key = `${organization}/${id}/${newIdentifier(now)}`;
    this.#table.expect(key, now + lifeMs);
    this.#alarm.arm(armMs);
    return key;
  }

  /**
   * Gives a recording that has arrived to the turn that begins now. Returns whether it was expected and is not overdue:
   * one that is may be on its way out of the bucket.
   */
  claim(key: string): boolean {
    if (!this.#table.claim(key, Date.now())) return false;
    this.#held.add(key);
    this.#alarm.arm(TURN_LOST_MS);
    return true;
  }

  /** Gives recordings to a turn that is run again. Returns false, and gives none, when one is not marked any more. */
  hold(keys: readonly string[]): boolean {
    const pending = new Set(this.#table.pending().map(({ key }) => key));
    if (!keys.every((key) => pending.has(key))) return false;
    for (const key of keys) this.#held.add(key);
    return true;
  }

  /** To be called with the keys of a turn that is over: what of them is still marked came to nothing. */
  letGo(keys: readonly string[]): void {
    for (const key of keys) this.#held.delete(key);
  }

  noteUpload(key: string, uploadId: string): void {
    this.#table.noteUpload(key, uploadId);
  }

  async store(key: string, bytes: Uint8Array, content_type: StoredRecording['content_type']): Promise<void> {
    const stored = this.#bucket.put(key, bytes, { httpMetadata: { contentType: content_type } });
    this.#storing.set(key, stored);
    await stored.finally(() => this.#storing.delete(key));
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer>> {
    const found = await this.#bucket.get(key);
    if (found === null) throw new Error('A recording that was stored is not in the bucket.');
    return new Uint8Array(await found.arrayBuffer());
  }

  of(message: number): StoredRecording | null {
    return this.#table.of(message);
  }

  /**
   * Removes recordings that came to nothing. Those that belong to a message are not touched; those without a mark lost
   * it while they arrived.
   */
  async discard(keys: readonly string[]): Promise<void> {
    const pending = new Map(this.#table.pending().map((one) => [one.key, one]));
    const unmarked = (key: string) => ({ key, upload_id: null, until: 0 });
    const idle = keys.filter((key) => pending.has(key) || !this.#table.belongsToMessage(key));
    await this.#removeAll(idle.map((key) => pending.get(key) ?? unmarked(key)));
  }

  /** Removes what is overdue, and has the alarm come again for the rest. */
  async sweep(): Promise<void> {
    const now = Date.now();
    const pending = this.#table.pending();
    const waiting = pending.find(({ until }) => until > now);
    if (waiting !== undefined) this.#alarm.arm(waiting.until - now);
    await this.#removeAll(pending.filter(({ key, until }) => until <= now && !this.#held.has(key)));
  }

  /** Removes recordings of messages from before a time, in milliseconds since 1970: from the bucket, then from the table. */
  async eraseOlder(before: number): Promise<void> {
    for (;;) {
      const keys = this.#table.olderThan(before, REMOVED_AT_ONCE);
      if (keys.length === 0) return;
      await this.#bucket.delete(keys);
      this.#table.remove(keys);
    }
  }

  /** Removes every recording of a conversation from the bucket, also those that no table names. */
  async eraseAll(home: Home, conversationId: string): Promise<void> {
    await Promise.allSettled(this.#storing.values());
    const bucket = this.#bucketOf(home);
    for (const { key, upload_id } of this.#table.pending()) {
      if (upload_id === null) continue;
      await bucket
        .resumeMultipartUpload(key, upload_id)
        .abort()
        .catch(() => undefined);
    }
    await removeUnder(bucket, `${home.organization}/${conversationId}/`);
  }

  async discardAll(): Promise<void> {
    await this.#removeAll(this.#table.pending());
  }

  /** Removes what can be removed. Throws the first error of what cannot. */
  async #removeAll(recordings: readonly PendingRecording[]): Promise<void> {
    const removals = await Promise.allSettled(recordings.map((one) => this.#remove(one)));
    for (const removal of removals) if (removal.status === 'rejected') throw removal.reason;
  }

  /** First from the bucket, then from the table: in between, the alarm would do it again. */
  async #remove({ key, upload_id }: PendingRecording): Promise<void> {
    await this.#storing.get(key)?.catch(() => undefined);
    if (upload_id !== null) {
      // One that is complete, or was ended before, is no longer there to abort.
      await this.#bucket
        .resumeMultipartUpload(key, upload_id)
        .abort()
        .catch(() => undefined);
    }
    await this.#bucket.delete(key);
    this.#table.forget(key);
  }
}
