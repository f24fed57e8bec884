/**
 * Deadlines that leave no timer behind. A pending timer keeps an object in memory, and an `AbortSignal.timeout` cannot
 * be cleared. Times are in milliseconds.
 */

/** Returns the error of a deadline that has no error of its own. */
function timeoutError(): Error {
  return new DOMException('It took too long.', 'TimeoutError');
}

/**
 * Returns the result of `work`. Throws `late()` if it takes longer than `ms`; the work itself goes on. Use
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

/**
 * The reason of a signal whose work is done. One for all of them: without a reason each `abort()` makes an exception with
 * a stack, which takes longer than the rest of it.
 */
export const WORK_IS_DONE = new DOMException('The work is done.', 'AbortError');

/** Options of `withDeadline`. */
export interface DeadlineOptions {
  /** Signal of the larger work: when it aborts, this work ends and throws the signal's reason. */
  within?: AbortSignal;
  /** Creates the error that is thrown after `ms`. */
  late?: () => Error;
}

/**
 * Returns the result of `work`, which receives a signal. The signal aborts when `ms` have passed, when `within` aborts,
 * and when the work is done. Does not wait for work that ignores its signal.
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
    end.abort(WORK_IS_DONE);
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

/** The waits that end when a signal aborts: one listener for all of them, however many there are one after the other. */
const waiting = new WeakMap<AbortSignal, Set<(reason: Error) => void>>();

function waitsFor(signal: AbortSignal): Set<(reason: Error) => void> {
  const known = waiting.get(signal);
  if (known !== undefined) return known;
  const waits = new Set<(reason: Error) => void>();
  waiting.set(signal, waits);
  const end = () => {
    for (const stop of waits) stop(signal.reason as Error);
  };
  signal.addEventListener('abort', end, { once: true });
  return waits;
}

/**
 * Returns what `work` resolves to; throws the signal's reason when that aborts first. For work that may ignore the signal
 * it is given, such as a call of a binding. A turn waits so for each of its events: a wait adds no listener.
 */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      // The work is given up: its own failure has no reader.
      work.then(undefined, () => undefined);
      reject(signal.reason as Error);
      return;
    }
    const waits = waitsFor(signal);
    waits.add(reject);
    const settle = (value: T): void => {
      waits.delete(reject);
      resolve(value);
    };
    const fail = (error: Error): void => {
      waits.delete(reject);
      reject(error);
    };
    work.then(settle, fail);
  });
}

/**
 * The most microtasks for which `settlesAtOnce` waits: a step of the agent takes at most 21, because it passes through
 * some ten generators. A wait for a model takes all of them, for each of its tokens.
 */
const MAX_MICROTASKS = 32;

/**
 * Returns whether `work` settles at once, of data that are there already; false when it waits for something outside. A
 * wrong answer costs time alone.
 */
export async function settlesAtOnce(work: Promise<unknown>): Promise<boolean> {
  const state = { isSettled: false };
  const settle = () => {
    state.isSettled = true;
  };
  work.then(settle, settle);
  for (let left = MAX_MICROTASKS; left > 0 && !state.isSettled; left -= 1) await Promise.resolve();
  return state.isSettled;
}
