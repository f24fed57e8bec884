import { SignJWT } from 'jose';
import { signingKeys } from '../signing/signing-keys.ts';
import type { ToolCallClaims } from './call-identity.ts';

const TOKEN_ISSUER = 'conversation-api';
/** Keeps these tokens apart from those of users (RFC 8725, section 3.11). */
const TOKEN_TYPE = 'tool-call+jwt';
/** Long enough for two clocks that differ and a slow connection; a tool refuses what comes later. */
export const TOOL_TOKEN_LIFETIME_SECONDS = 300;

/**
 * Signs a tool call with the newest key of `SIGNING_KEYS` (ES256). A tool verifies it by the public keys at
 * `/.well-known/jwks.json`. `now` in milliseconds since 1970.
 */
export async function signToolCall(
  secret: string | undefined,
  { aud, sub, jti, ...claims }: ToolCallClaims,
  now: number,
): Promise<string> {
  const { newest } = await signingKeys(secret);
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ: TOKEN_TYPE })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(aud)
    .setSubject(sub)
    .setJti(jti)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + TOOL_TOKEN_LIFETIME_SECONDS)
    .sign(newest.privateKey);
}
