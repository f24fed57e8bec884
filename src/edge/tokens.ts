import { jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { isCompactToken } from '../base64url.ts';
import { ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { signingKeys, type SigningKeys } from '../signing/signing-keys.ts';

/** `iss` of the tokens of this deployment. */
export const TOKEN_ISSUER = 'conversation-api';
/** `aud` of the tokens of this deployment. */
export const TOKEN_AUDIENCE = 'conversation-api';
/** Lifetime of a token in seconds. Clients refresh five minutes before its end. */
export const TOKEN_LIFETIME_SECONDS = 3600;
/** Maximum difference of two clocks in seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** Claims of a verified token. */
export interface VerifiedToken {
  organization: string;
  user_id: string;
  /** Set if a foreign issuer of the organization signed the token. */
  foreign?: true;
}

const Claims = z.object({ sub: z.string().min(1), org: z.string().regex(ORGANIZATION_IDENTIFIER) });

/**
 * Signs a token for a user of an organization. `now` and `expires_at` are in milliseconds since 1970. Throws
 * `deployment_misconfigured` if no key can sign.
 */
export async function issueToken(
  secret: string | undefined,
  { organization, user_id }: VerifiedToken,
  now: number,
): Promise<{ id_token: string; expires_at: number }> {
  const { newest } = await signingKeys(secret);
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + TOKEN_LIFETIME_SECONDS;
  const id_token = await new SignJWT({ org: organization })
    .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(user_id)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(newest.privateKey);
  return { id_token, expires_at: expiresAt * 1000 };
}

/** Time in milliseconds that an isolate trusts a verified token before it verifies it again. */
const VERIFIED_FOR_MS = 60_000;
const MAX_VERIFIED = 1_000;

type Verified = Map<string, { token: VerifiedToken; until: number }>;

/** Verified tokens by key set: a token of one set may be invalid in another. */
const verifiedBy = new WeakMap<SigningKeys, Verified>();

function rememberedBy(keys: SigningKeys): Verified {
  const known = verifiedBy.get(keys) ?? new Map();
  verifiedBy.set(keys, known);
  return known;
}

function remember(verified: Verified, jwt: string, token: VerifiedToken, until: number): void {
  verified.set(jwt, { token, until });
  const oldest = verified.size > MAX_VERIFIED ? verified.keys().next().value : undefined;
  if (oldest !== undefined) verified.delete(oldest);
}

/**
 * Verifies a token of this deployment: ES256 only, the key of its `kid`, issuer, audience, subject, times and encoding.
 * Returns null for an invalid token, without a reason: the caller does not learn it.
 */
export async function verifyToken(secret: string | undefined, jwt: string): Promise<VerifiedToken | null> {
  const now = Date.now();
  const keys = await signingKeys(secret);
  const verified = rememberedBy(keys);
  const known = verified.get(jwt);
  if (known !== undefined && known.until > now) return known.token;
  verified.delete(jwt);
  if (!isCompactToken(jwt)) return null;
  try {
    const { payload } = await jwtVerify(
      jwt,
      ({ kid }) => {
        const key = kid === undefined ? undefined : keys.verifying.get(kid);
        if (key === undefined) throw new Error('unknown kid');
        return key;
      },
      {
        algorithms: ['ES256'],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ['exp', 'iat', 'sub'],
        maxTokenAge: TOKEN_LIFETIME_SECONDS,
        typ: 'JWT',
        currentDate: new Date(now),
      },
    );
    const claims = Claims.parse(payload);
    const token = { organization: claims.org, user_id: claims.sub };
    remember(verified, jwt, token, Math.min(now + VERIFIED_FOR_MS, (payload.exp ?? 0) * 1000));
    return token;
  } catch {
    return null;
  }
}
