/** Tokens by which a browser remains the same visitor: good for nothing but a new token of the visitor. */
import * as z from 'zod';
import { IDENTIFIER, ORGANIZATION_IDENTIFIER } from '../identifiers.ts';
import { signingKeys } from '../signing/signing-keys.ts';
import { claimsOf, signToken, type TokenKind } from './tokens.ts';

/** Its type keeps other tokens from being taken for a visitor token, and a visitor token for one of a user. */
const VISITOR_TOKEN: TokenKind = { typ: 'visitor+jwt', lifetime: 30 * 24 * 3600 };

/** A visitor: an identifier that means something for one service of one organization only. */
export interface Visitor {
  organization: string;
  user_id: string;
  service_id: string;
}

const Claims = z.object({
  sub: z.string().regex(IDENTIFIER),
  org: z.string().regex(ORGANIZATION_IDENTIFIER),
  svc: z.string().regex(IDENTIFIER),
  iat: z.number(),
});

/** Signs a visitor token. `now` and `expires_at` are in milliseconds since 1970. */
export async function issueVisitorToken(
  secret: string | undefined,
  { organization, user_id, service_id }: Visitor,
  now: number,
): Promise<{ visitor_token: string; expires_at: number }> {
  const claims = { sub: user_id, org: organization, svc: service_id };
  const { jwt, expires_at } = await signToken(secret, VISITOR_TOKEN, claims, now);
  return { visitor_token: jwt, expires_at };
}

/**
 * Verifies a visitor token. Returns the visitor and the time of issue in milliseconds since 1970; null for an invalid
 * token.
 */
export async function verifyVisitorToken(
  secret: string | undefined,
  jwt: string,
  now: number,
): Promise<(Visitor & { issued_at: number }) | null> {
  const keys = await signingKeys(secret);
  try {
    const { sub, org, svc, iat } = Claims.parse(await claimsOf(keys, jwt, VISITOR_TOKEN, now));
    return { organization: org, user_id: sub, service_id: svc, issued_at: iat * 1000 };
  } catch {
    return null;
  }
}
