import { SignJWT } from 'jose';
import { signingKeys } from '../signing/signing-keys.ts';
import type { ToolCallClaims } from './call-identity.ts';

const TOKEN_ISSUER = 'conversation-api';
/** Distinguishes these tokens from tokens of users (RFC 8725, section 3.11). */
const TOKEN_TYPE = 'tool-call+jwt';
/** Lifetime of a token: enough for clocks that differ and for a slow connection. A tool refuses the token after it. */
export const TOOL_TOKEN_LIFETIME_SECONDS = 300;

/**
 * Signs a tool call with the newest key of `SIGNING_KEYS` (ES256). The public keys at `/.well-known/jwks.json` verify
 * it. `now` is in milliseconds since 1970. Throws `deployment_misconfigured` if the key set is not usable.
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
