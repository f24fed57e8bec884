import { sha256Hex } from '../digest.ts';

/**
 * Returns the digest that is stored of an API key: SHA-256, 64 hexadecimal digits. A key has 256 random bits, so no
 * salt is needed.
 */
export function hashApiKey(key: string): Promise<string> {
  return sha256Hex(key);
}
