/** What can go wrong with a provider, without a word of what it said. */
import { problem, type ProblemError } from '../../problems.ts';

export type FailureKind =
  /** Nothing came in time. */
  | 'deadline'
  /** The provider understood the request and will not answer it, now or later. */
  | 'rejected'
  /** Too many requests. */
  | 'rate-limited'
  /** It answered, with nothing. */
  | 'empty'
  /** It withheld the answer because of its contents. */
  | 'filtered'
  /** Anything else: its own failure, the network's, or an answer that is none. */
  | 'failed';

/** Statuses that the same request would be answered with again. */
const FINAL_STATUSES = new Set([400, 401, 402, 403, 404, 405, 410, 413, 415, 422]);

/** No provider is waited for longer than this before it is asked again. */
const MAX_RETRY_AFTER_MS = 2_000;

export class CallFailure extends Error {
  readonly kind: FailureKind;
  /** The HTTP status, where there was one. */
  readonly status: number | null;
  /** What the provider asks to wait, bounded. */
  readonly retryAfterMs: number | null;

  constructor(kind: FailureKind, status: number | null = null, retryAfterMs: number | null = null) {
    super(kind);
    this.name = 'CallFailure';
    this.kind = kind;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Returns the failure behind a status that is no success. `retryAfter` is the header of that name, in seconds. */
export function failureOfStatus(status: number, retryAfter: string | null): CallFailure {
  const seconds = retryAfter === null || retryAfter === '' ? NaN : Number(retryAfter);
  const pause = Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
  if (status === 429) return new CallFailure('rate-limited', status, pause);
  // A redirect is refused: where it points, the key must not go.
  const isFinal = FINAL_STATUSES.has(status) || (status >= 300 && status < 400);
  return new CallFailure(isFinal ? 'rejected' : 'failed', status, pause);
}

/** Returns the failure of a call that ended in an exception, and leaves the rest of it behind. */
export function failureFrom(error: unknown): CallFailure {
  return error instanceof CallFailure ? error : new CallFailure('failed');
}

/** The answer was withheld by the provider's filter: the user can ask in other words. */
export function answerFiltered(): ProblemError {
  return problem('answer_filtered', 'The language model withheld its answer. Say it in other words.');
}

/** The one sentence that leaves the server. */
export function modelUnavailable(): ProblemError {
  return problem('model_unavailable', 'The language model did not answer.');
}
