/** The pause after which the alarm looks after a write, in milliseconds: for a summary that is late, or a create that died. */
export const SAFETY_NET_MS = 10_000;
/** The longest pause before the alarm tries again what failed, in milliseconds. */
export const MAX_RETRY_MS = 10 * 60_000;
/** The longest time that the bucket may take to remove recordings, in milliseconds. After that the alarm does it again. */
export const REMOVAL_MS = 30_000;
/** An alarm that is overdue by this much, in milliseconds, was dropped: the platform gives up after six failures. */
const DROPPED_MS = 60_000;

/**
 * The one alarm of an object, which stands for everything that the object has to look after. Setting it costs a row,
 * and a later time would replace an earlier one. So the stored time is read once, before the object's first request,
 * and known from then on. Times in milliseconds.
 */
export class Alarm {
  readonly #storage: DurableObjectStorage;
  /** The time at which the alarm is due, since 1970; null when none is set. */
  #at: number | null = null;

  constructor(ctx: DurableObjectState) {
    this.#storage = ctx.storage;
    void ctx.blockConcurrencyWhile(async () => {
      this.#at = await ctx.storage.getAlarm();
    });
  }

  /**
   * Sets the alarm unless an earlier one is set. Called beside a write, without awaiting between them, it is part of
   * the same transaction. Returns the time that was set, `null` when an earlier alarm stands.
   */
  arm(delayMs: number): number | null {
    const now = Date.now();
    const at = now + delayMs;
    if (this.#at !== null && this.#at <= at && this.#at > now - DROPPED_MS) return null;
    this.#at = at;
    void this.#storage.setAlarm(at);
    return at;
  }

  /** Takes back an alarm that was set for a time, unless another one replaced it. */
  disarm(at: number | null): void {
    if (at === null || this.#at !== at) return;
    this.#at = null;
    void this.#storage.deleteAlarm();
  }

  /** To be called first in the alarm handler, and when the storage was emptied: no alarm is set now. */
  gone(): void {
    this.#at = null;
  }

  /** Returns whether the storage has an alarm. Inside the handler: whether another one was set. */
  async isSet(): Promise<boolean> {
    return (await this.#storage.getAlarm()) !== null;
  }
}
