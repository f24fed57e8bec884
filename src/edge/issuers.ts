/** Tokens of a front end's own login, verified as RFC 8725 demands. */
import { decodeJwt, errors, jwtVerify } from 'jose';
import { DEFAULT_ROLES } from '../access/default-roles.ts';
import { grantsNoMoreThan } from '../access/permissiveness.ts';
import { isCompactToken } from '../base64url.ts';
import type { Organization, TokenIssuer } from '../registry/organization.ts';
import { roleGrants } from '../registry/reader.ts';
import { issuerKeys } from './issuer-keys.ts';
import { CLOCK_SKEW_SECONDS } from './tokens.ts';

/** Who a token says issued it; nothing is verified yet. `null` when it is not a token at all. */
export function claimedIssuer(jwt: string): string | null {
  try {
    return decodeJwt(jwt).iss ?? null;
  } catch {
    return null;
  }
}

/** The user that a trusted issuer's token names, or why the token is refused: for the log, the caller is not told. */
export type IssuedToken = { user: string } | { refused: string };

/** The type in the header (RFC 8725, section 3.11): the issuer's own where it declares one, else `JWT` or none. */
function hasExpectedType(issuer: TokenIssuer, typ: unknown): boolean {
  if (typ === undefined) return issuer.typ === null;
  // RFC 7515, section 4.1.9: `application/` may be left out, and case does not matter.
  const plain = (text: string) => text.toLowerCase().replace(/^application\/(?=[^/]+$)/, '');
  return typeof typ === 'string' && plain(typ) === plain(issuer.typ ?? 'JWT');
}

/** A code and the claim it is about; an error of the library has no text that quotes a claim's value. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    return `${error.code} ${error.claim}`;
  }
  return error instanceof errors.JOSEError ? error.code : 'keys_not_readable';
}

/**
 * Verifies a token of a trusted issuer: signature, algorithm, type, issuer, audience, times, age, in its one encoding.
 * `now` in milliseconds since 1970.
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
    return typeof user === 'string' && user !== '' ? { user } : { refused: 'user_claim' };
  } catch (error) {
    return { refused: reasonOf(error) };
  }
}

/** Whether a role has no power beyond that of an ordinary user: its own conversations, and what these need. */
export function isOrdinaryRole(organization: Organization, role: string): boolean {
  return grantsNoMoreThan(roleGrants(organization, role), DEFAULT_ROLES.DefaultUserRole ?? []);
}

/** Whether an issuer may sign in users of a role: one that it is bound to, or where it is bound to none, an ordinary one. */
export function maySignIn(issuer: TokenIssuer, organization: Organization, role: string): boolean {
  return issuer.roles === null ? isOrdinaryRole(organization, role) : issuer.roles.includes(role);
}
