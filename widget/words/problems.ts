/** Problems and their remedies, for a visitor who knows nothing of statuses and codes. */
import { ApiError, ConnectionLostError } from '../api/request.ts';
import { SignInRefusedError } from '../api/token-source.ts';
import { fill, type Words } from './words.ts';

/** The remedy that the widget can offer for a problem. */
export type Remedy = 'try-again' | 'start-new' | 'none';

/** A problem in words, and its remedy. */
export interface Explanation {
  /** A function, since the language may change while it is shown. */
  words: () => string;
  remedy: Remedy;
}

/** The page's origin is not on the organization's list, as far as a page can know. */
export class OriginRefusedError extends Error {
  constructor() {
    super(
      `The browser withholds the answers of the API: allowed_origins lacks ${location.origin}, or "api" is wrong.`,
    );
    this.name = 'OriginRefusedError';
  }
}

const HTTP_SERVER_ERROR = 500;

/** Codes whose words do not depend on anything else. */
const BY_CODE: Readonly<Record<string, readonly [keyof Words, Remedy]>> = {
  conversation_finished: ['finishedElsewhere', 'start-new'],
  conversation_not_found: ['finishedElsewhere', 'start-new'],
  operation_in_progress: ['busyElsewhere', 'try-again'],
  organization_not_found: ['misconfigured', 'try-again'],
  service_not_found: ['misconfigured', 'try-again'],
  voice_not_configured: ['voiceUnavailable', 'none'],
  agent_without_voice: ['voiceUnavailable', 'none'],
  language_without_voice: ['voiceUnavailable', 'none'],
};

/** Problems that the site's developers can solve and its visitors cannot. */
const FOR_DEVELOPERS: readonly (keyof Words)[] = ['fault', 'misconfigured', 'originRefused', 'signInRefused'];

function keyOf(error: unknown): readonly [keyof Words, Remedy] {
  if (error instanceof OriginRefusedError) return ['originRefused', 'try-again'];
  if (error instanceof SignInRefusedError) return ['signInRefused', 'try-again'];
  if (error instanceof ConnectionLostError) return ['lost', 'try-again'];
  if (!(error instanceof ApiError)) return ['fault', 'try-again'];
  const known = Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined;
  if (known !== undefined) return known;
  if (error.status === 401) return ['tokenExpired', 'try-again'];
  return error.status >= HTTP_SERVER_ERROR ? ['fault', 'try-again'] : ['impossible', 'none'];
}

/** The API's own sentences are written for people, so they may be shown where there is no better one. */
export function explain(error: unknown, words: Words, agent: () => string): Explanation {
  const [key, remedy] = keyOf(error);
  // The console has the details, the reader gets the way out.
  if (FOR_DEVELOPERS.includes(key)) console.error(error);
  const detail = error instanceof Error ? error.message : '';
  return { words: () => fill(words[key], { agent: agent(), detail, origin: location.origin }), remedy };
}
