/** Waiting that can be cut short: by the visitor, by the network coming back, by the element leaving the page. */

/** The pauses before further attempts, in seconds: short at first, then long enough not to be a burden. */
const BACKOFF_SECONDS = [1, 1, 2, 3, 5, 8];

/** Returns the pause before an attempt, counted from 0, in milliseconds. */
export function backoffMs(attempt: number): number {
  return (BACKOFF_SECONDS[Math.min(attempt, BACKOFF_SECONDS.length - 1)] ?? 1) * 1_000;
}

/** Pauses that end early when the visitor or the network asks for it. */
export class Waiting {
  readonly #signal: AbortSignal;
  #wake: (() => void) | null = null;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    addEventListener('online', () => this.wake(), { signal });
  }

  /** Ends the present pause, if there is one. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves after `ms`, or when woken. Rejects when the element is gone. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', onAbort);
        this.#wake = null;
        how();
      };
      const onAbort = () => settle(() => reject(this.#signal.reason as Error));
      const timer = ms === Infinity ? undefined : setTimeout(() => settle(resolve), ms);
      this.#wake = () => settle(resolve);
      if (this.#signal.aborted) onAbort();
      else this.#signal.addEventListener('abort', onAbort);
    });
  }

  /** Resolves when the browser is online, as far as it knows. */
  async untilOnline(): Promise<void> {
    while (!navigator.onLine) await this.pause(Infinity);
  }

  /** Waits whole seconds, telling each time how many are left. */
  async countDown(seconds: number, tick: (left: number) => void): Promise<void> {
    // By the clock, not by counting: timers of a page in the background are late.
    const end = performance.now() + seconds * 1_000;
    for (;;) {
      const left = Math.ceil((end - performance.now()) / 1_000);
      if (left <= 0) return;
      tick(left);
      await this.pause(Math.min(1_000, end - performance.now()));
    }
  }
}
