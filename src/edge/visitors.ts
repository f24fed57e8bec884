/** Identifies visitors: people without a sign-in, each bound to one service and to the page that they came from. */
import type { Context } from 'hono';
import { grantsFor, narrowed, type Caller, type PermissionGrant } from '../access/permissions.ts';
import { homeOf } from '../home.ts';
import type { Organization, User } from '../registry/organization.ts';
import { roleGrants } from '../registry/reader.ts';
import type { Service, Visitors } from '../registry/services.ts';
import type { AppEnv } from './context.ts';
import { isOrdinaryRole } from './issuers.ts';
import type { VerifiedToken, VisitorBounds } from './tokens.ts';

/** Returns an active service with what it allows visitors; null if there is none, or it takes no visitors. */
export async function visitedService(
  c: Context<AppEnv>,
  organization: string,
  serviceId: string,
): Promise<{ service: Service; visitors: Visitors } | null> {
  const { services } = await c.get('registry').catalog(organization);
  const service = services.find(({ id, is_active }) => is_active && id === serviceId);
  return service?.visitors === undefined ? null : { service, visitors: service.visitors };
}

/**
 * Tells whether a token was issued after the service's last revocation. Tokens have whole seconds, so one that was
 * issued in the second of the revocation counts as issued after it.
 */
export function isAfterRevocation({ valid_after }: Visitors, issuedAt: number): boolean {
  return valid_after === null || issuedAt + 999 >= Date.parse(valid_after);
}

/**
 * Tells whether a request comes from where its token was issued to. Browsers state the page's origin truthfully, other
 * clients may state any: this binds browsers.
 */
function comesFrom(c: Context<AppEnv>, { origin }: VisitorBounds): boolean {
  const stated = c.req.header('origin');
  return stated === undefined || stated === origin;
}

/** Permissions on objects of a service, and those on objects of a user. */
const OF_SERVICES = /^(?:Conversation|Service):/;
const OF_USERS = /^(?:Conversation|User):/;

/** Returns grants that reach no other service and no other user, whatever role they come from. */
function ownGrants(grants: readonly PermissionGrant[], userId: string, serviceId: string): PermissionGrant[] {
  return grants.flatMap((grant) => {
    const ofUser = OF_USERS.test(grant.permission_name) ? narrowed([grant], 'user_id', userId) : [grant];
    return OF_SERVICES.test(grant.permission_name) ? narrowed(ofUser, 'service_id', serviceId) : ofUser;
  });
}

/**
 * Returns the visitor of a token as the caller. Nothing is stored about visitors until they speak, so the token is all
 * there is. Null for a token of another page, of a service that takes no visitors, or of before a revocation.
 */
export async function identifyVisitor(
  c: Context<AppEnv>,
  organization: Organization,
  { user_id, visitor }: VerifiedToken & { visitor: VisitorBounds },
): Promise<{ user: User; caller: Caller } | null> {
  const visited = await visitedService(c, organization.id, visitor.service_id);
  if (visited === null || !comesFrom(c, visitor)) return null;
  if (!isAfterRevocation(visited.visitors, visitor.issued_at)) return null;
  const { role } = visited.visitors;
  // A role may have changed since it was given to visitors.
  if (!isOrdinaryRole(organization, role)) return null;
  const self = { user_id, org_id: organization.id };
  const granted = grantsFor(roleGrants(organization, role), self);
  const grants = ownGrants(granted, user_id, visitor.service_id);
  const user: User = { id: user_id, name: 'Visitor', role };
  const request_id = c.get('requestId');
  return { user, caller: { request_id, ...homeOf(organization), user_id, grants, role } };
}
