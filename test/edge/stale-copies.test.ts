/** Each request sees the changes before it, through a KV that answers as it did a minute ago. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import app from '../../src/index.ts';
import { registryKey } from '../../src/registry/keys.ts';
import type { Command } from '../../src/registry/object/commands.ts';
import { Registry } from '../../src/registry/object/registry.ts';
import { actorIn } from '../registry/object/model.ts';
import { testEnv } from '../support/client.ts';
import { failing } from '../support/faults.ts';
import { ADMIN, AGENT, ALICE, BOB, GRAPH, SERVICE } from '../support/organization.ts';
import { StaleRegistry } from '../support/stale-registry.ts';
import { Tenant } from '../support/tenant.ts';

const CONTEXT = {
  waitUntil: () => undefined,
  passThroughOnException: () => undefined,
} as unknown as ExecutionContext;

let tenant: Tenant;
let kv: StaleRegistry;
let env: Env;

beforeEach(async () => {
  tenant = await Tenant.publish({
    roles: [
      {
        name: 'Reader',
        description: 'x',
        permission_grants: [{ permission_name: 'Organization:GetOrganizationDetails', conditions: {} }],
      },
    ],
  });
  kv = new StaleRegistry(testEnv.REGISTRY);
  // With the limits on: each limited request asks the user's limiter.
  const { RATE_LIMITS: _off, ...limited } = testEnv;
  env = { ...limited, REGISTRY: kv.namespace };
});

async function send(user: string, path: string, init: RequestInit = {}): Promise<Response> {
  const identity = { organization: tenant.id, user_id: user };
  const headers = new Headers(init.headers);
  if (!headers.has('x-api-key')) {
    headers.set(
      'authorization',
      `Bearer ${(await issueToken(testEnv.SIGNING_KEYS, identity, Date.now())).id_token}`,
    );
  }
  const request = new Request(`http://localhost/v1/${tenant.id}${path}`, { ...init, headers });
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, CONTEXT);
}

/** Makes a change as another isolate does: this one does not know of it. */
async function elsewhere(command: Command): Promise<void> {
  const registry = testEnv.REGISTRY_OBJECT.getByName(tenant.id);
  const outcome = await registry.change(actorIn(tenant.id), command, { operation: 'test' });
  expect(outcome.ok).toBe(true);
}

function json(body: unknown, method = 'POST'): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

async function status(user: string, path: string, init?: RequestInit): Promise<number> {
  return (await send(user, path, init)).status;
}

async function createUser(role_name = 'DefaultUserRole'): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  const response = await send(ADMIN, '/user/', json({ first_name: 'N', last_name: 'N', email, role_name }));
  return (await response.json<{ user_id: string }>()).user_id;
}

interface Key {
  api_key_id: string;
  api_key: string;
}

async function createKey(role_name?: string): Promise<Key> {
  const response = await send(
    ADMIN,
    '/organization/api_key/',
    json({ name: 'k', duration: 'P1D', role_name }),
  );
  expect(response.status).toBe(201);
  return response.json<Key>();
}

function signIn(user: string, { api_key, api_key_id }: Key): Promise<number> {
  const headers = { 'x-api-key': api_key, 'x-api-key-id': api_key_id, 'x-user-id': user };
  return status(user, '/user/signin_with_api_key', { method: 'POST', headers });
}

describe('what was made a moment ago', () => {
  it('signs in, although KV has answered that it is not there', async () => {
    const key = await createKey();
    // KV remembers this miss.
    expect(await signIn(ALICE, { ...key, api_key_id: `${key.api_key_id}x` })).toBe(401);
    const user = await createUser();
    expect(await signIn(user, key)).toBe(200);
    expect(await status(user, '/service/')).toBe(200);
  });

  it('is listed to the user who made it: a service', async () => {
    await send(ADMIN, '/service/');
    const body = { name: 'New', description: 'x', is_active: true, agent_id: AGENT, keyterms: [], tags: {} };
    const id = newIdentifier(Date.now());
    const service = { ...body, service_hierarchical_state_machine_id: GRAPH, release: null };
    await elsewhere({ type: 'create-service', id, ...service });
    const { services } = await (
      await send(ADMIN, `/service/?id=${id}`)
    ).json<{ services: { name: string }[] }>();
    expect(services).toMatchObject([{ name: 'New' }]);
  });

  it('is seen by another user who sends its revision back', async () => {
    const names = async (headers: HeadersInit) => {
      const response = await send(ALICE, `/service/?id=${SERVICE}`, { headers });
      return (await response.json<{ services: { name: string }[] }>()).services.map(({ name }) => name);
    };
    expect(await names({})).toEqual(['Stall']);
    await elsewhere({ type: 'update-service', id: SERVICE, name: 'Shop' });
    expect(await names({})).toEqual(['Stall']);
    const made = await send(ADMIN, `/user/${BOB}`, json({}));
    const revision = made.headers.get('x-registry-revision') ?? '';
    expect(await names({ 'x-registry-revision': revision })).toEqual(['Shop']);
    expect(await names({ 'x-registry-revision': 'nonsense' })).toEqual(['Shop']);
  });
});

