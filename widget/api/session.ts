/** The identity of the visitor at the API: the present token, and its user. */
import { keep, readKept } from '../tab-storage.ts';
import type { AmigoChatToken } from '../types/amigo-chat.d.ts';
import { claimsOf } from './claims.ts';
import { SignInRefusedError, type TokenSource } from './token-source.ts';

/** Tokens are renewed this long before they end, so that none ends while a request is on its way. */
const RENEW_BEFORE_END_MS = 5 * 60_000;
/** A token that does not live long is used for this share of its life. */
const USED_SHARE = 0.8;

/** When a token that ends at `end` is to be replaced. */
export function renewalTime(now: number, end: number): number {
  return Math.max(now + (end - now) * USED_SHARE, end - RENEW_BEFORE_END_MS);
}

/** A token in the tab's storage. One is kept per organization, so that another user's removes it. */
interface KeptToken {
  user: string;
  token: string;
  renewAt: number;
}

function isKeptToken(value: unknown): value is KeptToken {
  const { user, token, renewAt } = Object(value) as Partial<Record<keyof KeptToken, unknown>>;
  return typeof user === 'string' && typeof token === 'string' && typeof renewAt === 'number';
}

/** The parts that a session depends on. */
export interface SessionParts {
  source: TokenSource;
  /** The visitor, as the site names them to the API; null: the token says who it is of. */
  user: string | null;
  /** The name under which a token is kept. */
  key: string;
  /** The site gives tokens of another user than before: what is shown is not theirs. */
  onOtherUser: () => void;
}

/** Holds the present token and renews it in time. */
export class Session {
  readonly #parts: SessionParts;
  #source: TokenSource;
  /** A promise, so that requests made at the same time share one renewal. */
  #token: Promise<string> | null = null;
  #held = '';
  #refused: string | null = null;
  #renewAt = Infinity;
  #user: string | null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#source = parts.source;
    this.#user = parts.user;
  }

  bearer(): Promise<string> {
    if (this.#token === null || Date.now() >= this.#renewAt) {
      this.#renewAt = Infinity;
      const asked = this.#ask();
      this.#token = asked;
      // What awaits it hears of the failure; the next request asks again.
      asked.catch(() => {
        if (this.#token === asked) this.#token = null;
      });
    }
    return this.#token;
  }

  /** The user whose conversations are the visitor's; empty when neither the site nor the token says. */
  async user(): Promise<string> {
    await this.bearer();
    return this.#user ?? '';
  }

  /** Forgets the token after the API refused it. Whether another can be had. */
  renew(refused: string): boolean {
    // Another request may have renewed it meanwhile.
    if (this.#held === refused) this.#forget(refused);
    return this.#source.isRenewable;
  }

  /** The site has changed where tokens come from. */
  change(source: TokenSource): void {
    this.#source = source;
    this.#forget(null);
  }

  #forget(refused: string | null): void {
    this.#token = null;
    this.#refused = refused;
    keep(this.#parts.key, null);
  }

  async #ask(): Promise<string> {
    const { key, user } = this.#parts;
    const source = this.#source;
    const now = Date.now();
    const kept = readKept(key);
    if (source.isKept && user !== null && isKeptToken(kept) && kept.user === user && kept.renewAt > now) {
      this.#accept(kept.token, kept.renewAt);
      return kept.token;
    }
    // Of another user, too old, or of a page that names no user: none of these is used again.
    keep(key, null);
    const { id_token: token, expires_at } = Object(
      await source.ask(this.#refused),
    ) as Partial<AmigoChatToken>;
    // The site has changed its mind meanwhile: what the old source gave may be of another user.
    if (source !== this.#source) return this.bearer();
    if (typeof token !== 'string') throw new SignInRefusedError('What gives tokens gave no id_token.');
    const end = Date.parse(expires_at ?? '') || claimsOf(token).endsAt;
    const renewAt = end === null ? Infinity : renewalTime(now, end);
    this.#accept(token, renewAt);
    if (source.isKept && user !== null && end !== null)
      keep(key, { user, token, renewAt } satisfies KeptToken);
    return token;
  }

  #accept(token: string, renewAt: number): void {
    const { user: named, onOtherUser } = this.#parts;
    const claims = claimsOf(token);
    if (named !== null && claims.isOfApi && claims.user !== named) {
      throw new SignInRefusedError(
        `The attribute "user" is ${JSON.stringify(named)}, the token is of ${JSON.stringify(claims.user)}.`,
      );
    }
    this.#held = token;
    this.#renewAt = renewAt;
    const user = named ?? claims.user;
    const isOther = this.#user !== null && user !== this.#user;
    this.#user = user;
    if (isOther) {
      onOtherUser();
      throw new SignInRefusedError('The token is of another user than the one before.');
    }
  }
}
