/**
 * Waiting that ends, and leaves no timer behind: a pending timer keeps an object in memory, and an `AbortSignal.timeout`
 * cannot be cleared. Times in milliseconds.
 */

/** Returns the error of a deadline where the caller has no better one. */
function timeoutError(): Error {
  return new DOMException('It took too long.', 'TimeoutError');
}

/**
 * Returns what `work` resolves to; throws `late()` when that takes longer than `ms`. The work itself goes on: use
 * `withDeadline` for work that can be stopped.
 */
export async function inTime<T>(ms: number, work: PromiseLike<T>, late = timeoutError): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), ms);
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
  }
}

/** The ways in which a deadline ends work. */
export interface DeadlineOptions {
  /** The signal of what the work is a part of: the work ends with it, and throws its reason. */
  within?: AbortSignal;
  /** Makes the error that a missed deadline throws. */
  late?: () => Error;
}

/**
 * Returns the result of `work`, which is given a signal. The signal aborts when the deadline has passed, when `within`
 * aborts, and when the work is done. Work that ignores its signal is not waited for.
 */
export async function withDeadline<T>(
  ms: number,
  work: (signal: AbortSignal) => PromiseLike<T>,
  { within, late = timeoutError }: DeadlineOptions = {},
): Promise<T> {
  within?.throwIfAborted();
  const end = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const stop = (reason: Error) => {
    end.abort(reason);
    reject(reason);
  };
  const follow = () => stop(within?.reason as Error);
  const timer = setTimeout(() => stop(late()), ms);
  within?.addEventListener('abort', follow);
  try {
    return await Promise.race([work(end.signal), ended]);
  } finally {
    clearTimeout(timer);
    within?.removeEventListener('abort', follow);
    end.abort();
  }
}

/** Waits for `ms`. Throws the signal's reason when that aborts first. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => reject(signal?.reason as Error);
  signal?.addEventListener('abort', stop);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
