import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { isLessPermissive } from '../access/permissiveness.ts';
import type { Env } from '../bindings.ts';
import { isDevelopment, rateLimitsHold } from '../deployment/switches.ts';
import { SignInFailures } from '../limits/sign-in-failures.ts';
import { problem } from '../problems.ts';
import type { ApiKey, Organization, User } from '../registry/organization.ts';
import { hashApiKey } from '../registry/publish.ts';
import { roleGrants } from '../registry/reader.ts';
import { clientNetwork } from './client-address.ts';
import type { AppEnv } from './context.ts';
import { identified } from './credentials.ts';
import { limitOf, refusal, setRateLimitHeaders, type LimitedOperation } from './rate-limit.ts';

/** Compares in a time that does not tell how much of it was right. Both are digests of 64 digits. */
function equalDigests(a: string, b: string): boolean {
  const encode = (text: string) => new TextEncoder().encode(text);
  const [left, right] = [encode(a), encode(b)];
  return left.byteLength === right.byteLength && crypto.subtle.timingSafeEqual(left, right);
}

/** A key signs in only users who can do less than the key's own role. */
function maySignInAs(key: ApiKey, user: User, organization: Organization): boolean {
  return isLessPermissive(roleGrants(organization, user.role), roleGrants(organization, key.role));
}

function isUsable(key: ApiKey, env: Env, now: number): boolean {
  if (key.development_only && !isDevelopment(env)) return false;
  return key.expires_at === null || Date.parse(key.expires_at) > now;
}

/** A digest that no key has: so that a key that does not exist takes as long to refuse as one that is wrong. */
const NO_DIGEST = '0'.repeat(64);

/** What the headers of a sign-in say; `undefined` for each that is missing. */
interface Claimed {
  key: string | undefined;
  keyId: string | undefined;
  user: string | undefined;
}

/**
 * The user that a key signs in; `null` when key, user or their roles do not fit. The user is looked up for a right key
 * alone: a caller without one learns nothing about users, not even from the time that an answer takes.
 */
async function userOf(c: Context<AppEnv>, { key, keyId, user }: Claimed): Promise<User | null> {
  if (key === undefined || keyId === undefined || user === undefined) return null;
  const organization = c.get('organization');
  const registry = c.get('registry');
  const known = await registry.apiKey(organization.id, keyId);
  const matches = equalDigests(await hashApiKey(key), known?.hash ?? NO_DIGEST);
  if (!matches || known === null || !isUsable(known, c.env, Date.now())) return null;
  const found = await registry.user(organization.id, user);
  return found !== null && maySignInAs(known, found, organization) ? found : null;
}

/** Shared by all requests of an isolate; values only. */
const failures = new SignInFailures();

/** Counts a failed sign-in, says so in the headers, and refuses it with 429 when there were too many. */
function countFailure(c: Context<AppEnv>, operation: LimitedOperation, { user = '' }: Claimed): void {
  const limit = limitOf(c, operation);
  if (limit === null || !rateLimitsHold(c.env)) return;
  const failed = { address: clientNetwork(c), organization: c.get('organization').id, user };
  const decision = failures.count(failed, limit, Date.now());
  setRateLimitHeaders(c, decision);
  if (!decision.allowed) throw refusal(decision);
}

/**
 * Finds the user that an API key signs in. A right key passes, however many others failed before it. Failures are
 * counted by address and user, whether there is such a user or not: 429 from a limit on, 401 below. A request that
 * lacks a header is a failure too, and left to the operation, which names what is missing.
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
      throw problem('credentials_invalid', 'The API key or the user is not known, or the key is wrong.');
    }
    const { caller } = identified(c, c.get('organization'), user);
    c.set('user', user);
    c.set('caller', caller);
    return next();
  });
}
