import { sha256Hex } from '../digest.ts';

/** Returns the SHA-256 under which an API key is stored, in hexadecimal. A key has 256 random bits: no salt is needed. */
export function hashApiKey(key: string): Promise<string> {
  return sha256Hex(key);
}
