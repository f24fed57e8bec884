import { problem, type ProblemError } from '../problems.ts';
import type { Refusal } from './refusal.ts';

/** The two sides of voice. */
export type Side = 'transcription' | 'speech';

/** No provider is waited for longer than this before it is asked again, whatever it says. */
const MAX_RETRY_AFTER_MS = 2_000;

/** What went wrong with a call, without a word of what the provider said. */
export class ProviderFailure extends Error {
  readonly kind: 'deadline' | 'status' | 'connection' | 'unusable';
  /** Of HTTP, or what the provider's own code means in HTTP. */
  readonly status: number | null;
  readonly refusal: Refusal | null;
  readonly retryAfterMs: number | null;

  constructor(
    kind: ProviderFailure['kind'],
    {
      status = null,
      refusal = null,
      retryAfterMs = null,
    }: { status?: number | null; refusal?: Refusal | null; retryAfterMs?: number | null } = {},
  ) {
    super(kind);
    this.name = 'ProviderFailure';
    this.kind = kind;
    this.status = status;
    this.refusal = refusal;
    this.retryAfterMs = retryAfterMs;
  }

  /** Only where nothing of an answer has come yet, and the same call may well be answered. */
  get isRetryable(): boolean {
    if (this.kind === 'connection') return true;
    const status = this.kind === 'status' ? (this.status ?? 0) : 0;
    return status === 408 || status === 429 || status >= 500;
  }
}

/** How long a provider asks to be left alone (`Retry-After` in seconds), in milliseconds and within the bound. */
export function retryAfterMs(header: string | null): number | null {
  const seconds = header === null || header === '' ? NaN : Number(header);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1_000, 0), MAX_RETRY_AFTER_MS) : null;
}

function transcriptionProblem(refusal: Refusal | null): ProblemError {
  switch (refusal) {
    case 'credentials':
      return problem(
        'provider_refused',
        'The transcription provider refuses the credentials of this server.',
      );
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
    case null:
      return problem('transcription_unavailable', 'The transcription provider did not answer.');
  }
}

/** The problem of a call that has failed. What is said is the agent's, so that a refusal is never about the user's. */
export function problemOf(side: Side, { refusal }: ProviderFailure): ProblemError {
  if (side === 'transcription') return transcriptionProblem(refusal);
  return refusal === 'credentials'
    ? problem('provider_refused', 'The speech provider refuses the credentials of this server.')
    : problem('speech_unavailable', 'The speech provider did not answer.');
}
