/** Roles, API keys, services and settings over the API: who may do what, and what holds afterwards. */
import { beforeAll, describe, expect, it } from 'vitest';
import { durationMs } from '../../../src/api/api-keys/duration.ts';
import type { Client } from '../../support/client.ts';
import { ADMIN, AGENT, ALICE, API_KEY_ID, BOB, GRAPH, NOBODY, SERVICE } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';

const UNKNOWN = '0'.repeat(24);
const READ = { permission_name: 'Service:GetService', conditions: {} };

let tenant: Tenant;
let admin: Client;

beforeAll(async () => {
  tenant = await Tenant.publish();
  admin = tenant.administrator;
});

async function codeOf(response: Response): Promise<[number, string | null]> {
  const { code = null } = response.ok ? { code: null } : await response.json<{ code?: string }>();
  return [response.status, code];
}

function role(role_name: string, permission_grants: unknown[] = [READ]): Record<string, unknown> {
  return { role_name, description: 'Of a test.', permission_grants, frontend_view: 'client' };
}

function send(client: Client, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return client.request(
    path,
    body === undefined ? { method } : { method, headers, body: JSON.stringify(body) },
  );
}

describe('a role', () => {
  interface Roles {
    roles: { id: string; name: string; frontend_view: string; permission_grants: unknown[] }[];
  }

  it('is listed once it is created, is given to a user, and grants what it says', async () => {
    const { role_id } = await (await admin.post('/role/', role('Reader'))).json<{ role_id: string }>();
    const { roles } = await admin.get<Roles>(`/role/?id=${role_id}&return_permission_grants=true`);
    expect(roles).toEqual([
      {
        id: role_id,
        name: 'Reader',
        description: 'Of a test.',
        frontend_view: 'client',
        permission_grants: [READ],
      },
    ]);
    const nobody = tenant.client(NOBODY);
    expect((await nobody.get<{ services: unknown[] }>('/service/')).services).toEqual([]);
    const assigned = await admin.post('/role/Reader/assign', { user_id: NOBODY });
    expect(await assigned.json()).toEqual({ role_id });
    expect((await nobody.get<{ services: unknown[] }>('/service/')).services).not.toEqual([]);
    const { users } = await admin.get<{ users: { role: string }[] }>(`/user/?user_id=${NOBODY}`);
    expect(users[0]?.role).toBe(role_id);
  });

  it('is listed beside those of every organization, and to those alone who may see roles', async () => {
    const { roles } = await admin.get<Roles>('/role/?name=DefaultUserRole&name=DefaultKeyRole');
    expect(
      roles.map(({ name, frontend_view, permission_grants }) => [name, frontend_view, permission_grants]),
    ).toEqual([
      ['DefaultKeyRole', 'admin', []],
      ['DefaultUserRole', 'client', []],
    ]);
    expect((await tenant.client(ALICE).get<Roles>('/role/')).roles).toEqual([]);
  });

  it.each([
    ['the name of one that there is', role('Nothing'), [409, 'role_exists']],
    ['a reserved name', role('DefaultUserRole'), [409, 'role_exists']],
    ['a name of every object', role('__proto__'), [409, 'role_exists']],
    [
      'a permission that there is not',
      role('A', [{ permission_name: 'No:Such', conditions: {} }]),
      [422, 'request_invalid'],
    ],
    [
      'a condition on nothing',
      role('B', [{ ...READ, conditions: { colour: { type: 'Equals', value: 'x' } } }]),
      [422, 'request_invalid'],
    ],
    [
      'a service that there is not',
      role('C', [{ ...READ, conditions: { service_id: { type: 'In', values: [SERVICE, UNKNOWN] } } }]),
      [422, 'request_invalid'],
    ],
    [
      'a variable that there is not',
      role('D', [{ ...READ, conditions: { user_id: { type: 'Equals', value: '{me}' } } }]),
      [422, 'request_invalid'],
    ],
  ] as const)('is refused with %s', async (_what, body, expected) => {
    expect(await codeOf(await admin.post('/role/', body))).toEqual(expected);
  });

  it('cannot be made, changed or given by a user beyond what they may do themselves', async () => {
    const grants = ['Role:CreateRole', 'Role:ModifyRole', 'Service:GetService', 'User:UpdateUserInfo'].map(
      (permission_name) => ({ permission_name, conditions: {} }),
    );
    const more = [...grants, { permission_name: 'User:DeleteUser', conditions: {} }];
    await admin.post('/role/', role('Deputy', grants));
    await admin.post('/role/', role('Stronger', more));
    await admin.post('/role/Deputy/assign', { user_id: BOB });
    const deputy = tenant.client(BOB);
    const refused = [403, 'permission_missing'];
    expect(await codeOf(await deputy.post('/role/', role('Own', more)))).toEqual(refused);
    expect(await codeOf(await deputy.post('/role/Deputy', { permission_grants: more }))).toEqual(refused);
    expect(await codeOf(await deputy.post('/role/Stronger', { permission_grants: [] }))).toEqual(refused);
    expect(await codeOf(await deputy.post('/role/Stronger/assign', { user_id: ALICE }))).toEqual(refused);
    // Not over a user who may do more than they may.
    expect(await codeOf(await deputy.post('/role/Nothing/assign', { user_id: ADMIN }))).toEqual(refused);
    expect((await deputy.post('/role/', role('Weaker', [READ]))).status).toBe(201);
    expect((await deputy.post('/role/Weaker', { description: 'Better.' })).status).toBe(200);
  });

  it.each([
    ['modified that there is not', '/role/NoSuchRole', {}, [404, 'role_not_found']],
    [
      'modified that is the same everywhere',
      '/role/DefaultUserRole',
      { description: 'x' },
      [400, 'role_reserved'],
    ],
    ['given that there is not', '/role/NoSuchRole/assign', { user_id: ALICE }, [404, 'role_not_found']],
    [
      'given to a user who does not exist',
      '/role/Nothing/assign',
      { user_id: 'non-existent-id' },
      [404, 'user_not_found'],
    ],
    [
      'taken from the last administrator',
      '/role/DefaultUserRole/assign',
      { user_id: ADMIN },
      [400, 'last_administrator'],
    ],
  ] as const)('cannot be %s', async (_what, path, body, expected) => {
    expect(await codeOf(await admin.post(path, body))).toEqual(expected);
  });
});

