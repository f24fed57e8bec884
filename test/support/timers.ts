/** Knows which timers are pending: each keeps its object in memory. */
import { vi } from 'vitest';

/** A timer of the tests themselves, or of what waits between two looks, is shorter than this. In milliseconds. */
const SHORT_MS = 200;

/** Watches the timers that are set from now on, until the mocks are restored. Waits of a second and more are shortened. */
export class LiveTimers {
  readonly #pending = new Map<unknown, string>();

  /** `factor` is the part of their time that long waits take. */
  constructor(factor = 1) {
    const { setTimeout, clearTimeout } = globalThis;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms = 0) => {
      const run = () => {
        this.#pending.delete(timer);
        work();
      };
      const timer: unknown = setTimeout(run, ms >= 1_000 ? ms * factor : ms);
      if (ms >= SHORT_MS)
        this.#pending.set(timer, `${ms} ms set ${new Error().stack?.split('\n')[2]?.trim()}`);
      return timer;
    }) as never);
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation(((timer: number) => {
      this.#pending.delete(timer);
      clearTimeout(timer);
    }) as never);
    // It cannot be cleared, so it is pending until it is over.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      this.#pending.set({}, `AbortSignal.timeout of ${ms} ms`);
      return timeout(ms);
    });
  }

  /** Returns the pending timers after all work has ended. */
  async settled(): Promise<string[]> {
    await vi.waitUntil(() => this.#pending.size === 0, { timeout: 5_000 }).catch(() => undefined);
    return [...this.#pending.values()];
  }
}
