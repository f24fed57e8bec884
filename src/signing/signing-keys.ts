import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';
import { misconfigured, set } from '../deployment/faults.ts';

const SigningKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  /** Private half of the key. A key without it verifies existing tokens and signs none. */
  d: z.string().optional(),
});
type SigningKey = z.infer<typeof SigningKey>;

/** Maximum number of keys. A deployment needs the key that signs, and the keys of the last rotations. */
const MAX_KEYS = 16;

const SigningKeySet = z.object({ keys: z.array(SigningKey).min(1).max(MAX_KEYS) });

/** Imported keys of a deployment. */
export interface SigningKeys {
  /** The newest key with a private half, which signs. */
  newest: { kid: string; privateKey: CryptoKey };
  /** Keys by `kid`. Every key verifies, so that tokens stay valid after a rotation. */
  verifying: ReadonlyMap<string, CryptoKey>;
  /**
   * Secrets for signed URLs, one for each private half. The first is the newest and signs; all of them verify. A URL
   * becomes invalid when its private half is removed.
   */
  urlSecrets: readonly [newest: string, ...older: string[]];
  /** Public halves, as `/.well-known/jwks.json` publishes them. */
  published: JWK[];
}

/**
 * Thrown for a key set that is not usable. The message continues a sentence that begins with `SIGNING_KEYS`, and quotes
 * nothing of the set.
 */
class KeySetError extends Error {}

function parseKeySet(secret: string): SigningKey[] {
  let value: unknown;
  try {
    value = JSON.parse(secret);
  } catch {
    throw new KeySetError('is not JSON');
  }
  const parsed = SigningKeySet.safeParse(value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new KeySetError(
      `is not a JWK set of 1 to ${MAX_KEYS} EC keys on P-256${where && ` (see ${where})`}`,
    );
  }
  const { keys } = parsed.data;
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new KeySetError('has two keys with the same kid');
  }
  return keys;
}

async function importKey(jwk: JWK, index: number): Promise<CryptoKey> {
  try {
    const key = await importJWK(jwk, 'ES256');
    if (!(key instanceof Uint8Array)) return key;
  } catch {
    // The message of the import error may quote the key.
  }
  throw new KeySetError(`has a key that cannot be imported (see keys.${index})`);
}

const PROBE = new Uint8Array(32);
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/**
 * Throws `KeySetError` unless the private half belongs to the public half. Otherwise no key would verify the signed
 * tokens.
 */
async function demandPair(privateKey: CryptoKey, publicKey: CryptoKey | undefined): Promise<void> {
  const signature = await crypto.subtle.sign(ES256, privateKey, PROBE);
  if (publicKey !== undefined && (await crypto.subtle.verify(ES256, publicKey, signature, PROBE))) return;
  throw new KeySetError('has a private half (d) that does not belong to its public half (x, y)');
}

async function importKeys(secret: string | undefined): Promise<SigningKeys> {
  if (secret === undefined) throw new KeySetError('is not set');
  const keys = parseKeySet(secret);
  const verifying = new Map<string, CryptoKey>();
  const published: JWK[] = [];
  for (const [index, { kty, crv, kid, x, y }] of keys.entries()) {
    const jwk = { kty, crv, kid, x, y, alg: 'ES256', use: 'sig' };
    published.push(jwk);
    verifying.set(kid, await importKey(jwk, index));
  }
  const at = keys.findLastIndex(({ d }) => d !== undefined);
  const newest = keys[at];
  if (newest?.d === undefined)
    throw new KeySetError('has no key with a private half (d), so that none can sign');
  const { kty, crv, kid, x, y, d } = newest;
  const privateKey = await importKey({ kty, crv, kid, x, y, d }, at);
  await demandPair(privateKey, verifying.get(kid));
  const older = keys.slice(0, at).flatMap((key) => key.d ?? []);
  return { newest: { kid, privateKey }, verifying, urlSecrets: [d, ...older], published };
}

/** Result for the last secret, shared by all requests of an isolate. */
let imported: { secret: string | undefined; keys: SigningKeys | string } | null = null;

async function keysOrReason(secret: string | undefined): Promise<SigningKeys | string> {
  if (imported === null || imported.secret !== secret) {
    const keys = await importKeys(secret).catch((error: unknown) => {
      if (error instanceof KeySetError) return error.message;
      throw error;
    });
    imported = { secret, keys };
  }
  return imported.keys;
}

/** Returns the fault of a key set as the end of a sentence about it, or null if it is usable. */
export async function signingKeysFault(secret: string | undefined): Promise<string | null> {
  const keys = await keysOrReason(set(secret));
  return typeof keys === 'string' ? keys : null;
}

/**
 * Returns the keys of the secret `SIGNING_KEYS`, a JWK set with the newest key last. Imports them once per isolate and
 * secret. Throws `deployment_misconfigured` (503) if the set is not usable; the log states the reason once.
 */
export async function signingKeys(secret: string | undefined): Promise<SigningKeys> {
  const keys = await keysOrReason(set(secret));
  if (typeof keys === 'string') throw misconfigured({ variable: 'SIGNING_KEYS', reason: keys }, secret);
  return keys;
}