describe('an API key', () => {
  interface Keys {
    api_keys: { key_id: string; name: string | null; creator: { user_id: string }; expires_at: string }[];
  }

  it('is shown once, listed without the key, and signs in who is below its role', async () => {
    const response = await admin.post('/organization/api_key/', { name: 'Site', duration: 'P30D' });
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const key = await response.json<{ api_key_id: string; api_key: string; expires_at: string }>();
    expect(Date.parse(key.expires_at) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    const listed = await admin.get<Keys>('/organization/api_key/');
    expect(
      listed.api_keys.map(({ key_id, name, creator }) => [key_id, name, creator.user_id]),
    ).toContainEqual([key.api_key_id, 'Site', ADMIN]);
    expect(listed.api_keys.map(({ key_id }) => key_id)).toContain(API_KEY_ID);
    expect(JSON.stringify(listed)).not.toContain(key.api_key);
    const signIn = (user: string) =>
      tenant
        .client(user)
        .post('/user/signin_with_api_key')
        .then(() =>
          tenant
            .client(user, {
              'x-api-key': key.api_key,
              'x-api-key-id': key.api_key_id,
              'x-user-id': user,
            })
            .post('/user/signin_with_api_key'),
        );
    expect([(await signIn(ALICE)).status, (await signIn(ADMIN)).status]).toEqual([200, 401]);
  });

  it.each(['P0D', 'P91D', 'PT23H59M', 'P1M', 'P1Y', 'P', 'PT', '1 day', '-P1D', 'P1DT'])(
    'cannot last %s',
    async (duration) => {
      const response = await admin.post('/organization/api_key/', { name: null, duration });
      expect(await codeOf(response)).toEqual([422, 'request_invalid']);
    },
  );

  it('may last as long as durations of ISO 8601 say', () => {
    const days = (text: string) => (durationMs(text) ?? Number.NaN) / 86_400_000;
    expect(['P1D', 'P2W', 'PT36H', 'P1DT12H', 'PT86400S', 'PT1440M'].map(days)).toEqual([
      1, 14, 1.5, 1.5, 1, 1,
    ]);
  });

  it('is not one of more than twenty, and a repeated request shows none again', async () => {
    const own = await Tenant.publish();
    const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ name: 'k', duration: 'P1D' }) };
    expect((await own.administrator.request('/organization/api_key/', init)).status).toBe(201);
    const again = await own.administrator.request('/organization/api_key/', init);
    expect(await codeOf(again)).toEqual([409, 'api_key_shown']);
    const create = () => own.administrator.post('/organization/api_key/', { name: 'k', duration: 'P1D' });
    for (let count = 2; count < 20; count += 1) expect((await create()).status).toBe(201);
    expect(await codeOf(await create())).toEqual([400, 'quota_reached']);
    const path = `/organization/api_key/${API_KEY_ID}/`;
    expect((await own.administrator.request(path, { method: 'DELETE' })).status).toBe(200);
    expect((await create()).status).toBe(201);
  });

  it('is 404 where its role or the key itself does not exist, and is not listed for users', async () => {
    const body = { name: null, duration: 'P1D' };
    const missing = await admin.post('/organization/api_key/', { ...body, role_name: 'NoSuchRole' });
    expect(await codeOf(missing)).toEqual([404, 'role_not_found']);
    expect(
      (await admin.post('/organization/api_key/', { ...body, role_name: 'DefaultKeyRole' })).status,
    ).toBe(201);
    const deleted = await admin.request('/organization/api_key/nothing/', { method: 'DELETE' });
    expect(await codeOf(deleted)).toEqual([404, 'api_key_not_found']);
    expect((await tenant.client(ALICE).get<Keys>('/organization/api_key/')).api_keys).toEqual([]);
  });
});

