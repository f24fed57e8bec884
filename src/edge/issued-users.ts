/** Users that a trusted issuer names, and that are created at their first request. */
import type { JWTPayload } from 'jose';
import type { Env } from '../bindings.ts';
import { sha256Hex } from '../digest.ts';
import { homeOf } from '../home.ts';
import { isBlank, cut, wellFormed } from '../text.ts';
import { changeRegistry } from '../registry/object/client.ts';
import type { Organization, TokenIssuer } from '../registry/organization.ts';
import { Email, MAX_NAME_LENGTH } from '../registry/primitives.ts';

/** Length of an identifier in hexadecimal digits. */
const IDENTIFIER_LENGTH = 24;
/** The user identifier of a trusted issuer, in the audit. */
const ISSUER = 'issuer';

type Creating = NonNullable<TokenIssuer['create_users']>;

/**
 * Returns the identifier of the user that an issuer calls `subject`: always the same one, and another one for every issuer
 * and every subject, whatever the text looks like.
 */
export async function issuedUserId({ issuer }: TokenIssuer, subject: string): Promise<string> {
  return (await sha256Hex(JSON.stringify([issuer, subject]))).slice(0, IDENTIFIER_LENGTH);
}

/** Returns the address in a token; null for none, and for one that the issuer says is not verified. */
function emailIn(payload: JWTPayload, { email_claim }: Creating): string | null {
  if (payload.email_verified === false) return null;
  const email = Email.safeParse(payload[email_claim]);
  return email.success ? email.data.toLowerCase() : null;
}

/** Returns the name in a token, else the part of the address before the sign, else `User`. */
function nameIn(payload: JWTPayload, creating: Creating): string {
  const claimed = payload[creating.name_claim];
  const name = typeof claimed === 'string' ? cut(wellFormed(claimed).trim(), MAX_NAME_LENGTH) : '';
  if (!isBlank(name)) return name;
  return emailIn(payload, creating)?.split('@')[0] ?? 'User';
}

/** Creates the user of a verified token. Throws the problem of the registry, 503 where it does not answer. */
export async function createIssuedUser(
  env: Env,
  organization: Organization,
  issuer: TokenIssuer,
  { id, payload, request_id }: { id: string; payload: JWTPayload; request_id: string },
): Promise<void> {
  const { create_users: creating } = issuer;
  if (creating === undefined) return;
  const type = 'create-issued-user';
  const actor = { ...homeOf(organization), user_id: ISSUER, grants: [], request_id };
  const user = { id, name: nameIn(payload, creating), email: emailIn(payload, creating) };
  await changeRegistry(env, actor, { type, issuer: issuer.issuer, ...user }, { operation: type });
}
