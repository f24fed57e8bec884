/** Organizations with a jurisdiction: their users stand in no store that is everywhere. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import app from '../../src/index.ts';
import { forgetRegistry } from '../../src/registry/documents.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { testEnv } from '../support/client.ts';
import { ADMIN, testOrganization } from '../support/organization.ts';

const CONTEXT = { waitUntil: () => undefined } as unknown as ExecutionContext;
const OPERATOR = { authorization: `Bearer ${testEnv.OPERATOR_TOKEN ?? ''}` };
const { RATE_LIMITS: _off, ...limited } = testEnv;

let organization: string;
/** The names of conversations and directories, with the jurisdiction that they were asked for in. */
let asked: Set<string>;
let env: Env;

/** A namespace that has jurisdictions, as the platform has and the local one has not. */
function located<Namespace extends object>(namespace: Namespace, jurisdiction = 'none'): Namespace {
  return new Proxy(namespace, {
    get(target, property) {
      if (property === 'jurisdiction') return (wanted: string) => located(target, wanted);
      const value = Reflect.get(target, property) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (property === 'getByName') asked.add(jurisdiction);
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}

async function send(path: string, init: RequestInit = {}, user: string | null = ADMIN): Promise<Response> {
  const identity = { organization, user_id: user ?? '' };
  const headers =
    user === null
      ? OPERATOR
      : { authorization: `Bearer ${(await issueToken(env.SIGNING_KEYS, identity, Date.now())).id_token}` };
  const request = new Request(`http://localhost/v1/${organization}${path}`, { ...init, headers });
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, CONTEXT);
}

function fileIn(jurisdiction: 'eu' | 'us' | null) {
  const file = testOrganization('0'.repeat(64));
  const own = { org_id: organization, user_id: ADMIN };
  return JSON.stringify({
    ...file,
    organization: { ...file.organization, id: organization, jurisdiction },
    services: file.services.map((service) => ({ ...service, creator: own, updated_by: own })),
  });
}

function publish(jurisdiction: 'eu' | 'us' | null): Promise<Response> {
  return send('/organization/import', { method: 'POST', body: fileIn(jurisdiction) }, null);
}

async function createUser(): Promise<string> {
  const body = JSON.stringify({
    first_name: 'Una',
    last_name: 'User',
    email: `${crypto.randomUUID()}@example.com`,
    role_name: 'DefaultUserRole',
  });
  const response = await send('/user/', { method: 'POST', body });
  expect(response.status).toBe(201);
  return (await response.json<{ user_id: string }>()).user_id;
}

beforeAll(async () => {
  organization = `located-${newIdentifier(Date.now())}`;
  asked = new Set();
  env = {
    ...limited,
    JURISDICTIONS: 'on',
    CONVERSATION: located(testEnv.CONVERSATION),
    DIRECTORY: located(testEnv.DIRECTORY),
    MEMORY: located(testEnv.MEMORY),
    LIMITER: located(testEnv.LIMITER),
    REGISTRY_OBJECT: located(testEnv.REGISTRY_OBJECT),
  };
  expect((await publish('eu')).status).toBe(200);
});

describe('an organization with a jurisdiction', () => {
  it('has every object of its requests in the jurisdiction', async () => {
    asked.clear();
    const user = await createUser();
    expect((await send('/conversation/', {}, user)).status).toBe(200);
    expect((await send(`/user/${user}/memory`, {}, user)).status).toBe(200);
    expect([...asked]).toEqual(['eu']);
  });

  it('has no user and no counter of a user in KV', async () => {
    const user = await createUser();
    for (let sent = 0; sent < 9; sent += 1) await send('/conversation/', {}, user);
    const { keys: documents } = await testEnv.REGISTRY.list({ prefix: registryKey.below(organization) });
    expect(documents.map(({ name }) => name).filter((name) => name.includes(':user:'))).toEqual([]);
    const { keys: counters } = await testEnv.COUNTERS.list({ prefix: `counter:${organization}/` });
    expect(counters).toEqual([]);
  });

  it('signs in users that no cache has', async () => {
    const user = await createUser();
    forgetRegistry();
    expect((await send('/conversation/', {}, user)).status).toBe(200);
    expect((await send('/conversation/', {}, newIdentifier(Date.now()))).status).toBe(401);
  });

  it('refuses the token of a user who was deleted', async () => {
    const user = await createUser();
    expect((await send('/conversation/', {}, user)).status).toBe(200);
    expect((await send(`/user/${user}`, { method: 'DELETE' })).status).toBe(204);
    expect((await send('/conversation/', {}, user)).status).toBe(401);
  });

  it('keeps its jurisdiction for life', async () => {
    for (const other of ['us', null] as const) {
      const response = await publish(other);
      const { changes, revision } = await response.json<{
        changes: { kind: string; details: string[] }[];
        revision: number | null;
      }>();
      expect(revision).toBeNull();
      const refused = changes.filter(({ kind }) => kind === 'refuse');
      expect(JSON.stringify(refused)).toContain('jurisdiction cannot change');
    }
  });

  it('is not made a second time in another jurisdiction', async () => {
    const body = JSON.stringify({ org_name: 'Again', jurisdiction: 'us' });
    const response = await send('/organization/', { method: 'PUT', body }, null);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'organization_exists' });
  });
});
