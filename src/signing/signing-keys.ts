import { importJWK, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';

const SigningKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  kid: z.string().min(1),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

const SigningKeySet = z.object({ keys: z.array(SigningKey).min(1) });

/** The keys of a deployment, ready for use. */
export interface SigningKeys {
  /** The newest key, which signs. */
  newest: { kid: string; privateKey: CryptoKey };
  /** By `kid`: every key verifies, so that tokens outlive a rotation. */
  verifying: ReadonlyMap<string, CryptoKey>;
  /** Secrets that URLs are signed with: the first, which is the newest, signs, and all verify. */
  urlSecrets: readonly [newest: string, ...older: string[]];
  /** The public halves, as published. */
  published: JWK[];
}

/** The deployment cannot sign or verify tokens. It is not the caller's fault, so no code of theirs. */
class SigningKeysError extends Error {}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256');
  if (key instanceof Uint8Array) throw new SigningKeysError('A key of SIGNING_KEYS is not an EC key.');
  return key;
}

async function importKeys(secret: string | undefined): Promise<SigningKeys> {
  if (secret === undefined) throw new SigningKeysError('SIGNING_KEYS is not set.');
  const { keys } = SigningKeySet.parse(JSON.parse(secret));
  const verifying = new Map<string, CryptoKey>();
  const published: JWK[] = [];
  for (const { kty, crv, kid, x, y } of keys) {
    const jwk = { kty, crv, kid, x, y, alg: 'ES256', use: 'sig' };
    published.push(jwk);
    verifying.set(kid, await importKey(jwk));
  }
  const newest = keys.at(-1);
  if (newest === undefined) throw new SigningKeysError('SIGNING_KEYS holds no key.');
  const privateKey = await importKey(newest);
  const older = keys.slice(0, -1).map(({ d }) => d);
  return { newest: { kid: newest.kid, privateKey }, verifying, urlSecrets: [newest.d, ...older], published };
}

let imported: { secret: string | undefined; keys: SigningKeys } | null = null;

/** The keys in a JWK set, the newest last. Imported once per isolate and secret. */
export async function signingKeys(secret: string | undefined): Promise<SigningKeys> {
  if (imported === null || imported.secret !== secret) imported = { secret, keys: await importKeys(secret) };
  return imported.keys;
}
