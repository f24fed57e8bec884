/** Endpoints that exist in development alone: the list of the registered users, and a session as each of them. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import * as z from 'zod';
import { isDevelopment } from '../deployment/switches.ts';
import type { AppEnv } from '../edge/context.ts';
import type { Identities, RegisteredOrganization, SessionToken } from '../contract/workbench.ts';
import { readInput } from '../edge/input.ts';
import { issueToken } from '../edge/tokens.ts';
import { problem } from '../problems.ts';
import { OrganizationId } from '../registry/organization.ts';
import { Identifier } from '../registry/primitives.ts';
import { nothingHere } from './switch.ts';

/** A developer's machine has a few of each; a picker of more than this would be of no use. */
const MAX_ORGANIZATIONS = 50;
const MAX_USERS = 200;

/**
 * Hides what is for developers alone. A workbench that was switched on in production has no more power than the
 * administrator who signed in.
 */
export const developmentOnly = createMiddleware<AppEnv>(async function developmentOnly(c, next) {
  if (!isDevelopment(c.env)) throw nothingHere(c);
  await next();
});

/** The names of every document, in order. Listing is slow and stale: right for a developer's machine, and only there. */
async function registryKeys(registry: KVNamespace): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await registry.list({ prefix: 'org:', ...(cursor !== undefined && { cursor }) });
    keys.push(...page.keys.map(({ name }) => name));
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  return keys;
}

async function registeredOrganization(
  c: Context<AppEnv>,
  id: string,
  keys: readonly string[],
): Promise<RegisteredOrganization> {
  const registry = c.get('registry');
  const prefix = `org:${id}:user:`;
  const userIds = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const [organization, catalog, ...users] = await Promise.all([
    registry.organization(id),
    registry.catalog(id),
    ...userIds.slice(0, MAX_USERS).map((userId) => registry.user(id, userId)),
  ]);
  return {
    id,
    name: organization?.name ?? id,
    users: users.flatMap((user) =>
      user === null ? [] : [{ id: user.id, name: user.name, role: user.role }],
    ),
    services: catalog.services
      .filter(({ is_active }) => is_active)
      .map((service) => ({
        id: service.id,
        name: service.name,
        version_sets: [...new Set([...Object.keys(service.version_sets), 'edge'])],
      })),
  };
}

/** Everybody who is registered here, and what they can talk to. */
export async function getIdentities(c: Context<AppEnv>): Promise<Response> {
  const keys = await registryKeys(c.env.REGISTRY);
  const ids = keys.flatMap((key) => /^org:([^:]+)$/.exec(key)?.[1] ?? []).slice(0, MAX_ORGANIZATIONS);
  const organizations = await Promise.all(ids.map((id) => registeredOrganization(c, id, keys)));
  return c.json({ organizations } satisfies Identities);
}

/** The user that a developer's session is for. */
export const SessionBody = z.object({ organization: OrganizationId, user_id: Identifier });

/** A token of any user who is registered here. It stands in for a site's own login, like the demo's session. */
export async function openSession(c: Context<AppEnv>): Promise<Response> {
  const none = z.object({});
  const { body } = await readInput(c, { params: none, query: none, headers: none, body: SessionBody });
  const identity = body as z.infer<typeof SessionBody>;
  const user = await c.get('registry').user(identity.organization, identity.user_id);
  if (user === null) throw problem('user_not_found', 'There is no such user in this organization.');
  const { id_token, expires_at } = await issueToken(c.env.SIGNING_KEYS, identity, Date.now());
  const session: SessionToken = { ...identity, id_token, expires_at: new Date(expires_at).toISOString() };
  return c.json(session);
}
