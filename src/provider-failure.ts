/** How a call of a provider fails, of models and of speech: its kind and its status, and no word of what it said. */
import { problem, type ProblemError } from './problems.ts';

/** What a provider is called for. */
export type ProviderSide = 'model' | 'transcription' | 'speech';

export type FailureKind =
  /** Nothing came in time. */
  | 'deadline'
  /** The provider understood the request and refuses it, now and later. */
  | 'rejected'
  /** Too many requests. */
  | 'rate-limited'
  /** It is there and cannot answer yet: it starts, or it loads the model. */
  | 'not-ready'
  /** It answered with nothing. */
  | 'empty'
  /** It withheld the answer because of its contents. */
  | 'filtered'
  /** It answered with what cannot be read. */
  | 'unusable'
  /** Anything else: an error of the provider, or of the connection. */
  | 'failed';

/**
 * Why a provider refuses a request, where that is known. `credentials`: the key or the account of this deployment. The
 * others are about a recording: `too_large`, `too_short`, and `unsupported` for a format that is not taken or cannot be
 * decoded.
 */
export type Refusal = 'credentials' | 'too_large' | 'too_short' | 'unsupported';

/** The longest pause before a provider is asked again, whatever its `Retry-After` says, in milliseconds. */
const MAX_RETRY_AFTER_MS = 2_000;

/** Statuses of the client's side that the same request may get past later: timeout, conflict, too early, too many. */
const PASSING_STATUSES = new Set([408, 409, 425, 429]);
/** Statuses of a server that is starting or overloaded. 529 is Anthropic's. */
const NOT_READY_STATUSES = new Set([503, 529]);
const CREDENTIALS_STATUSES = new Set([401, 402, 403]);

/** What a failure is known to be, besides its kind. */
export interface FailureDetails {
  /** The HTTP status, or what the provider's own code means in HTTP. */
  status?: number | null;
  refusal?: Refusal | null;
  /** The pause that the provider asks for, in milliseconds. */
  retryAfterMs?: number | null;
}

/** A call of a provider that failed. */
export class ProviderFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly refusal: Refusal | null;
  readonly retryAfterMs: number | null;

  constructor(kind: FailureKind, details: FailureDetails = {}) {
    super(kind);
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.status = details.status ?? null;
    this.refusal = details.refusal ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** Returns the kind of failure that an HTTP status means. A redirect is refused: the key must not go where it points. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 429) return 'rate-limited';
  if (NOT_READY_STATUSES.has(status)) return 'not-ready';
  return status >= 300 && status < 500 && !PASSING_STATUSES.has(status) ? 'rejected' : 'failed';
}

/** Returns the pause that the header `Retry-After` asks for in seconds, in milliseconds and within the bound. */
export function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header === '' ? NaN : Number(header);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
}

/** Returns the failure of an HTTP answer that is no success. `refusal` is what its body says, where that is known. */
export function failureOfStatus(
  status: number,
  retryAfter: string | null = null,
  refusal: Refusal | null = null,
): ProviderFailure {
  return new ProviderFailure(kindOfStatus(status), {
    status,
    refusal: refusal ?? (CREDENTIALS_STATUSES.has(status) ? 'credentials' : null),
    retryAfterMs: retryAfterMs(retryAfter),
  });
}

/** Returns the failure of a call that ended in an exception. Any but a `ProviderFailure` is a broken connection. */
export function failureFrom(error: unknown): ProviderFailure {
  return error instanceof ProviderFailure ? error : new ProviderFailure('failed');
}

const NAMES: Readonly<Record<ProviderSide, string>> = {
  model: 'language model',
  transcription: 'transcription provider',
  speech: 'speech provider',
};

const UNAVAILABLE = {
  model: 'model_unavailable',
  transcription: 'transcription_unavailable',
  speech: 'speech_unavailable',
} as const;

function recordingProblem(refusal: Refusal | null): ProblemError | null {
  switch (refusal) {
    case 'too_large':
      return problem(
        'body_too_large',
        'The recording is larger than the transcription provider takes: send a shorter one, or a compressed one.',
      );
    case 'too_short':
      return problem('message_empty', 'The recording is too short for anything to be heard in it.');
    case 'unsupported':
      return problem(
        'recording_unsupported',
        'The transcription provider cannot read the recording: send WAV or MP3.',
      );
    case 'credentials':
    case null:
      return null;
  }
}

/**
 * Returns the problem that a caller is told when a side of the deployment failed. Only a transcription can be refused
 * because of what the caller sent. A refused key of speech is `provider_refused`; of models it is `model_unavailable`,
 * as all that keeps a model from answering.
 */
export function problemOf(side: ProviderSide, { kind, refusal }: ProviderFailure): ProblemError {
  const recording = side === 'transcription' ? recordingProblem(refusal) : null;
  if (recording !== null) return recording;
  if (kind === 'filtered') {
    return problem('answer_filtered', 'The language model withheld its answer. Say it in other words.');
  }
  if (refusal === 'credentials' && side !== 'model') {
    return problem('provider_refused', `The ${NAMES[side]} refuses the credentials of this server.`);
  }
  return problem(UNAVAILABLE[side], `The ${NAMES[side]} did not answer.`);
}
