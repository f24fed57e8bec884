/** Who the visitor is to the API. On a real site its own backend would sign its visitors in. */
import { ApiError, requestOf } from './api-request.ts';

export interface SignedIn {
  organization: string;
  user_id: string;
  service_id: string;
  id_token: string;
  expires_at: string;
}

/** Tokens are renewed this long before they end, so that none ends while a request is on its way. */
const RENEW_BEFORE_END_MS = 5 * 60_000;

/** This deployment gives nobody a demo user. */
export class NoDemoError extends Error {
  constructor() {
    super('This deployment has no demo.');
    this.name = 'NoDemoError';
  }
}

async function signIn(): Promise<SignedIn> {
  try {
    const answer = await requestOf('/demo/session', { method: 'POST' });
    return (await answer.json()) as SignedIn;
  } catch (error) {
    throw error instanceof ApiError && error.status === 404 ? new NoDemoError() : error;
  }
}

export class Session {
  /** A promise, so that requests made at the same time share one sign-in. */
  #signedIn: Promise<SignedIn> | null = null;
  #renewAt = 0;

  /** The demo user with a token that is valid for minutes yet. */
  async current(): Promise<SignedIn> {
    if (this.#signedIn === null || Date.now() >= this.#renewAt) {
      this.#renewAt = Infinity;
      this.#signedIn = signIn();
    }
    try {
      const signedIn = await this.#signedIn;
      this.#renewAt = Date.parse(signedIn.expires_at) - RENEW_BEFORE_END_MS;
      return signedIn;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  forget(): void {
    this.#signedIn = null;
  }
}
