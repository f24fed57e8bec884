/** Waiting that ends: by a deadline, or with the turn. */
import { CallFailure } from './failures.ts';

/**
 * The work's result, unless it takes too long or the turn ends first. The work is not relied on to obey its own signal:
 * a binding may ignore it. What becomes of the work afterwards is of no interest.
 */
export function within<T>(work: PromiseLike<T>, ms: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      settled();
    };
    const stop = settle(() => {
      reject(signal.reason as Error);
    });
    const timer = setTimeout(
      settle(() => {
        reject(new CallFailure('deadline'));
      }),
      Math.max(0, ms),
    );
    work.then(
      (value) => settle(() => resolve(value))(),
      (error: unknown) => settle(() => reject(error))(),
    );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** A pause that ends with the turn. Throws the signal's reason then. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await within(new Promise<void>((resolve) => setTimeout(resolve, ms)), ms + 1_000, signal);
}
