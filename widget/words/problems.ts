/** Problems and their remedies, for a visitor who knows nothing of statuses and codes. */
import { ApiError, ConnectionLostError } from '../api/request.ts';
import { SetupError, SignInRefusedError } from '../api/token-source.ts';
import { fill, type Words } from './words.ts';

/** The remedy that the widget can offer for a problem. `wait`: only time helps. */
export type Remedy = 'try-again' | 'start-new' | 'none' | 'wait';

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
const SHORT = { dateStyle: 'short', timeStyle: 'short' } as const;

/** Codes whose words do not depend on anything else. */
const BY_CODE: Readonly<Record<string, readonly [keyof Words, Remedy]>> = {
  conversation_finished: ['finishedElsewhere', 'start-new'],
  conversation_not_found: ['finishedElsewhere', 'start-new'],
  operation_in_progress: ['busyElsewhere', 'try-again'],
  organization_not_found: ['misconfigured', 'try-again'],
  service_not_found: ['misconfigured', 'try-again'],
  visitors_not_allowed: ['misconfigured', 'try-again'],
  origin_not_allowed: ['originRefused', 'try-again'],
  challenge_required: ['notConfirmed', 'try-again'],
  challenge_failed: ['notConfirmed', 'try-again'],
  budget_exhausted: ['closed', 'wait'],
  voice_not_configured: ['voiceUnavailable', 'none'],
  agent_without_voice: ['voiceUnavailable', 'none'],
  language_without_voice: ['voiceUnavailable', 'none'],
};

/** Problems that the site's developers can solve and its visitors cannot. */
const FOR_DEVELOPERS: readonly (keyof Words)[] = ['fault', 'misconfigured', 'originRefused', 'signInRefused'];

function keyOf(error: unknown): readonly [keyof Words, Remedy] {
  if (error instanceof OriginRefusedError) return ['originRefused', 'try-again'];
  if (error instanceof SignInRefusedError) return ['signInRefused', 'try-again'];
  if (error instanceof SetupError) return ['misconfigured', 'try-again'];
  if (error instanceof ConnectionLostError) return ['lost', 'try-again'];
  if (!(error instanceof ApiError)) return ['fault', 'try-again'];
  const known = Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined;
  if (known !== undefined) return known;
  if (error.status === 429) return ['tooManyNow', 'try-again'];
  if (error.status === 401) return ['tokenExpired', 'try-again'];
  return error.status >= HTTP_SERVER_ERROR ? ['fault', 'try-again'] : ['impossible', 'none'];
}

/** Returns a time of the API as the reader's clock and calendar show it; the day only where it is another one. */
function timeOf(value: unknown): string {
  const time = new Date(String(value));
  if (Number.isNaN(time.getTime())) return '';
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toLocaleTimeString([], { timeStyle: 'short' }) : time.toLocaleString([], SHORT);
}

/** The service's own words for visitors who come when what may be spent is spent; null when it has none. */
function closedMessage(error: unknown): string | null {
  const said = error instanceof ApiError ? error.problem['closed_message'] : null;
  return typeof said === 'string' && said !== '' ? said : null;
}

/** The API's own sentences are written for people, so they may be shown where there is no better one. */
export function explain(error: unknown, words: Words, agent: () => string): Explanation {
  const [key, remedy] = keyOf(error);
  // The console has the details, the reader gets the way out.
  if (FOR_DEVELOPERS.includes(key)) console.error(error);
  const detail = error instanceof Error ? error.message : '';
  const said = closedMessage(error);
  if (said !== null) return { words: () => said, remedy };
  // Isolated, because a time is read from left to right in every language (Unicode, annex 9).
  const time = `\u2068${timeOf(error instanceof ApiError ? error.problem['resets_at'] : null)}\u2069`;
  const values = { detail, time, origin: location.origin };
  return { words: () => fill(words[key], { ...values, agent: agent() }), remedy };
}
