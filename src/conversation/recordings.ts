import { newIdentifier } from '../identifiers.ts';
import type { ConversationIdentity } from './records.ts';
import type { PendingRecording, RecordingTable, StoredRecording } from './recording-table.ts';

/** How long a recording may take to arrive: longer than any request may take. */
const ARRIVAL_MS = 10 * 60_000;
/** When the alarm looks for what a turn left behind that died. */
const TURN_LOST_MS = 10_000;

/**
 * The recordings of a conversation in the bucket. Each is written down as pending before anything of it is stored
 * there, and loses that mark in the transaction that commits its message. So whatever dies in between, what is
 * marked is all there is to remove. The alarm removes what is overdue while no turn is running.
 */
export class Recordings {
  readonly #bucket: R2Bucket;
  readonly #table: RecordingTable;
  /** Has the alarm come by when a recording is overdue. */
  readonly #arm: (delayMs: number) => void;
  /** What is being stored at this moment: to be waited for before it is removed. */
  readonly #storing = new Map<string, Promise<unknown>>();

  constructor(bucket: R2Bucket, table: RecordingTable, arm: (delayMs: number) => void) {
    this.#bucket = bucket;
    this.#table = table;
    this.#arm = arm;
  }

  /** Marks a recording that somebody else brings as on its way; gives the key under which it is to be stored. */
  expect(identity: ConversationIdentity): string {
    return this.#mark(identity, ARRIVAL_MS, ARRIVAL_MS);
  }

  /** The same for one that the running turn makes. */
  begin(identity: ConversationIdentity): string {
    return this.#mark(identity, 0, TURN_LOST_MS);
  }

  #mark({ organization, id }: ConversationIdentity, lifeMs: number, armMs: number): string {
    const now = Date.now();
    const key = `${organization}/${id}/${newIdentifier(now)}`;
    this.#table.expect(key, now + lifeMs);
    this.#arm(armMs);
    return key;
  }

  /** Gives a recording that has arrived to the turn that begins now. Whether it was expected, and still is. */
  claim(key: string): boolean {
    const claimed = this.#table.claim(key, Date.now());
    if (claimed) this.#arm(TURN_LOST_MS);
    return claimed;
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

  /** Removes recordings that came to nothing. Those that belong to a message are not touched. */
  async discard(keys: readonly string[]): Promise<void> {
    const pending = this.#table.pending().filter(({ key }) => keys.includes(key));
    await Promise.all(pending.map((one) => this.#remove(one)));
  }

  /** Removes what is overdue, and has the alarm come again for the rest. */
  async sweep(): Promise<void> {
    const now = Date.now();
    const pending = this.#table.pending();
    const waiting = pending.find(({ until }) => until > now);
    if (waiting !== undefined) this.#arm(waiting.until - now);
    await Promise.all(pending.filter(({ until }) => until <= now).map((one) => this.#remove(one)));
  }

  async discardAll(): Promise<void> {
    await Promise.all(this.#table.pending().map((one) => this.#remove(one)));
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
