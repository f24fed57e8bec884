import { problem } from '../problems.ts';

/**
 * What the recordings that are arriving may hold of an isolate's 128 MB together, in bytes: six large WAV files, or
 * hundreds of short ones.
 */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;
/**
 * What is held longer than a request may take is no longer held: the request was ended in a way that left nothing to
 * tell of it. In milliseconds.
 */
const MAX_HELD_MS = 10 * 60_000;

/** Counts the memory of recordings that arrive at the same time, so that together they cannot exhaust it. */
export class HeldMemory {
  readonly #maxBytes: number;
  readonly #held = new Map<object, { bytes: number; since: number }>();

  constructor(maxBytes = MAX_HELD_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Of all that hold, in bytes. */
  get bytes(): number {
    return this.#held.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** `holder` holds so many bytes from now on. Throws `ProblemError` `service_overloaded` when it is too much. */
  hold(holder: object, bytes: number): void {
    const now = Date.now();
    for (const [other, { since }] of this.#held) {
      if (now - since > MAX_HELD_MS) this.#held.delete(other);
    }
    const { bytes: own, since } = this.#held.get(holder) ?? { bytes: 0, since: now };
    if (this.bytes - own + bytes > this.#maxBytes) {
      throw problem('service_overloaded', 'Too many recordings are arriving: try again in a few seconds.');
    }
    this.#held.set(holder, { bytes, since });
  }

  release(holder: object): void {
    this.#held.delete(holder);
  }
}

/** Of this isolate. */
export const heldMemory = new HeldMemory();
