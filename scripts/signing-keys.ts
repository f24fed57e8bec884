/** Creates signing keys as JWK sets, which are stored in a secret (production) or in the state folder (development). */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** A JWK set of EC keys on P-256. */
export interface KeySet {
  keys: JWK[];
}

function isKey(value: unknown): value is JWK {
  const { kty, crv, kid, x, y } = (value ?? {}) as Record<string, unknown>;
  return (
    kty === 'EC' && crv === 'P-256' && [kid, x, y].every((text) => typeof text === 'string' && text !== '')
  );
}

/**
 * Parses a set of EC keys on P-256, with or without private halves. Throws an error whose message quotes nothing of the
 * set.
 */
export function parseKeySet(text: string): KeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('The key set is not JSON.');
  }
  const { keys } = (value ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isKey)) {
    throw new Error(
      'The key set must be {"keys": […]} with at least one EC key on P-256 that has kid, x and y.',
    );
  }
  return { keys };
}

/** Returns the public halves of a set: they verify, and cannot sign. */
export function publicHalves({ keys }: KeySet): KeySet {
  return { keys: keys.map(({ d: _private, ...jwk }) => jwk) };
}

/**
 * Returns a set with one more key, which is the newest and signs from now on. Throws if a key of the set is invalid.
 */
export async function withNewKey(set: KeySet): Promise<KeySet> {
  for (const key of set.keys) await importJWK(key, 'ES256');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { keys: [...set.keys, { ...jwk, alg: 'ES256', use: 'sig', kid: crypto.randomUUID() }] };
}

/** Number of random bytes of a secret for `VARIABLES_KEYS`. */
const SECRET_BYTES = 32;

/** Minimum length of a secret in characters, as the deployment demands it. */
const MIN_SECRET_LENGTH = 32;

/** Parses secrets for `VARIABLES_KEYS`. Throws an error whose message quotes nothing of them. */
export function parseSecrets(text: string): string[] {
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.every((secret) => secret.length >= MIN_SECRET_LENGTH)) return secrets;
  throw new Error(
    `The secrets must have at least ${MIN_SECRET_LENGTH} characters each, with commas between them.`,
  );
}

/** Returns secrets for `VARIABLES_KEYS` with a new one in front, which seals from now on. */
export function withNewSecret(known: readonly string[]): string[] {
  return [randomBytes(SECRET_BYTES).toString('base64url'), ...known];
}

/** Returns the key set of a state folder. The first start creates it, readable by its owner only. */
export async function localKeySet(stateDir: string): Promise<KeySet> {
  const path = join(stateDir, 'signing-keys.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as KeySet;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await withNewKey({ keys: [] });
  await mkdir(stateDir, { recursive: true });
  await writeFile(path, JSON.stringify(made), { mode: 0o600 });
  return made;
}
