import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { isLessPermissive } from '../access/permissiveness.ts';
import type { Env } from '../bindings.ts';
import { isDevelopment, rateLimitsHold } from '../deployment/switches.ts';
import { SignInFailures } from '../limits/sign-in-failures.ts';
import { problem } from '../problems.ts';
import { hashApiKey } from '../registry/api-key.ts';
import type { ApiKey, Organization, User } from '../registry/organization.ts';
import { roleGrants } from '../registry/reader.ts';
import { clientNetwork } from './client-address.ts';
import type { AppEnv } from './context.ts';
import { identified } from './credentials.ts';
import { limitOf, refusal, setRateLimitHeaders, type LimitedOperation } from './rate-limit.ts';

/** Compares two digests of 64 digits in constant time. */
function equalDigests(a: string, b: string): boolean {
  const encode = (text: string) => new TextEncoder().encode(text);
  const [left, right] = [encode(a), encode(b)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}

/** Tells whether a key may sign in a user: only if the user's role grants less than the key's role. */
function maySignInAs(key: ApiKey, user: User, organization: Organization): boolean {
  return isLessPermissive(roleGrants(organization, user.role), roleGrants(organization, key.role));
}

function isUsable(key: ApiKey, env: Env, now: number): boolean {
  if (key.development_only && !isDevelopment(env)) return false;
  return key.expires_at === null || Date.parse(key.expires_at) > now;
}

/** A digest of no key. Comparing with it makes the refusal of an unknown key take as long as that of a wrong key. */
const NO_DIGEST = '0'.repeat(64);

/** Headers of a sign-in; undefined for each missing one. */
interface Claimed {
  key: string | undefined;
  keyId: string | undefined;
  user: string | undefined;
}

/**
 * Returns the user that a key signs in, or null if the key, the user or their roles do not allow it. Reads the user
 * only for a right key: a caller with a wrong key learns nothing about users, not even from the response time.
 */
async function userOf(c: Context<AppEnv>, { key, keyId, user }: Claimed): Promise<User | null> {
  if (key === undefined || keyId === undefined || user === undefined) return null;
  const organization = c.get('organization');
  const registry = c.get('registry');
  const known = await registry.apiKey(organization.id, keyId);
  const matches = equalDigests(await hashApiKey(key), known?.hash ?? NO_DIGEST);
  if (!matches || known === null || !isUsable(known, c.env, Date.now())) return null;
  const truth = await registry.truthOf(organization.id, user, keyId);
  if (truth === null) {
    const found = await registry.user(organization.id, user);
    return found !== null && maySignInAs(known, found, organization) ? found : null;
  }
  // A right key asks the owner of the truth: what was revoked a moment ago may still stand in a copy.
  const { apiKey, user: found } = truth;
  if (apiKey === null || found === null || truth.organization === null) return null;
  if (!isUsable(apiKey, c.env, Date.now()) || !maySignInAs(apiKey, found, truth.organization)) return null;
  c.set('organization', truth.organization);
  return found;
}

/** Failed sign-ins, shared by all requests of an isolate. */
const failures = new SignInFailures();

/** Counts a failed sign-in and sets the rate limit headers. Throws `rate_limit_exceeded` (429) after too many. */
function countFailure(c: Context<AppEnv>, operation: LimitedOperation, { user = '' }: Claimed): void {
  const limit = limitOf(c, operation);
  if (limit === null || !rateLimitsHold(c.env)) return;
  const failed = { address: clientNetwork(c), organization: c.get('organization').id, user };
  const decision = failures.count(failed, limit, Date.now());
  setRateLimitHeaders(c, decision);
  if (!decision.allowed) throw refusal(decision);
}

/**
 * Middleware that finds the user that an API key signs in. A right key passes regardless of earlier failures. A failure
 * is counted by address and by the named user, even if that user does not exist: below the limit it throws 401, above
 * it 429. A request without one of the headers counts as a failure too; the operation answers it, and names the missing
 * header.
 */
export function apiKeyCredentials(operation: LimitedOperation) {
  return createMiddleware<AppEnv>(async function apiKeyCredentials(c, next) {
    const claimed: Claimed = {
      key: c.req.header('x-api-key'),
      keyId: c.req.header('x-api-key-id'),
      user: c.req.header('x-user-id'),
    };
    const user = await userOf(c, claimed);
    c.get('stages').lap('api-key');
    if (user === null) {
      countFailure(c, operation, claimed);
      if (Object.values(claimed).includes(undefined)) return next();
      throw problem('credentials_invalid', 'The API key, its identifier or the user is wrong.');
    }
    const { caller } = identified(c, c.get('organization'), user);
    c.set('user', user);
    c.set('caller', caller);
    c.set('identifyAnew', () => Promise.resolve());
    return next();
  });
}