describe('a service', () => {
  const LATEST = {
    agent_version_number: null,
    service_hierarchical_state_machine_version_number: null,
    llm_model_preferences: {},
  };
  let count = 0;
  const body = (changes: Record<string, unknown> = {}) => {
    count += 1;
    return {
      name: `Shop ${count}`,
      description: 'For tests.',
      is_active: true,
      agent_id: AGENT,
      service_hierarchical_state_machine_id: GRAPH,
      keyterms: ['Cox'],
      tags: { kind: 'fruit' },
      ...changes,
    };
  };
  const create = async (changes: Record<string, unknown> = {}) => {
    const response = await admin.post('/service/', body(changes));
    expect(response.status).toBe(201);
    return (await response.json<{ id: string }>()).id;
  };
  interface Service {
    name: string;
    version_sets: Record<string, unknown>;
    tags: unknown;
    creator: { user_id: string };
    is_active: boolean;
  }
  const found = async (id: string) =>
    (await admin.get<{ services: Service[] }>(`/service/?id=${id}`)).services[0];

  it('can be talked to once it is created, and has its two version sets', async () => {
    const id = await create({ release_version_set: { ...LATEST, agent_version_number: 1 } });
    expect(await found(id)).toMatchObject({
      version_sets: { edge: LATEST, release: { ...LATEST, agent_version_number: 1 } },
      tags: [{ key: 'kind', value: 'fruit' }],
      creator: { user_id: ADMIN },
    });
    const user = await tenant.user();
    await user.begin({ service_id: id });
  });

  it.each([
    ['an agent that there is not', { agent_id: UNKNOWN }, [404, 'agent_not_found']],
    [
      'a graph that there is not',
      { service_hierarchical_state_machine_id: UNKNOWN },
      [404, 'graph_not_found'],
    ],
    [
      'a version that there is not',
      { release_version_set: { ...LATEST, agent_version_number: 9 } },
      [400, 'version_set_invalid'],
    ],
    [
      'a model that there is not',
      { release_version_set: { ...LATEST, llm_model_preferences: { EngageUser: { llm_name: 'none' } } } },
      [400, 'version_set_invalid'],
    ],
    [
      'an interaction that there is not',
      { release_version_set: { ...LATEST, llm_model_preferences: { Nothing: { llm_name: 'none' } } } },
      [400, 'version_set_invalid'],
    ],
    ['the name of an active one', { name: 'Stall' }, [409, 'service_exists']],
    ['no name', { name: ' ' }, [422, 'request_invalid']],
  ] as const)('is refused with %s', async (_what, changes, expected) => {
    expect(await codeOf(await admin.post('/service/', body(changes)))).toEqual(expected);
  });

  it('changes what a request names, and is switched off and on', async () => {
    const id = await create({ name: 'One', is_active: false });
    const update = (changes: unknown) => send(admin, 'POST', `/service/${id}/`, changes);
    const response = await update({ name: 'Two', tags: null });
    expect([response.status, await response.json()]).toEqual([200, null]);
    expect(await found(id)).toMatchObject({ name: 'Two', is_active: false, tags: [{ key: 'kind' }] });
    expect(await codeOf(await update({ name: 'Stall', is_active: true }))).toEqual([409, 'service_exists']);
    expect((await update({ is_active: true })).status).toBe(200);
    expect(await codeOf(await update({ agent_id: UNKNOWN }))).toEqual([404, 'agent_not_found']);
    expect(await codeOf(await send(admin, 'POST', `/service/${UNKNOWN}/`, {}))).toEqual([
      404,
      'service_not_found',
    ]);
  });

  it('gets version sets, replaces and loses them, but for those that every service has', async () => {
    const id = await create();
    const set = (name: string, version_set: unknown) =>
      send(admin, 'PUT', `/service/${id}/version_sets/${name}/`, { version_set });
    expect((await set('canary', { ...LATEST, agent_version_number: 1 })).status).toBe(204);
    expect((await found(id))?.version_sets.canary).toMatchObject({ agent_version_number: 1 });
    expect((await set('canary', LATEST)).status).toBe(204);
    expect(await codeOf(await set('edge', LATEST))).toEqual([400, 'version_set_reserved']);
    expect(await codeOf(await set('bad name', LATEST))).toEqual([422, 'request_invalid']);
    expect(await codeOf(await set('x'.repeat(41), LATEST))).toEqual([422, 'request_invalid']);
    const remove = (name: string) => send(admin, 'DELETE', `/service/${id}/version_sets/${name}/`);
    expect((await remove('canary')).status).toBe(204);
    expect(await codeOf(await remove('canary'))).toEqual([404, 'version_set_not_found']);
    for (const name of ['edge', 'release']) {
      expect(await codeOf(await remove(name))).toEqual([400, 'version_set_reserved']);
    }
    for (let index = 0; index < 18; index += 1) expect((await set(`v${index}`, LATEST)).status).toBe(204);
    expect(await codeOf(await set('one-more', LATEST))).toEqual([400, 'quota_reached']);
  });

  it('keeps its version sets from who may create but not replace them', async () => {
    const grants = ['Service:CreateVersionSet', 'Service:GetService'].map((permission_name) => ({
      permission_name,
      conditions: {},
    }));
    await admin.post('/role/', role('Setter', grants));
    const user = await tenant.user();
    await admin.post('/role/Setter/assign', { user_id: user.userId });
    const id = await create();
    const set = (name: string) =>
      send(user, 'PUT', `/service/${id}/version_sets/${name}/`, { version_set: LATEST });
    expect((await set('mine')).status).toBe(204);
    expect(await codeOf(await set('mine'))).toEqual([403, 'permission_missing']);
    expect(await codeOf(await set('release'))).toEqual([403, 'permission_missing']);
  });
});

