/** The keys of foreign issuers: fetched from the address that the registry names, bounded in time and size. */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { boundedText } from '../bounded-text.ts';
import { withDeadline } from '../deadline.ts';

/** An issuer's keys are kept for ten minutes; an unknown `kid` asks again, at most every 30 seconds. */
const CACHE_MAX_AGE_MS = 600_000;
const COOLDOWN_MS = 30_000;
/** How long a key set may take to arrive as a whole. */
export const KEY_SET_TIMEOUT_MS = 3_000;
/** Published key sets have 1 to 30 KB, with certificates some more. */
export const MAX_KEY_SET_BYTES = 256 * 1024;
/** After a failure the issuer is left alone for so long: every caller can send tokens that claim to be of it. */
const FAILURE_PAUSE_MS = 5_000;
/** Key sets that are kept; the one that was first used longest ago goes first. Addresses come from the registry alone. */
const MAX_KEY_SETS = 200;

/** Fetches a key set. Its redirects are not followed: the registry says where the keys are. */
function fetchKeySet(url: string, headers: Headers, timeoutMs: number): Promise<Response> {
  return withDeadline(timeoutMs, async (signal) => {
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    if (response.status !== 200) throw new Error('The address of the key set does not answer 200.');
    const tooLarge = () => new Error('The key set is too large.');
    return new Response(await boundedText(response, MAX_KEY_SET_BYTES, tooLarge));
  });
}

/** The keys behind an address, fetched when they are first needed. */
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

/** The keys behind an address, shared by all requests of an isolate. */
export function issuerKeys(address: string): JWTVerifyGetKey {
  const keys = keySets.get(address) ?? remoteKeys(address);
  keySets.set(address, keys);
  const oldest = keySets.size > MAX_KEY_SETS ? keySets.keys().next().value : undefined;
  if (oldest !== undefined) keySets.delete(oldest);
  return keys;
}
