import { problem } from '../problems.ts';

/**
 * Maximum memory of all arriving recordings in an isolate, in bytes, of its 128 MB: six large WAV files, or hundreds of
 * short ones.
 */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;
/**
 * Time in milliseconds after which held memory counts as released: longer than any request takes. It covers requests
 * that ended without a call of `release`.
 */
const MAX_HELD_MS = 10 * 60_000;

/** Counts the memory of recordings that arrive at the same time, and limits their sum. */
export class HeldMemory {
  readonly #maxBytes: number;
  readonly #held = new Map<object, { bytes: number; since: number }>();

  constructor(maxBytes = MAX_HELD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Memory of all holders in bytes. */
  get bytes(): number {
    return this.#held.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Sets the memory of `holder` to `bytes`. Throws `service_overloaded` if the sum exceeds the maximum. */
  hold(holder: object, bytes: number): void {
    const now = Date.now();
    for (const [other, { since }] of this.#held) {
      if (now - since > MAX_HELD_MS) this.#held.delete(other);
    }
    const { bytes: own, since } = this.#held.get(holder) ?? { bytes: 0, since: now };
    if (this.bytes - own + bytes > this.#maxBytes) {
      throw problem(
        'service_overloaded',
        'Too many recordings arrive at the same time. Try again in a few seconds.',
      );
    }
    this.#held.set(holder, { bytes, since });
  }

  /** Releases the memory of `holder`. */
  release(holder: object): void {
    this.#held.delete(holder);
  }
}

/** Memory of the recordings that arrive in this isolate. */
export const heldMemory = new HeldMemory();
