/**
 * Failed calls of a provider of models or of speech: the kind and the status of the failure, and none of the provider's
 * words.
 */
import { problem, type ProblemError } from './problems.ts';

/** The side of the deployment that a provider serves. */
export type ProviderSide = 'model' | 'transcription' | 'speech';

/** The kinds of failures of a provider. They decide on a retry. */
export type FailureKind =
  /** No answer came before the deadline. */
  | 'deadline'
  /** The provider understood the request and refuses it, now and later. */
  | 'rejected'
  /** Too many requests. */
  | 'rate-limited'
  /** The provider cannot answer yet: it starts, is overloaded, or loads the model. */
  | 'not-ready'
  /** The answer is empty. */
  | 'empty'
  /** The provider withheld the answer because of its contents. */
  | 'filtered'
  /** The answer cannot be read. */
  | 'unusable'
  /** Anything else: an error of the provider, or of the connection. */
  | 'failed';

/**
 * The reason of a refusal, where it is known. `credentials`: the key or the account of this deployment is refused. The
 * `system_role`: the model takes no message of the role `system`. The others are about a recording: `too_large`, `too_short`, and `unsupported` for a format that the provider does not
 * take or cannot decode.
 */
export type Refusal = 'credentials' | 'system_role' | 'too_large' | 'too_short' | 'unsupported';

/** The longest pause before a second call, whatever `Retry-After` says, in milliseconds. */
const MAX_RETRY_AFTER_MS = 2_000;

/** Statuses below 500 after which the same request may succeed later: timeout, conflict, too early, too many. */
const PASSING_STATUSES = new Set([408, 409, 425, 429]);
/** Statuses of a server that is starting or overloaded. 529 is Anthropic's. */
const NOT_READY_STATUSES = new Set([503, 529]);
const CREDENTIALS_STATUSES = new Set([401, 402, 403]);

/** Details of a failure, besides its kind. A detail that is not known is null. */
export interface FailureDetails {
  /** The HTTP status, or the status that the provider's own code stands for. */
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

/**
 * Returns the kind of failure that an HTTP status means. A redirect is `rejected`: it is not followed, because the key
 * must not be sent to another address.
 */
export function kindOfStatus(status: number): FailureKind {
  if (status === 429) return 'rate-limited';
  if (NOT_READY_STATUSES.has(status)) return 'not-ready';
  return status >= 300 && status < 500 && !PASSING_STATUSES.has(status) ? 'rejected' : 'failed';
}

/**
 * Returns the pause in milliseconds that a header `Retry-After` asks for in seconds, 2,000 at most; null when the
 * header has no number.
 */
export function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header === '' ? NaN : Number(header);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
}

/** Returns the failure of an HTTP answer that is no success. `refusal` is the reason in its body, where it is known. */
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

/**
 * Returns the failure of a call that ended with an exception. An exception that is no `ProviderFailure` means that the
 * connection broke.
 */
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
    case 'system_role':
    case null:
      return null;
  }
}

/**
 * Returns the problem that a caller gets when a provider failed. Only a transcription can fail because of what the
 * caller sent. Refused credentials are `provider_refused` for transcription and speech, and `model_unavailable` for
 * models, as is every other failure of a model but a filtered answer.
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
