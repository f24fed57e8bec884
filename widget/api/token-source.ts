/** The sources of the visitor's tokens: the page itself, a function of the site, or the site's backend. */
import type { AmigoChatGetToken, AmigoChatToken } from '../types/amigo-chat.d.ts';
import { ApiError, ConnectionLostError, jsonOf, requestOf } from './request.ts';

/** The site gives this visitor no token, or one that cannot be theirs. */
export class SignInRefusedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SignInRefusedError';
  }
}

/** The chat is not set up in a way that can work: the site's developers can mend it, its visitors cannot. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SetupError';
  }
}

/** The site's backend cannot be reached, whatever the API can. */
export class TokenUnreachableError extends ConnectionLostError {}

/** A source of tokens. */
export interface TokenSource {
  /** Gives a token. `refused`: the one that the API has just refused. Throws `SignInRefusedError`. */
  ask(refused: string | null): Promise<AmigoChatToken>;
  /** True when another token may be had after one is refused. */
  isRenewable: boolean;
  /** True when a token may be kept in the tab's storage after the page, once the site has named its user. */
  isKept: boolean;
}

/** A token that stands in the page. */
export function fixedToken(id_token: string): TokenSource {
  return { ask: () => Promise.resolve({ id_token }), isRenewable: false, isKept: false };
}

/** A function of the site, which decides by itself what it keeps. */
export function tokensByFunction(getToken: AmigoChatGetToken): TokenSource {
  return {
    async ask(refused) {
      try {
        const answer = await getToken(refused);
        return typeof answer === 'string' ? { id_token: answer } : answer;
      } catch (error) {
        throw new SignInRefusedError('getToken has failed.', error);
      }
    },
    isRenewable: true,
    isKept: false,
  };
}

/** The site's backend: `url` by POST, with the page's own cookies when it is on the page's origin. */
export function tokensByUrl(url: string, signal: AbortSignal): TokenSource {
  return {
    async ask() {
      const init = { method: 'POST', headers: { accept: 'application/json' }, signal };
      try {
        return await jsonOf<AmigoChatToken>(await requestOf(url, init));
      } catch (error) {
        if (error instanceof ApiError && error.status < 429) {
          throw new SignInRefusedError(`token-url answered ${error.status}.`, error);
        }
        throw error instanceof ConnectionLostError ? new TokenUnreachableError(error) : error;
      }
    },
    isRenewable: true,
    isKept: true,
  };
}
