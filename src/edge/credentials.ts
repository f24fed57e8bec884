import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { grantsFor, type Caller } from '../access/permissions.ts';
import { homeOf } from '../home.ts';
import { logInfo } from '../log.ts';
import { isRefusal, problem } from '../problems.ts';
import type { Organization, TokenIssuer, User } from '../registry/organization.ts';
import { roleGrants } from '../registry/reader.ts';
import type { AppEnv } from './context.ts';
import { createIssuedUser, issuedUserId } from './issued-users.ts';
import { claimedIssuer, isOrdinaryRole, maySignIn, verifyIssuedToken, type IssuedToken } from './issuers.ts';
import { findOrganization, organizationIdentifier, organizationNotFound } from './path.ts';
import { TOKEN_ISSUER, verifyToken, type VerifiedToken } from './tokens.ts';
import { identifyVisitor } from './visitors.ts';

type VerifiedIssued = Exclude<IssuedToken, { refused: string }>;

/** Header with the number of an organization's change: in answers to changes, and in requests that must see it. */
export const REVISION_HEADER = 'x-registry-revision';

/** Credentials of an operation: a user's token, a token or none (a user sees more), or an API key. */
export type CredentialKind = 'user' | 'optional' | 'api-key';

/** Splits the user name of Basic credentials, `{org_id}_{user_id}`. An organization's identifier has no underscore. */
function splitUserName(name: string): VerifiedToken | null {
  const at = name.indexOf('_');
  return at <= 0 ? null : { organization: name.slice(0, at), user_id: name.slice(at + 1) };
}

/** Returns the text that canonical base64 encodes (RFC 4648, section 4); an empty text if it is not canonical. */
function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(text, { lastChunkHandling: 'strict' }));
  } catch {
    return '';
  }
}

/**
 * Returns the token of an `Authorization` header, and the user that it must belong to if the header names one (Basic).
 * Null for another scheme.
 */
export function parseAuthorization(
  header: string | undefined,
): { jwt: string; claimed: VerifiedToken | null } | null {
  const [, scheme, value] = /^(\w+) +(\S+)$/.exec(header ?? '') ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (/^bearer$/i.test(scheme)) return { jwt: value, claimed: null };
  if (!/^basic$/i.test(scheme)) return null;
  const decoded = decodeBase64(value);
  const colon = decoded.indexOf(':');
  const claimed = colon === -1 ? null : splitUserName(decoded.slice(0, colon));
  return claimed === null ? null : { jwt: decoded.slice(colon + 1), claimed };
}

/** Returns the organization that issued the token: that of the path, unless `X-ORG-ID` names another one. */
function issuingOrganization(c: Context<AppEnv>): string | null {
  const named = c.req.header('x-org-id');
  return named === undefined ? c.get('organizationId') : organizationIdentifier(named);
}

/**
 * Returns the registered user of an issuer's token: by the identifier in the token, or, for an issuer that creates users,
 * by the one that belongs to its subject. Returns null for an unknown user, and for one who was deleted.
 */
