/** The user of the page. Keys and tokens live in this object and nowhere else: they are gone with the page. */
import type { IssuedToken } from '../src/contract/organizations.ts';
import type { SessionToken } from '../src/contract/workbench.ts';
import { requestOf } from './shared.ts';

/** The credentials that an administrator types. */
export interface Credentials {
  organization: string;
  user_id: string;
  key_id: string;
  key: string;
  token: string;
}

/** Tokens are renewed this long before they end, so that none ends while a request is on its way. */
const RENEW_BEFORE_END_MS = 5 * 60_000;

const JSON_BODY = { 'content-type': 'application/json' };

/** A developer's session as any registered user. */
async function developerToken(organization: string, user_id: string): Promise<SessionToken> {
  const body = JSON.stringify({ organization, user_id });
  const answer = await requestOf('/workbench/api/session', { method: 'POST', headers: JSON_BODY, body });
  return (await answer.json()) as SessionToken;
}

async function tokenByKey({ organization, user_id, key_id, key }: Credentials): Promise<SessionToken> {
  const answer = await requestOf(`/v1/${encodeURIComponent(organization)}/user/signin_with_api_key`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'x-api-key-id': key_id, 'x-user-id': user_id },
  });
  return { organization, user_id, ...((await answer.json()) as IssuedToken) };
}

/** Holds the token of the page's user and renews it in time. */
export class Session {
  readonly organization: string;
  readonly userId: string;
  readonly #sign: () => Promise<SessionToken>;
  /** A promise, so that requests made at the same time share one sign-in. */
  #token: Promise<SessionToken> | null = null;
  #renewAt = 0;

  private constructor(organization: string, userId: string, sign: () => Promise<SessionToken>) {
    this.organization = organization;
    this.userId = userId;
    this.#sign = sign;
  }

  static ofDeveloper(organization: string, userId: string): Session {
    return new Session(organization, userId, () => developerToken(organization, userId));
  }

  /** By API key, which is asked again before a token ends; or by a token, for as long as it lasts. */
  static ofAdministrator(credentials: Credentials): Session {
    const { organization, user_id, token: id_token } = credentials;
    const given = { organization, user_id, id_token, expires_at: '9999-12-31T00:00:00Z' };
    const sign = id_token === '' ? () => tokenByKey(credentials) : () => Promise.resolve(given);
    return new Session(organization, user_id, sign);
  }

  /** A token that is valid for minutes yet. */
  async token(): Promise<string> {
    if (this.#token === null || Date.now() >= this.#renewAt) {
      this.#renewAt = Infinity;
      this.#token = this.#sign();
    }
    try {
      const { id_token, expires_at } = await this.#token;
      this.#renewAt = Date.parse(expires_at) - RENEW_BEFORE_END_MS;
      return id_token;
    } catch (error) {
      this.#token = null;
      throw error;
    }
  }
}
