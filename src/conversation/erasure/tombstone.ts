/** The remainder of an erased conversation in its object: no text, no user, only that it was erased and what was removed. */
import type { RemovedCounts } from '../../contract/erasure.ts';
import type { Home } from '../../home.ts';
import { sha256Hex } from '../../digest.ts';

/**
 * Time for which a tombstone is kept, in milliseconds: as long as the platform can recover an object. Until then a repeated
 * create does not bring the conversation back, and a repeated erasure returns the same receipt.
 */
export const TOMBSTONE_MS = 30 * 24 * 60 * 60_000;
/** Time after which the bucket is searched again for recordings that were on their way, in milliseconds. */
export const LATE_RECORDINGS_MS = 11 * 60_000;

/** An erased conversation. */
export interface Erased extends RemovedCounts {
  id: string;
  /** Milliseconds since 1970. */
  erased_at: number;
}

/** An erased conversation as it is stored. */
export interface Tombstone extends Erased {
  home: Home;
  /** Digest of the conversation and its user, which recognizes the user and names them to no other. */
  owner: string;
  /** False while recordings that were on their way may still arrive in the bucket. */
  is_swept: boolean;
}

/** The value of the erasure that runs: whether the whole user is erased. */
export interface ErasureMark {
  with_user: boolean;
}

const TOMBSTONE_KEY = 'erased';
const MARK_KEY = 'erasing';
const CURSOR_KEY = 'erasing_after';

/** Returns the digest by which the user of an erased conversation is recognized. */
export function ownerDigest(conversationId: string, userId: string): Promise<string> {
  return sha256Hex(`${conversationId}/${userId}`);
}

/** Stores what an erasure needs beside the conversation, in the key-value part of the storage. */
export class ErasureNotes {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** The tombstone; null if the conversation was not erased. */
  get tombstone(): Tombstone | null {
    return this.#storage.kv.get<Tombstone>(TOMBSTONE_KEY) ?? null;
  }

  get mark(): ErasureMark {
    return this.#storage.kv.get<ErasureMark>(MARK_KEY) ?? { with_user: false };
  }

  /** Notes that the conversation is erased with its user. */
  markWithUser(): void {
    this.#storage.kv.put<ErasureMark>(MARK_KEY, { with_user: true });
  }

  /** Position in the list up to which other conversations of the user have forgotten; 0 for the first. */
  get cursor(): number {
    return this.#storage.kv.get<number>(CURSOR_KEY) ?? 0;
  }

  set cursor(position: number) {
    this.#storage.kv.put(CURSOR_KEY, position);
  }

  /** Stores that late recordings were looked for. */
  swept(tombstone: Tombstone): void {
    this.#storage.kv.put<Tombstone>(TOMBSTONE_KEY, { ...tombstone, is_swept: true });
  }

  /** Removes everything that is stored, and stores the tombstone. Both are begun in one step. */
  async bury(tombstone: Tombstone): Promise<void> {
    const removed = this.#storage.deleteAll();
    this.#storage.kv.put<Tombstone>(TOMBSTONE_KEY, tombstone);
    await removed;
  }
}