describe('the settings of an organization', () => {
  it('change what a request names, and are shown to those who may see them', async () => {
    const user_dimensions = [{ description: 'What they like.', tags: ['taste'] }];
    const picture = 'x'.repeat(1_000);
    const changed = await admin.post('/organization/', { user_dimensions, logo: picture, favicon: null });
    expect(changed.status).toBe(204);
    expect(await admin.get('/organization/user_dimensions/')).toEqual({ user_dimensions });
    await admin.post('/organization/', { default_user_preferences: { preferred_language: 'fra' } });
    const { default_user_preferences } = await admin.get<{ default_user_preferences: unknown }>(
      '/organization/',
    );
    expect(default_user_preferences).toMatchObject({ preferred_language: 'fra', audio_keyterms: [] });
    expect(await admin.get('/organization/user_dimensions/')).toEqual({ user_dimensions });
    expect(await codeOf(await tenant.client(ALICE).request('/organization/user_dimensions/'))).toEqual([
      403,
      'permission_missing',
    ]);
  });
});

describe('the audit', () => {
  interface Changes {
    changes: { revision: number; user_id: string; operation: string; kind: string; id: string; at: string }[];
    has_more: boolean;
    continuation_token: number | null;
  }

  it('tells who changed what by which operation, the newest change first, page by page', async () => {
    const own = await Tenant.publish();
    const [first, second] = [own.administrator, own.client(ALICE)];
    await first.post('/role/', role('Audited'));
    await second.post(`/user/${ALICE}`, { first_name: 'Alina' });
    const answered = await first.post(`/user/${BOB}`, { first_name: 'Boris' });
    const revision = Number(answered.headers.get('x-registry-revision'));
    const page = await first.get<Changes>('/organization/changes/?limit=2');
    const shown = ({ operation, user_id, kind, id }: Changes['changes'][number]) => [
      operation,
      user_id,
      kind,
      id,
    ];
    expect(page.changes.map(shown)).toEqual([
      ['update-user-info', ADMIN, 'user', BOB],
      ['update-user-info', ALICE, 'user', ALICE],
    ]);
    expect(page.changes[0]?.revision).toBe(revision);
    const next = `/organization/changes/?limit=2&continuation_token=${page.continuation_token}`;
    const rest = await first.get<Changes>(next);
    expect(rest.changes.map(shown)).toEqual([
      ['create-role', ADMIN, 'role', 'Audited'],
      ['adopt', 'operator', 'organization', own.id],
    ]);
    expect([page.has_more, rest.has_more, rest.continuation_token]).toEqual([true, false, null]);
    const filtered = await first.get<Changes>(`/organization/changes/?user_id=${ALICE}&kind=user`);
    expect(filtered.changes).toHaveLength(1);
    expect(await codeOf(await second.request('/organization/changes/'))).toEqual([403, 'permission_missing']);
  });
});
