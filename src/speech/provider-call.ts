/** A call of a speech provider: with a deadline and one retry, and nothing of what was said in logs or errors. */
import { logInfo } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';

/** No provider is waited for longer than this before it is asked again. */
const MAX_RETRY_AFTER_MS = 2_000;

export interface CallKind {
  side: 'transcription' | 'speech';
  /** For the call as a whole, the retry included, in milliseconds. */
  timeoutMs: number;
  /** Before a call that failed is made again, when the provider does not say how long to wait, in milliseconds. */
  retryMs: number;
}

/** A recording of minutes takes a while to be sent and understood. */
export const TRANSCRIPTION_CALL: CallKind = { side: 'transcription', timeoutMs: 60_000, retryMs: 250 };
/** A sentence that comes later than this is of no use to anybody who waits for it. */
export const SPEECH_CALL: CallKind = { side: 'speech', timeoutMs: 20_000, retryMs: 250 };

/** What went wrong with a call, without a word of what the provider said. */
export class ProviderFailure extends Error {
  readonly kind: 'deadline' | 'status' | 'connection' | 'unusable';
  readonly status: number | null;
  readonly retryAfterMs: number | null;

  constructor(
    kind: ProviderFailure['kind'],
    status: number | null = null,
    retryAfterMs: number | null = null,
  ) {
    super(kind);
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** Only where nothing of an answer has come yet, and the same call may well be answered. */
  get isRetryable(): boolean {
    if (this.kind === 'connection') return true;
    return this.kind === 'status' && this.status !== null && (this.status === 429 || this.status >= 500);
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function retryAfter(error: unknown): number | null {
  const header = property(property(error, 'responseHeaders'), 'retry-after');
  const seconds = typeof header === 'string' && header !== '' ? Number(header) : NaN;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
}

/** An error of the provider's package carries a status as soon as an answer has begun to come. */
function failureFrom(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const status = property(error, 'statusCode');
  if (typeof status !== 'number') return new ProviderFailure('connection');
  return status < 300
    ? new ProviderFailure('unusable', status)
    : new ProviderFailure('status', status, retryAfter(error));
}

function unavailable(side: CallKind['side']): ProblemError {
  return side === 'transcription'
    ? problem('transcription_unavailable', 'The transcription provider did not answer.')
    : problem('speech_unavailable', 'The speech provider did not answer.');
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

/** `until` of a pause in milliseconds. Leaves no timer behind, which would keep an object awake. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await until(promise, signal);
  } finally {
    clearTimeout(timer);
  }
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
      logInfo('speech_provider_failed', { side, kind: failure.kind, status: failure.status });
      if (isRetry || !failure.isRetryable) throw unavailable(side);
      await pause(failure.retryAfterMs ?? retryMs, signal).catch(() => undefined);
      caller.throwIfAborted();
    }
  }
}

/**
 * Calls a provider. Throws the signal's reason when that ends the call, and otherwise `transcription_unavailable` or
 * `speech_unavailable`, as the kind of the call has it.
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
