import { jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as z from 'zod';
import { isCompactToken } from '../base64url.ts';
import { IDENTIFIER, ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { signingKeys, type SigningKeys } from '../signing/signing-keys.ts';

/** `iss` of the tokens of this deployment. */
export const TOKEN_ISSUER = 'conversation-api';
/** `aud` of the tokens of this deployment. */
export const TOKEN_AUDIENCE = 'conversation-api';
/** Lifetime of a token in seconds. Clients refresh five minutes before its end. */
export const TOKEN_LIFETIME_SECONDS = 3600;
/** Maximum difference of two clocks in seconds. */
export const CLOCK_SKEW_SECONDS = 30;

/** Lifetime of the token of a visitor in seconds. */
export const VISITOR_LIFETIME_SECONDS = 15 * 60;

/** Bounds of a visitor's token. */
export interface VisitorBounds {
  /** The only service that the visitor may use. */
  service_id: string;
  /** Origin of the page that the token was issued to; null if no page asked for it. */
  origin: string | null;
  /** Time of issue in milliseconds since 1970. */
  issued_at: number;
}

/** Claims of a verified token. */
export interface VerifiedToken {
  organization: string;
  user_id: string;
  /** Set for the token of a visitor. */
  visitor?: VisitorBounds;
  /** Set if a foreign issuer of the organization signed the token. */
  foreign?: true;
}

const Claims = z.object({
  sub: z.string().min(1),
  org: z.string().regex(ORGANIZATION_IDENTIFIER),
  iat: z.number(),
  vis: z.literal(true).optional(),
  svc: z.string().regex(IDENTIFIER).optional(),
  ori: z.string().optional(),
});

/** Returns the bounds of a visitor in the claims of a token; undefined for the token of a user. Throws without a service. */
function boundsIn({ vis, svc, ori, iat }: z.infer<typeof Claims>): VisitorBounds | undefined {
  if (vis === undefined) return undefined;
  if (svc === undefined) throw new Error('a visitor without a service');
  return { service_id: svc, origin: ori ?? null, issued_at: iat * 1000 };
}

/** Claims of a visitor's bounds. */
function boundClaims({ service_id, origin }: Omit<VisitorBounds, 'issued_at'>): Record<string, unknown> {
  return { vis: true, svc: service_id, ...(origin !== null && { ori: origin }) };
}

/** The user that a token is issued to, and the bounds of a visitor. */
export interface Bearer {
  organization: string;
  user_id: string;
  visitor?: Omit<VisitorBounds, 'issued_at'>;
}

/** Kind of a token: its `typ` (RFC 8725, section 3.11) and its lifetime in seconds. */
export interface TokenKind {
  typ: string;
  lifetime: number;
}

/** Signs claims about a subject with the newest key. `now` and `expires_at` are in milliseconds since 1970. */
export async function signToken(
  secret: string | undefined,
  { typ, lifetime }: TokenKind,
  { sub, ...claims }: { sub: string } & Record<string, unknown>,
  now: number,
): Promise<{ jwt: string; expires_at: number }> {
  const { newest } = await signingKeys(secret);
  const issuedAt = Math.floor(now / 1000);
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject(sub)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
    .sign(newest.privateKey);
  return { jwt, expires_at: (issuedAt + lifetime) * 1000 };
}

/** Returns the claims of a token of this deployment. Throws for one that is not valid, or of another kind. */
export async function claimsOf(
  keys: SigningKeys,
  jwt: string,
  { typ, lifetime }: TokenKind,
  now: number,
): Promise<JWTPayload> {
  if (!isCompactToken(jwt)) throw new Error('encoding');
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
      maxTokenAge: lifetime,
      typ,
      currentDate: new Date(now),
    },
  );
  return payload;
}

const USER_TOKEN: TokenKind = { typ: 'JWT', lifetime: TOKEN_LIFETIME_SECONDS };

/**
 * Signs a token for a user or a visitor of an organization. `now` and `expires_at` are in milliseconds since 1970.
 * Throws `deployment_misconfigured` if no key can sign.
 */
export async function issueToken(
  secret: string | undefined,
  { organization, user_id, visitor }: Bearer,
  now: number,
): Promise<{ id_token: string; expires_at: number }> {
  const lifetime = visitor === undefined ? TOKEN_LIFETIME_SECONDS : VISITOR_LIFETIME_SECONDS;
  const claims = { sub: user_id, org: organization, ...(visitor && boundClaims(visitor)) };
  const { jwt, expires_at } = await signToken(secret, { ...USER_TOKEN, lifetime }, claims, now);
  return { id_token: jwt, expires_at };
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
  try {
    const payload = await claimsOf(keys, jwt, USER_TOKEN, now);
    const claims = Claims.parse(payload);
    const visitor = boundsIn(claims);
    const token = { organization: claims.org, user_id: claims.sub, ...(visitor && { visitor }) };
    remember(verified, jwt, token, Math.min(now + VERIFIED_FOR_MS, (payload.exp ?? 0) * 1000));
    return token;
  } catch {
    return null;
  }
}
