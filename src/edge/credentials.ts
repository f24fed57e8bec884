import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { grantsFor } from '../access/permissions.ts';
import { problem } from '../problems.ts';
import { roleGrants } from '../registry/reader.ts';
import type { AppEnv } from './context.ts';
import { verifyToken, type VerifiedToken } from './tokens.ts';

/** Who may call an operation: a signed-in user, anybody (with more shown to a user), or the holder of an API key. */
export type CredentialKind = 'user' | 'optional' | 'api-key';

/** The user name of Basic credentials is `{org_id}_{user_id}`; neither holds an underscore. */
function splitUserName(name: string): VerifiedToken | null {
  const at = name.lastIndexOf('_');
  return at <= 0 ? null : { organization: name.slice(0, at), user_id: name.slice(at + 1) };
}

function decodeBase64(text: string): string | null {
  try {
    return atob(text);
  } catch {
    return null;
  }
}

/** The token in an `Authorization` header, and whom it must belong to where the header says so. */
export function parseAuthorization(
  header: string | undefined,
): { jwt: string; claimed: VerifiedToken | null } | null {
  const [, scheme, value] = /^(\w+) +(\S+)$/.exec(header ?? '') ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (/^bearer$/i.test(scheme)) return { jwt: value, claimed: null };
  if (!/^basic$/i.test(scheme)) return null;
  const decoded = decodeBase64(value) ?? '';
  const colon = decoded.indexOf(':');
  const claimed = colon === -1 ? null : splitUserName(decoded.slice(0, colon));
  return claimed === null ? null : { jwt: decoded.slice(colon + 1), claimed };
}

async function readToken(c: Context<AppEnv>): Promise<VerifiedToken | null> {
  const authorization = parseAuthorization(c.req.header('authorization'));
  if (authorization === null) return null;
  const token = await verifyToken(c.env.SIGNING_KEYS, authorization.jwt);
  const { claimed } = authorization;
  if (token === null || claimed === null) return token;
  return claimed.organization === token.organization && claimed.user_id === token.user_id ? token : null;
}

export const INVALID_CREDENTIALS = 'The Authorization header must carry a valid token of this organization.';

/** Reads and verifies the token. Where one is required and none is valid, the request ends here with 401. */
export function credentials(kind: CredentialKind) {
  return createMiddleware<AppEnv>(async function credentials(c, next) {
    const token = kind === 'api-key' ? null : await readToken(c);
    if (token === null && kind === 'user') throw problem('credentials_invalid', INVALID_CREDENTIALS);
    c.set('token', token);
    await next();
  });
}

/** Finds the organization that the path names, and in it the token's user with the grants of their role. */
export function organization(kind: CredentialKind) {
  return createMiddleware<AppEnv>(async function organization(c, next) {
    const registry = c.get('registry');
    const id = c.req.param('organization') ?? '';
    const found = await registry.organization(id);
    if (found === null) throw problem('organization_not_found', `There is no organization "${id}".`);
    c.set('organization', found);
    const token = c.get('token');
    const user = token?.organization === id ? await registry.user(id, token.user_id) : null;
    if (user === null && kind === 'user') throw problem('credentials_invalid', INVALID_CREDENTIALS);
    c.set('user', user);
    c.set(
      'caller',
      user && {
        organization: id,
        user_id: user.id,
        grants: grantsFor(roleGrants(found, user.role), { user_id: user.id, org_id: id }),
      },
    );
    await next();
  });
}
