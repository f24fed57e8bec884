import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { hashApiKey } from '../../src/registry/publish.ts';
import app from '../../src/index.ts';
import { Client, publishTestOrganization, testEnv } from '../support/client.ts';
import {
  ADMIN,
  ALICE,
  API_KEY,
  API_KEY_ID,
  NOBODY,
  ORGANIZATION,
  OTHER_SERVICE,
  SERVICE,
} from '../support/organization.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
const EXPIRED_KEY_ID = 'eeeeeeeeeeeeeeeeeeeeeee9';

beforeAll(async () => {
  await publishTestOrganization();
  const expired = {
    id: EXPIRED_KEY_ID,
    hash: await hashApiKey('expired'),
    role: 'DefaultAdministratorRole',
    expires_at: '2026-01-01T00:00:00Z',
    development_only: false,
  };
  await testEnv.REGISTRY.put(registryKey.apiKey(ORGANIZATION, EXPIRED_KEY_ID), JSON.stringify(expired));
});

function request(headers: Record<string, string>, organization = ORGANIZATION): Request {
  return new Request(`http://localhost/v1/${organization}/user/signin_with_api_key`, {
    method: 'POST',
    headers,
  });
}

/** A request as the runtime hands it to a Worker: the same one, by another type. */
function incoming(outgoing: Request): Request<unknown, IncomingRequestCfProperties> {
  return outgoing as Request<unknown, IncomingRequestCfProperties>;
}

const GOOD = { 'x-api-key': API_KEY, 'x-api-key-id': API_KEY_ID, 'x-user-id': ALICE };

describe('signing in with an API key', () => {
  it('gives a token that works, for an hour', async () => {
    const response = await worker.fetch(request(GOOD));
    const { id_token, expires_at } = await response.json<{ id_token: string; expires_at: string }>();
    expect(Math.abs(Date.parse(expires_at) - Date.now() - 3_600_000)).toBeLessThan(10_000);
    const authorization = `Bearer ${id_token}`;
    expect((await new Client(ALICE).request('/service/', { headers: { authorization } })).status).toBe(200);
  });

  it.each([
    [{ ...GOOD, 'x-api-key': 'wrong' }, 401],
    [{ ...GOOD, 'x-api-key-id': ALICE }, 401],
    [{ ...GOOD, 'x-user-id': '0'.repeat(24) }, 401],
    [{ ...GOOD, 'x-api-key': 'expired', 'x-api-key-id': EXPIRED_KEY_ID }, 401],
    [{ 'x-api-key': API_KEY, 'x-user-id': ALICE }, 422],
  ])('refuses %j', async (headers, status) => {
    expect((await worker.fetch(request(headers as Record<string, string>))).status).toBe(status);
  });

  it.each([
    ['DefaultKeyRole', [200, 200, 200]],
    ['DefaultAdministratorRole', [401, 200, 200]],
    ['DefaultUserRole', [401, 401, 200]],
    ['Nothing', [401, 401, 401]],
  ])('by a key of %s is only for users with less power than that', async (role, expected) => {
    const id = newIdentifier(Date.now());
    const key = { id, hash: await hashApiKey('a-key'), role, expires_at: null, development_only: false };
    await testEnv.REGISTRY.put(registryKey.apiKey(ORGANIZATION, id), JSON.stringify(key));
    const statuses: number[] = [];
    for (const user of [ADMIN, ALICE, NOBODY]) {
      const headers = { 'x-api-key': 'a-key', 'x-api-key-id': id, 'x-user-id': user };
      statuses.push((await worker.fetch(request(headers))).status);
    }
    expect(statuses).toEqual(expected);
  });

  it('does not know an organization that is not there', async () => {
    expect((await worker.fetch(request(GOOD, 'no-such-org'))).status).toBe(404);
  });

  it('refuses demo keys where DEVELOPMENT is not set', async () => {
    const { DEVELOPMENT: _unset, ...production } = testEnv;
    const response = await app.fetch(incoming(request(GOOD)), production, {} as ExecutionContext);
    expect(response.status).toBe(401);
    const demo = new Request('http://localhost/demo/session', { method: 'POST' });
    expect(
      (await app.fetch(incoming(demo), { ...production, DEMO: '{}' }, {} as ExecutionContext)).status,
    ).toBe(404);
  });
});

describe('the organization', () => {
  const path = `http://localhost/v1/${ORGANIZATION}/organization/`;

  it('shows its name to every caller, its settings to those who may see them', async () => {
    const anonymous = await (await worker.fetch(path)).json();
    const hidden = {
      org_id: ORGANIZATION,
      org_name: 'Test organization',
      default_user_preferences: null,
      tenant_id: null,
    };
    expect(anonymous).toEqual(hidden);
    expect(await (await worker.fetch(path, { headers: { authorization: 'Bearer garbage' } })).json()).toEqual(
      hidden,
    );
    expect(await new Client(ALICE).get('/organization/')).toEqual(hidden);
    expect(await new Client(ADMIN).get('/organization/')).toMatchObject({
      tenant_id: 'tenant-1',
      default_user_preferences: { conversations_visible_to_admins: true, audio_keyterms: ['Una', 'Cox'] },
    });
  });

  it('is not found when it is not there', async () => {
    expect((await worker.fetch('http://localhost/v1/no-such-org/organization/')).status).toBe(404);
  });
});

describe('the services', () => {
  interface Services {
    services: { id: string; name: string; tags: unknown; version_sets: Record<string, unknown> }[];
    has_more: boolean;
    continuation_token: number | null;
    filter_values: { tags: string[] } | null;
  }
  const names = async (query: string, user = ALICE) =>
    (await new Client(user).get<Services>(`/service/${query}`)).services.map(({ name }) => name);

  it('show their versions and tags, and what can be filtered by', async () => {
    const { services, filter_values } = await new Client(ALICE).get<Services>(`/service/?id=${SERVICE}`);
    expect(services).toHaveLength(1);
    expect(services[0]).toMatchObject({
      id: SERVICE,
      tags: [{ key: 'kind', value: 'fruit' }],
      version_sets: {
        release: { agent_version_number: 1 },
        edge: { agent_version_number: null, service_hierarchical_state_machine_version_number: null },
      },
    });
    expect(filter_values).toEqual({ tags: ['kind:', 'kind:fruit'] });
  });

  it.each([
    ['?is_active=true', ['Stall', 'Counter']],
    ['?is_active=false', ['Closed']],
    ['?sort_by=%2Bname', ['Closed', 'Counter', 'Stall']],
    ['?sort_by=-is_active&sort_by=-name', ['Stall', 'Counter', 'Closed']],
    ['?tags=kind:fruit', ['Stall']],
    ['?tags=kind:', ['Counter', 'Closed']],
    ['?tags=kind:*&tags=kind:fruit', ['Stall']],
    [`?id=${OTHER_SERVICE}&id=${SERVICE}&is_active=1`, ['Stall', 'Counter']],
  ])('filtered and sorted by %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('come in pages, with filter values on the first', async () => {
    const first = await new Client(ALICE).get<Services>('/service/?limit=2');
    expect([first.services.length, first.has_more, first.continuation_token]).toEqual([2, true, 2]);
    const second = await new Client(ALICE).get<Services>('/service/?limit=2&continuation_token=2');
    expect([second.services.length, second.has_more, second.continuation_token]).toEqual([1, false, null]);
    expect(second.filter_values).toBeNull();
  });

  it('are hidden from callers who may not see them', async () => {
    expect(await names('', NOBODY)).toEqual([]);
  });
});
