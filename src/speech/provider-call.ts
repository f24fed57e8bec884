/** A call of a speech provider: with a deadline and one retry, and nothing of what was said in logs or errors. */
import { pause } from '../deadline.ts';
import { logError, logInfo } from '../log.ts';
import { ProviderFailure, problemOf, type Side } from './provider-failure.ts';

export interface CallKind {
  side: Side;
  /** For the call as a whole, the retry included, in milliseconds. */
  timeoutMs: number;
  /** Before a call that failed is made again, when the provider does not say how long to wait, in milliseconds. */
  retryMs: number;
}

/** A recording of minutes takes a while to be sent and understood. */
export const TRANSCRIPTION_CALL: CallKind = { side: 'transcription', timeoutMs: 60_000, retryMs: 250 };
/** A sentence that comes later than this is of no use to anybody who waits for it. */
export const SPEECH_CALL: CallKind = { side: 'speech', timeoutMs: 20_000, retryMs: 250 };

function failureFrom(error: unknown): ProviderFailure {
  return error instanceof ProviderFailure ? error : new ProviderFailure('connection');
}

/** The work's result, unless the signal comes first: a binding may ignore the signal it is given. */
function until<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    const settle =
      <V>(settled: (value: V) => void) =>
      (value: V) => {
        signal.removeEventListener('abort', stop);
        settled(value);
      };
    work.then(settle(resolve), settle(reject));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

async function attempts<T>(
  { side, retryMs }: CallKind,
  work: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  signal: AbortSignal,
): Promise<T> {
  for (let isRetry = false; ; isRetry = true) {
    try {
      return await until(work(signal), signal);
    } catch (error) {
      caller.throwIfAborted();
      const failure = signal.aborted ? new ProviderFailure('deadline') : failureFrom(error);
      const { status, refusal } = failure;
      logInfo('speech_provider_failed', { side, kind: failure.kind, status, refusal });
      // An operator has to act: the call fails again until the key or the account is set right.
      if (refusal === 'credentials') logError('speech_provider_refused', failure, { side, status });
      if (isRetry || !failure.isRetryable) throw problemOf(side, failure);
      await pause(failure.retryAfterMs ?? retryMs, signal).catch(() => undefined);
      caller.throwIfAborted();
    }
  }
}

/**
 * Calls a provider: `work` throws `ProviderFailure`, and whatever else it throws is a connection that failed. Throws the
 * signal's reason when that ends the call, and otherwise the problem that the failure is (`problemOf`).
 */
export async function callProvider<T>(
  kind: CallKind,
  caller: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  caller.throwIfAborted();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), kind.timeoutMs);
  try {
    return await attempts(kind, work, caller, AbortSignal.any([caller, end.signal]));
  } finally {
    clearTimeout(timer);
    // Whatever the provider still sends is of no interest any more.
    end.abort();
  }
}
