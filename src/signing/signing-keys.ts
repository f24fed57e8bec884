import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';
import { misconfigured, set } from '../deployment/faults.ts';

const SigningKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  /** The private half. A key without it verifies what it signed before, and signs nothing. */
  d: z.string().optional(),
});
type SigningKey = z.infer<typeof SigningKey>;

/** A deployment has one key that signs, and those of the last rotations. */
const MAX_KEYS = 16;

const SigningKeySet = z.object({ keys: z.array(SigningKey).min(1).max(MAX_KEYS) });

/** The keys of a deployment, ready for use. */
export interface SigningKeys {
  /** The newest key with a private half, which signs. */
  newest: { kid: string; privateKey: CryptoKey };
  /** By `kid`: every key verifies, so that tokens outlive a rotation. */
  verifying: ReadonlyMap<string, CryptoKey>;
  /**
   * Secrets that URLs are signed with, one for each private half: the first, which is the newest, signs, and all
   * verify. A URL ends with the private half that it was signed with.
   */
  urlSecrets: readonly [newest: string, ...older: string[]];
  /** The public halves, as published. */
  published: JWK[];
}

/** Why a set cannot be used, as the end of a sentence that begins with `SIGNING_KEYS`. It quotes nothing of the set. */
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
    // An import error says no more than that, and may quote the key.
  }
  throw new KeySetError(`has a key that cannot be imported (see keys.${index})`);
}

const PROBE = new Uint8Array(32);
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** Throws unless a private half belongs to its public half: tokens would be signed that no key verifies. */
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

/** Shared by all requests of an isolate: what became of the secret, which is the same for all of them. */
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

/** What is wrong with a key set, as the end of a sentence about it; `null` when it can be used. */
export async function signingKeysFault(secret: string | undefined): Promise<string | null> {
  const keys = await keysOrReason(set(secret));
  return typeof keys === 'string' ? keys : null;
}

/**
 * The keys in a JWK set, the newest last. Imported once per isolate and secret. Throws 503 when the set cannot be
 * used; the log says once why.
 */
export async function signingKeys(secret: string | undefined): Promise<SigningKeys> {
  const keys = await keysOrReason(set(secret));
  if (typeof keys === 'string') throw misconfigured({ variable: 'SIGNING_KEYS', reason: keys }, secret);
  return keys;
}