describe('what was taken away a moment ago', () => {
  it('is refused: the token of a deleted user', async () => {
    expect(await status(ALICE, '/service/')).toBe(200);
    await elsewhere({ type: 'delete-user', id: ALICE });
    for (const path of ['/service/', '/conversation/', '/service/'])
      expect(await status(ALICE, path)).toBe(401);
    expect(await status(BOB, '/service/')).toBe(200);
  });

  it('is refused: a deleted API key, and a key whose user was deleted', async () => {
    const [first, second] = [await createKey(), await createKey()];
    expect([await signIn(ALICE, first), await signIn(ALICE, second)]).toEqual([200, 200]);
    await elsewhere({ type: 'delete-key', id: first.api_key_id });
    expect([await signIn(ALICE, first), await signIn(ALICE, second)]).toEqual([401, 200]);
    await elsewhere({ type: 'delete-user', id: ALICE });
    expect(await signIn(ALICE, second)).toBe(401);
  });

  const tenantId = async (user: string) =>
    (await (await send(user, '/organization/')).json<{ tenant_id: string | null }>()).tenant_id;

  it('is not granted: by a role that was changed', async () => {
    const user = await createUser();
    expect(await status(user, '/organization/user_dimensions/')).toBe(403);
    await elsewhere({ type: 'assign-role', id: user, role: 'Reader' });
    expect([await status(user, '/organization/user_dimensions/'), await tenantId(user)]).toEqual([
      200,
      'tenant-1',
    ]);
    await elsewhere({ type: 'assign-role', id: user, role: 'DefaultUserRole' });
    expect([await status(user, '/organization/user_dimensions/'), await tenantId(user)]).toEqual([403, null]);
  });

  it('is not granted: by a grant that a role has no more', async () => {
    const user = await createUser('Reader');
    expect(await status(user, '/organization/user_dimensions/')).toBe(200);
    await elsewhere({ type: 'modify-role', name: 'Reader', permission_grants: [] });
    expect(await status(user, '/organization/user_dimensions/')).toBe(403);
  });
});

describe('the usual request', () => {
  it('asks the object of the organization nothing', async () => {
    const read = vi.spyOn(Registry.prototype, 'read');
    await createUser();
    read.mockClear();
    for (let index = 0; index < 3; index += 1) expect(await status(BOB, '/service/')).toBe(200);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });

  it('asks nothing any more for a user whose role was changed, once KV has the change', async () => {
    const user = await createUser();
    await send(ADMIN, '/role/Reader/assign', json({ user_id: user }));
    await vi.waitFor(async () => {
      const stored = await testEnv.REGISTRY.get<{ role: string }>(registryKey.user(tenant.id, user), 'json');
      expect(stored?.role).toBe('Reader');
    }, 5_000);
    kv = new StaleRegistry(testEnv.REGISTRY);
    env = { ...env, REGISTRY: kv.namespace };
    const now = Date.now() + 60_000;
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    const read = vi.spyOn(Registry.prototype, 'read');
    expect(await status(user, '/organization/user_dimensions/')).toBe(200);
    expect(read).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('while the object does not answer', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockReturnValue();
  });

  it('copies are served, changes are 503, and nothing is made of what is not known', async () => {
    expect(await status(ALICE, '/service/')).toBe(200);
    const faults = (['read', 'change', 'users'] as const).map((method) =>
      failing(Registry.prototype, method),
    );
    expect(await status(ALICE, '/service/', { headers: { 'x-registry-revision': '999' } })).toBe(200);
    expect(await status(ADMIN, `/user/${ALICE}`, json({}))).toBe(503);
    expect(await status(ADMIN, '/user/')).toBe(503);
    expect(await status('9'.repeat(24), '/service/')).toBe(503);
    for (const fault of faults) fault.end();
    expect(await status('9'.repeat(24), '/service/')).toBe(401);
  });

  it('a key that KV knows signs in', async () => {
    const key = await createKey();
    await vi.waitFor(async () => {
      expect(await testEnv.REGISTRY.get(registryKey.apiKey(tenant.id, key.api_key_id))).not.toBeNull();
    }, 5_000);
    const fault = failing(Registry.prototype, 'read');
    expect(await signIn(ALICE, key)).toBe(200);
    fault.end();
  });
});

it('made-up organizations and keys make no object', async () => {
  const read = vi.spyOn(Registry.prototype, 'read');
  const headers = { 'x-api-key': 'k', 'x-api-key-id': 'k', 'x-user-id': ALICE };
  const request = new Request('http://localhost/v1/no-such-org/user/signin_with_api_key', {
    method: 'POST',
    headers,
  });
  const response = await app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, CONTEXT);
  expect(response.status).toBe(404);
  expect(read).not.toHaveBeenCalled();
  for (let index = 0; index < 300; index += 1) {
    await signIn(ALICE, { api_key: 'wrong', api_key_id: index.toString(16).padStart(24, '0') });
  }
  expect(read.mock.calls.length).toBeLessThanOrEqual(200);
  read.mockRestore();
});
