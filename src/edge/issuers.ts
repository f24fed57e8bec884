/** Verifies tokens of a site's own login as RFC 8725 requires. */
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { DEFAULT_ROLES } from '../access/default-roles.ts';
import { grantsNoMoreThan } from '../access/permissiveness.ts';
import { isCompactToken } from '../base64url.ts';
import type { Organization, TokenIssuer } from '../registry/organization.ts';
import { roleGrants } from '../registry/reader.ts';
import { issuerKeys } from './issuer-keys.ts';
import { CLOCK_SKEW_SECONDS } from './tokens.ts';

/** Returns the issuer that a token claims, unverified; null if the text is not a token. */
export function claimedIssuer(jwt: string): string | null {
  try {
    return decodeJwt(jwt).iss ?? null;
  } catch {
    return null;
  }
}

/**
 * The user in a token of a trusted issuer, or the reason of its refusal. The reason is for the log; the caller does not
 * learn it.
 */
export type IssuedToken = { user: string; payload: JWTPayload } | { refused: string };

/**
 * Tells whether the header has the right type (RFC 8725, section 3.11): the one that the issuer declares, else `JWT` or
 * none.
 */
function hasExpectedType(issuer: TokenIssuer, typ: unknown): boolean {
  if (typ === undefined) return issuer.typ === null;
  // RFC 7515, section 4.1.9: `application/` may be left out, and case does not matter.
  const plain = (text: string) => text.toLowerCase().replace(/^application\/(?=[^/]+$)/, '');
  return typeof typ === 'string' && plain(typ) === plain(issuer.typ ?? 'JWT');
}

/** Returns the code of an error and the name of its claim. Errors of the library quote no value of a claim. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    return `${error.code} ${error.claim}`;
  }
  return error instanceof errors.JOSEError ? error.code : 'keys_not_readable';
}

/**
 * Verifies a token of a trusted issuer: encoding, signature, algorithm, type, issuer, audience, times and age. `now` is
 * in milliseconds since 1970.
 */
export async function verifyIssuedToken(issuer: TokenIssuer, jwt: string, now: number): Promise<IssuedToken> {
  if (!isCompactToken(jwt)) return { refused: 'encoding' };
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt, issuerKeys(issuer.jwks_url), {
      algorithms: issuer.algorithms,
      issuer: issuer.issuer,
      audience: issuer.audience,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['iss', 'aud', 'exp', 'iat', issuer.user_claim],
      maxTokenAge: issuer.max_token_age_seconds,
      currentDate: new Date(now),
    });
    if (!hasExpectedType(issuer, protectedHeader.typ)) return { refused: 'typ' };
    const { exp = Infinity, iat = 0 } = payload;
    if (exp - iat > issuer.max_token_age_seconds + CLOCK_SKEW_SECONDS) return { refused: 'lifetime' };
    const user = payload[issuer.user_claim];
    return typeof user === 'string' && user !== '' ? { user, payload } : { refused: 'user_claim' };
  } catch (error) {
    return { refused: reasonOf(error) };
  }
}

/**
 * Tells whether a role grants no more than an ordinary user has: the user's own conversations, and the permissions that
 * these need.
 */
export function isOrdinaryRole(organization: Organization, role: string): boolean {
  return grantsNoMoreThan(roleGrants(organization, role), DEFAULT_ROLES.DefaultUserRole ?? []);
}

/**
 * Tells whether an issuer may sign in users of a role: one of `roles`, or, if the issuer lists none, an ordinary role.
 */
export function maySignIn(issuer: TokenIssuer, organization: Organization, role: string): boolean {
  return issuer.roles === null ? isOrdinaryRole(organization, role) : issuer.roles.includes(role);
}
