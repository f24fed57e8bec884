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

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function retryAfter(error: unknown): number | null {
  const header = property(property(error, 'responseHeaders'), 'retry-after');
  const seconds = typeof header === 'string' && header !== '' ? Number(header) : NaN;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
}

/** Reads the status off a provider's error, and leaves the rest of it behind. */
export function failureFrom(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  const status = property(error, 'statusCode');
  if (typeof status !== 'number') return new CallFailure('failed');
  if (status === 429) return new CallFailure('rate-limited', status, retryAfter(error));
  return new CallFailure(FINAL_STATUSES.has(status) ? 'rejected' : 'failed', status, retryAfter(error));
}

/** The one sentence that leaves the server. */
export function modelUnavailable(): ProblemError {
  return problem('model_unavailable', 'The language model did not answer.');
}