async function issuedUser(
  c: Context<AppEnv>,
  organization: Organization,
  issuer: TokenIssuer,
  { user: subject, payload }: VerifiedIssued,
): Promise<User | null> {
  const registry = c.get('registry');
  if (issuer.create_users === undefined) return registry.user(organization.id, subject);
  const id = await issuedUserId(issuer, subject);
  const known = await registry.user(organization.id, id);
  if (known !== null || !maySignIn(issuer, organization, issuer.create_users.role)) return known;
  try {
    const request_id = c.get('requestId');
    await createIssuedUser(c.env, organization, issuer, { id, payload, request_id });
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
  return registry.user(organization.id, id);
}

/**
 * Verifies a token of an issuer that its organization trusts. The user must be registered, or the issuer
 * create users, and have a role that the issuer may sign in. The log has the reason of a refusal; the caller does not learn it.
 */
async function verifyForeign(
  c: Context<AppEnv>,
  jwt: string,
  claimed: string,
): Promise<VerifiedToken | null> {
  const registry = c.get('registry');
  const id = issuingOrganization(c);
  const organization = id === null ? null : await registry.organization(id);
  const issuer = organization?.token_issuers.find((trusted) => trusted.issuer === claimed);
  if (organization === null || issuer === undefined) return null;
  const refuse = (reason: string) => {
    const request_id = c.get('requestId');
    logInfo('issued_token_refused', { request_id, organization: organization.id, issuer: claimed, reason });
    return null;
  };
  const issued = await verifyIssuedToken(issuer, jwt, Date.now());
  if ('refused' in issued) return refuse(issued.refused);
  const user = await issuedUser(c, organization, issuer, issued);
  if (user === null) return refuse('unknown_user');
  if (!maySignIn(issuer, organization, user.role)) return refuse('role');
  return { organization: organization.id, user_id: user.id, foreign: true };
}

/**
 * Verifies a token: one of this deployment by its keys, and a foreign one by the trusted issuers of its organization.
 */
async function verify(c: Context<AppEnv>, jwt: string): Promise<VerifiedToken | null> {
  const claimed = claimedIssuer(jwt);
  if (claimed === null) return null;
  return claimed === TOKEN_ISSUER ? verifyToken(c.env.SIGNING_KEYS, jwt) : verifyForeign(c, jwt, claimed);
}

async function readToken(c: Context<AppEnv>): Promise<VerifiedToken | null> {
  const authorization = parseAuthorization(c.req.header('authorization'));
  if (authorization === null) return null;
  const token = await verify(c, authorization.jwt);
  const { claimed } = authorization;
  if (token === null || claimed === null) return token;
  return claimed.organization === token.organization && claimed.user_id === token.user_id ? token : null;
}

const INVALID_CREDENTIALS = 'The Authorization header must carry a valid token of this organization.';

/**
 * Middleware that reads and verifies the token. Throws `credentials_invalid` (401) if the operation needs a token and
 * none is valid.
 */
export function credentials(kind: CredentialKind) {
  return createMiddleware<AppEnv>(async function credentials(c, next) {
    const token = kind === 'api-key' ? null : await readToken(c);
    if (token === null && kind === 'user') throw problem('credentials_invalid', INVALID_CREDENTIALS);
    c.set('token', token);
    c.get('stages').lap('credentials');
    await next();
  });
}

interface Identified {
  user: User;
  caller: Caller;
}

/** Returns a user as the caller, with the grants of a role of the organization. */
export function identified(
  c: Context<AppEnv>,
  organization: Organization,
  user: User,
  role = user.role,
): Identified {
  const { adopted } = user;
  const self = { user_id: user.id, org_id: organization.id, adopted };
  const grants = grantsFor(roleGrants(organization, role), self);
  const request_id = c.get('requestId');
  const caller = { request_id, ...homeOf(organization), user_id: user.id, grants, role };
  return { user, caller: adopted === undefined ? caller : { ...caller, adopted } };
}

/**
 * Returns a guest: a user of another organization, which `X-ORG-ID` names, if this organization gives a role to such
 * users. A guest is called `{org}_{user}` here, so that equal identifiers of two organizations are different users.
 * Returns 'uninvited' for a user without a role here, and null for one who does not exist.
 */
async function guest(
  c: Context<AppEnv>,
  organization: Organization,
  token: VerifiedToken,
): Promise<Identified | 'uninvited' | null> {
  const user = await c.get('registry').user(token.organization, token.user_id);
  if (user === null) return null;
  const invitation = organization.guests.find(
    ({ org_id, user_ids }) =>
      org_id === token.organization && (user_ids === null || user_ids.includes(user.id)),
  );
  if (invitation === undefined) return 'uninvited';
  // The other organization decides which users its issuers sign in. Here they get at most the grants of an ordinary
  // user.
  if (token.foreign === true && !isOrdinaryRole(organization, invitation.role)) return 'uninvited';
  // What a guest has adopted at home is of no meaning here.
  const { adopted: _, ...guest } = user;
  return identified(c, organization, { ...guest, id: `${token.organization}_${user.id}` }, invitation.role);
}

/** Returns the user of a token in this organization; null for a token of another organization. */
async function identify(
  c: Context<AppEnv>,
  organization: Organization,
  token: VerifiedToken,
): Promise<Identified | 'uninvited' | null> {
  if (token.organization !== issuingOrganization(c)) return null;
  const { visitor } = token;
  if (visitor !== undefined) {
    return token.organization === organization.id
      ? identifyVisitor(c, organization, { ...token, visitor })
      : null;
  }
  if (token.organization !== organization.id) return guest(c, organization, token);
  const user = await c.get('registry').user(organization.id, token.user_id);
  return user && identified(c, organization, user);
}

/**
 * Middleware that finds the organization in the path, and the user of the token in it. Throws `organization_not_found`
 * (404), `credentials_invalid` (401), or `permission_missing` (403) for a guest without a role.
 */
export function organization(kind: CredentialKind) {
  return createMiddleware<AppEnv>(async function organization(c, next) {
    demandSeenRevision(c);
    await establish(c, kind);
    c.set('identifyAnew', () => establish(c, kind));
    c.get('stages').lap('organization');
    await next();
  });
}

async function establish(c: Context<AppEnv>, kind: CredentialKind): Promise<void> {
  const found = await findOrganization(c);
  if (found === null) throw organizationNotFound(c.get('organizationId'));
  c.set('organization', found);
  const token = c.get('token');
  const who = token && (await identify(c, found, token));
  // If the operation needs no credentials, those that are invalid here count as none.
  const known = who === 'uninvited' ? null : who;
  if (known === null && kind === 'user') {
    if (who === null) throw problem('credentials_invalid', INVALID_CREDENTIALS);
    throw problem('permission_missing', 'This organization gives no role to users of your organization.');
  }
  c.set('user', known?.user ?? null);
  c.set('caller', known?.caller ?? null);
}

/**
 * Has a request that names a revision read no older documents. It needs a token, so that invented names ask no object.
 */
function demandSeenRevision(c: Context<AppEnv>): void {
  const id = c.get('organizationId');
  const sent = c.req.header(REVISION_HEADER) ?? '';
  if (id === null || c.get('token')?.organization !== id || !/^\d{1,15}$/.test(sent)) return;
  const seen = Number(sent);
  c.get('registry').demand(id, { user: seen, organization: seen, catalog: seen });
}
