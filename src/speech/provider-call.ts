/** Calls of a speech provider, with a deadline and one retry. Neither logs nor errors contain what was said. */
import { pause, withDeadline } from '../deadline.ts';
import { logError, logInfo } from '../log.ts';
import { failureFrom, problemOf, ProviderFailure } from '../provider-failure.ts';

/** The two sides of voice. */
type Side = 'transcription' | 'speech';

/** The rules for calls of one side of voice. */
export interface CallKind {
  side: Side;
  /** The deadline of the whole call, the retry included, in milliseconds. */
  timeoutMs: number;
  /** The pause before the retry when the provider does not name one, in milliseconds. */
  retryMs: number;
}

/** A minute: a recording of several minutes takes long to send and to transcribe. */
export const TRANSCRIPTION_CALL: CallKind = { side: 'transcription', timeoutMs: 60_000, retryMs: 250 };
/** Twenty seconds: a listener does not wait longer for a sentence. */
export const SPEECH_CALL: CallKind = { side: 'speech', timeoutMs: 20_000, retryMs: 250 };

/** Returns true if a second, equal call may succeed. */
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
  // The operator has to act: calls fail until the key or the account is put in order.
  if (refusal === 'credentials') logError('speech_provider_refused', failure, { side, status });
}

/**
 * Calls a provider, once more if the failure may pass. `work` throws `ProviderFailure`; any other exception counts as a
 * broken connection. Work that ignores its signal is not waited for. Throws the reason of `within` when that signal
 * ends the call, otherwise the problem of the failure (`problemOf`).
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
