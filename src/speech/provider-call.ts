/** A call of a speech provider: with a deadline and one retry, and nothing of what was said in logs or errors. */
import { pause, untilAborted, withDeadline } from '../deadline.ts';
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

async function attempts<T>(
  { side, retryMs }: CallKind,
  work: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  signal: AbortSignal,
): Promise<T> {
  for (let isRetry = false; ; isRetry = true) {
    try {
      return await untilAborted(work(signal), signal);
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
  const late = () => problemOf(kind.side, new ProviderFailure('deadline'));
  const all = (signal: AbortSignal) => attempts(kind, work, caller, signal);
  return withDeadline(kind.timeoutMs, all, { within: caller, late });
}
