import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { TokenIssuer } from '../registry/organization.ts';
import { CLOCK_SKEW_SECONDS } from './tokens.ts';

/** An issuer's keys are kept for ten minutes; an unknown `kid` asks again, at most every 30 seconds. */
const CACHE_MAX_AGE_MS = 600_000;
const COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 3_000;
/** Issuers come from the registry alone, so they are few. */
const keySets = new Map<string, JWTVerifyGetKey>();

function keysOf(url: string): JWTVerifyGetKey {
  const known =
    keySets.get(url) ??
    createRemoteJWKSet(new URL(url), {
      cacheMaxAge: CACHE_MAX_AGE_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: FETCH_TIMEOUT_MS,
    });
  keySets.set(url, known);
  return known;
}

/** Who a token says issued it; nothing is verified yet. `null` when it is not a token at all. */
export function claimedIssuer(jwt: string): string | null {
  try {
    return decodeJwt(jwt).iss ?? null;
  } catch {
    return null;
  }
}

/** The user that a trusted issuer's token names; `null` when anything is wrong with it. */
export async function verifyIssuedToken(
  issuer: TokenIssuer,
  jwt: string,
  now: number,
): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(jwt, keysOf(issuer.jwks_url), {
      algorithms: issuer.algorithms,
      issuer: issuer.issuer,
      audience: issuer.audience,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['exp', issuer.user_claim],
      currentDate: new Date(now),
    });
    const user = payload[issuer.user_claim];
    return typeof user === 'string' && user !== '' ? user : null;
  } catch {
    return null;
  }
}
