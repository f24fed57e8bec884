import { SignJWT } from 'jose';
import { signingKeys } from './signing-keys.ts';

/** `iss` of receipts: the same as that of tokens. */
const ISSUER = 'conversation-api';
/** Distinguishes receipts from tokens of users and of tools (RFC 8725, section 3.11). */
export const RECEIPT_TYPE = 'erasure-receipt+jwt';

/**
 * Signs what an erasure removed with the newest key of `SIGNING_KEYS` (ES256). The public keys at `/.well-known/jwks.json`
 * verify it; it does not expire. Throws `deployment_misconfigured` if the key set is not usable.
 */
export async function signReceipt(
  secret: string | undefined,
  organization: string,
  receipt: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { newest } = await signingKeys(secret);
  return new SignJWT({ ...receipt, org: organization })
    .setProtectedHeader({ alg: 'ES256', kid: newest.kid, typ: RECEIPT_TYPE })
    .setIssuer(ISSUER)
    .sign(newest.privateKey);
}
