/** Signs the visitor in: the site's own backend gives the token, and says which service is talked to. */

/** What the page's element says. */
export interface Settings {
  api: string;
  organization: string;
  /** Empty: the one that the backend names. */
  service: string;
  tokenUrl: string;
}

interface Token {
  id_token: string;
  /** ISO 8601. */
  expires_at: string;
  service_id?: string;
}

/** A token is renewed this long before it ends, in milliseconds. */
const RENEW_BEFORE_MS = 60_000;

/** The visitor of this page, with a token that is always fresh. */
export class Session {
  readonly #settings: Settings;
  #token: Token | null = null;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The headers of a request that the visitor makes. */
  async headers(): Promise<Record<string, string>> {
    const { id_token } = await this.#fresh();
    return { authorization: `Bearer ${id_token}` };
  }

  /** The address of the chat operations of the service. */
  async chatUrl(): Promise<string> {
    const { api, organization, service } = this.#settings;
    const id = service || ((await this.#fresh()).service_id ?? '');
    return `${api}/v1/${organization}/service/${id}/chat`;
  }

  async #fresh(): Promise<Token> {
    const token = this.#token;
    if (token !== null && Date.parse(token.expires_at) - Date.now() > RENEW_BEFORE_MS) return token;
    const response = await fetch(this.#settings.tokenUrl, { method: 'POST' });
    if (!response.ok) throw new Error('The visitor could not be signed in.');
    this.#token = (await response.json()) as Token;
    return this.#token;
  }
}
