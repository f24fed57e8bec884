/** Signing keys as JWK sets: made here, kept in a secret (production) or in the state directory (development). */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

export interface KeySet {
  keys: JWK[];
}

/** A set with one more key, which is the newest and signs from now on. */
export async function withNewKey(set: KeySet): Promise<KeySet> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { keys: [...set.keys, { ...jwk, alg: 'ES256', use: 'sig', kid: crypto.randomUUID() }] };
}

/** The key set of a state directory, made at the first start. Readable by its owner alone. */
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
