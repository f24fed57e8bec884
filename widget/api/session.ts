/** Who the visitor is to the API: a token that the site put into the page, or one that its backend gives on demand. */
import { ApiError, ConnectionLostError, jsonOf, requestOf } from './request.ts';

/** What a site's own backend answers at the `token-url`. */
interface TokenAnswer {
  id_token: string;
  expires_at: string;
}

/** Tokens are renewed this long before they end, so that none ends while a request is on its way. */
const RENEW_BEFORE_END_MS = 5 * 60_000;
/** A token that does not live long is used for this share of its life. */
const USED_SHARE = 0.8;

/** The site's backend does not give this visitor a token. */
export class SignInRefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super('The site gives no token.');
    this.name = 'SignInRefusedError';
    this.status = status;
  }
}

/** The site's backend cannot be reached, whatever the API can. */
export class TokenUnreachableError extends ConnectionLostError {}

export interface Session {
  bearer(): Promise<string>;
  /** Forgets the token after the API refused it. Whether another can be had. */
  renew(refused: string): boolean;
}

export function fixedSession(token: string): Session {
  return { bearer: () => Promise.resolve(token), renew: () => false };
}

/** When a token that ends at `end` is to be replaced. */
export function renewalTime(now: number, end: number): number {
  return Math.max(now + (end - now) * USED_SHARE, end - RENEW_BEFORE_END_MS);
}

/** Asks `url` (POST, with the page's own cookies when it is on the page's origin) for tokens as they are needed. */
export class RenewedSession implements Session {
  readonly #url: string;
  readonly #signal: AbortSignal;
  /** A promise, so that requests made at the same time share one renewal. */
  #token: Promise<string> | null = null;
  #held = '';
  #renewAt = Infinity;

  constructor(url: string, signal: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  bearer(): Promise<string> {
    if (this.#token === null || Date.now() >= this.#renewAt) {
      this.#renewAt = Infinity;
      const asked = this.#ask();
      this.#token = asked;
      // Whoever awaits it hears of the failure; the next request asks again.
      asked.catch(() => {
        if (this.#token === asked) this.#token = null;
      });
    }
    return this.#token;
  }

  renew(refused: string): boolean {
    // Another request may have renewed it meanwhile.
    if (this.#held === refused) this.#token = null;
    return true;
  }

  async #ask(): Promise<string> {
    const init = { method: 'POST', headers: { accept: 'application/json' }, signal: this.#signal };
    try {
      const { id_token, expires_at } = await jsonOf<TokenAnswer>(await requestOf(this.#url, init));
      this.#renewAt = renewalTime(Date.now(), Date.parse(expires_at));
      this.#held = id_token;
      return id_token;
    } catch (error) {
      if (error instanceof ApiError && error.status < 429) throw new SignInRefusedError(error.status);
      throw error instanceof ConnectionLostError ? new TokenUnreachableError(error) : error;
    }
  }
}
