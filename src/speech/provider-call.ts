/** A call of a speech provider: with a deadline and one retry, and nothing of what was said in logs or errors. */
import { pause, withDeadline } from '../deadline.ts';
import { logError, logInfo } from '../log.ts';
import { failureFrom, problemOf, ProviderFailure } from '../provider-failure.ts';

/** The two sides of voice. */
type Side = 'transcription' | 'speech';

/** How calls of one side are made. */
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

/** Whether the same call may well be answered when it is made again. */
function isPassing({ kind }: ProviderFailure): boolean {
  return kind === 'failed' || kind === 'not-ready' || kind === 'rate-limited';
}

async function attempts<T>(
  { side, retryMs }: CallKind,
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let isRetry = false; ; isRetry = true) {
    try {
      return await work(signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureFrom(error);
      report(side, failure);
      if (isRetry || !isPassing(failure)) throw failure;
      await pause(failure.retryAfterMs ?? retryMs, signal);
    }
  }
}

function report(side: Side, failure: ProviderFailure): void {
  const { kind, status, refusal } = failure;
  logInfo('speech_provider_failed', { side, kind, status, refusal });
  // An operator has to act: the call fails again until the key or the account is set right.
  if (refusal === 'credentials') logError('speech_provider_refused', failure, { side, status });
}

/**
 * Calls a provider: `work` throws `ProviderFailure`, and whatever else it throws is a connection that failed. Work that
 * ignores its signal is not waited for. Throws the reason of `within` when that ends the call, and otherwise the problem
 * that the failure is (`problemOf`).
 */
export async function callProvider<T>(
  kind: CallKind,
  within: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new ProviderFailure('deadline');
  try {
    const call = (signal: AbortSignal) => attempts(kind, work, signal);
    return await withDeadline(kind.timeoutMs, call, { within, late: () => late });
  } catch (error) {
    within.throwIfAborted();
    if (error === late) report(kind.side, late);
    throw error instanceof ProviderFailure ? problemOf(kind.side, error) : error;
  }
}
