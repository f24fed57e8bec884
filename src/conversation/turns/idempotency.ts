/**
 * Idempotency keys (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent again with its key is
 * answered with what the first one made.
 */
import { sha256, sha256Hex } from '../../digest.ts';
import { failure, success, type Outcome } from '../../problems.ts';
import { canonicalJson } from '../../text.ts';

/** The number of a conversation's newest interactions that answer to their keys. */
export const MAX_REMEMBERED_INTERACTIONS = 100;

/** A key has 1 to 255 visible characters of ASCII. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/** A string of structured fields (RFC 9651, section 3.3.3), in which `"` and `\` stand behind a `\`. */
const QUOTED = /^"((?:[^"\\]|\\["\\])*)"$/;

/**
 * Reads the header `Idempotency-Key`: the key as it is, or in quotes as the draft has it, which mean the same. `null`
 * without the header; refuses with `idempotency_key_invalid`.
 */
export function readIdempotencyKey(header: string | null | undefined): Outcome<string | null> {
  if (header === null || header === undefined) return success(null);
  const value = header.trim();
  const quoted = QUOTED.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, '$1');
  const isBroken = quoted === undefined && value.startsWith('"');
  const key = quoted ?? value;
  if (!isBroken && KEY.test(key)) return success(key);
  return failure(
    'idempotency_key_invalid',
    'An Idempotency-Key has 1 to 255 visible ASCII characters without spaces, with or without quotes around them.',
  );
}

/**
 * A key as a conversation keeps it, and a digest of what was sent with it: 22 characters of base64url each, 16 bytes. Once
 * the request is stored, the number of its message follows; a skip has none.
 */
export type KeyRecord = readonly [key: string, fingerprint: string, message?: number];

async function shortDigest(text: string): Promise<string> {
  const digest = await sha256(text);
  return digest.subarray(0, 16).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Returns what stands for a key of a user in one operation: other users and operations have keys of their own. */
export function keyDigest(userId: string, operation: string, key: string): Promise<string> {
  return shortDigest(JSON.stringify([userId, operation, key]));
}

/**
 * Returns what stands for the content of a request: for what was parsed of it, so that the order of members and the
 * boundaries of parts do not matter. A recording stands in it as the digest of its bytes.
 */
export function fingerprintOf(content: unknown): Promise<string> {
  return shortDigest(canonicalJson(content));
}

/**
 * Returns the identifier of the conversation that a create with a key makes: the same for the same key, so that both
 * requests come to the same object. It does not begin with the time of its making, as others do.
 */
export async function createdIdentifier(
  organization: string,
  userId: string,
  serviceId: string,
  key: string,
): Promise<string> {
  const digest = await sha256Hex(JSON.stringify(['create', organization, userId, serviceId, key]));
  return digest.slice(0, 24);
}

/** Which of a conversation's newest interactions came of which key. It is filled from storage once, and then kept up. */
export class RememberedKeys {
  readonly #byKey = new Map<string, { interaction: number; fingerprint: string }>();
  readonly #keys = new Map<number, readonly string[]>();

  /** Notes the keys of an interaction by its number; interactions are noted in their order. */
  remember(interaction: number, records: readonly KeyRecord[]): void {
    for (const [key, fingerprint] of records) this.#byKey.set(key, { interaction, fingerprint });
    if (records.length > 0) {
      this.#keys.set(
        interaction,
        records.map(([key]) => key),
      );
    }
    for (const [number, keys] of this.#keys) {
      if (number > interaction - MAX_REMEMBERED_INTERACTIONS) break;
      this.#keys.delete(number);
      for (const key of keys) if (this.#byKey.get(key)?.interaction === number) this.#byKey.delete(key);
    }
  }

  /** Returns the number of the interaction that a key made, and its fingerprint; `null` for a key that is not known. */
  find(key: string): { interaction: number; fingerprint: string } | null {
    return this.#byKey.get(key) ?? null;
  }
}
