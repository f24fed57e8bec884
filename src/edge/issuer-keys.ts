/** Keys of foreign issuers, fetched from the address in the registry with a maximum time and size. */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { boundedText } from '../bounded-text.ts';
import { withDeadline } from '../deadline.ts';

/** Time that an issuer's keys are kept, and least time between two fetches for an unknown `kid`. */
const CACHE_MAX_AGE_MS = 600_000;
const COOLDOWN_MS = 30_000;
/** Maximum time of a whole key set in milliseconds. */
export const KEY_SET_TIMEOUT_MS = 3_000;
/** Maximum size of a key set. Published ones have 1 to 30 KB, and more with certificates. */
export const MAX_KEY_SET_BYTES = 256 * 1024;
/** Pause after a failed fetch. Any caller can send tokens that claim to be of the issuer. */
const FAILURE_PAUSE_MS = 5_000;
/** Maximum number of key sets in memory; the oldest is removed first. Their addresses come only from the registry. */
const MAX_KEY_SETS = 200;

/** Fetches a key set. Does not follow redirects: the registry has the address of the keys. */
function fetchKeySet(url: string, headers: Headers, timeoutMs: number): Promise<Response> {
  return withDeadline(timeoutMs, async (signal) => {
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    if (response.status !== 200) throw new Error('The address of the key set does not answer 200.');
    const tooLarge = () => new Error('The key set is too large.');
    return new Response(await boundedText(response, MAX_KEY_SET_BYTES, tooLarge));
  });
}

/** Returns the keys at an address. They are fetched at their first use. */
export function remoteKeys(address: string, timeoutMs = KEY_SET_TIMEOUT_MS): JWTVerifyGetKey {
  let failedAt = -Infinity;
  return createRemoteJWKSet(new URL(address), {
    cacheMaxAge: CACHE_MAX_AGE_MS,
    cooldownDuration: COOLDOWN_MS,
    [customFetch]: async (url, { headers }) => {
      if (Date.now() - failedAt < FAILURE_PAUSE_MS)
        throw new Error('The key set failed to arrive a moment ago.');
      try {
        return await fetchKeySet(url, headers, timeoutMs);
      } catch (error) {
        failedAt = Date.now();
        throw error;
      }
    },
  });
}

const keySets = new Map<string, JWTVerifyGetKey>();

/** Returns the keys at an address, shared by all requests of an isolate. */
export function issuerKeys(address: string): JWTVerifyGetKey {
  const keys = keySets.get(address) ?? remoteKeys(address);
  keySets.set(address, keys);
  const oldest = keySets.size > MAX_KEY_SETS ? keySets.keys().next().value : undefined;
  if (oldest !== undefined) keySets.delete(oldest);
  return keys;
}
