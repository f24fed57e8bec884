/** The operator of a deployment: organizations are created and their files published, with the operator's token alone. */
import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../../src/bindings.ts';
import { newIdentifier } from '../../../src/identifiers.ts';
import app from '../../../src/index.ts';
import { registryKey } from '../../../src/registry/keys.ts';
import { Client, testEnv } from '../../support/client.ts';
import { ADMIN, ALICE, BOB, testOrganization } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';

const TOKEN = testEnv.OPERATOR_TOKEN ?? '';
const { OPERATOR_TOKEN: _none, ...withoutToken } = testEnv;
const CONTEXT = { waitUntil: () => undefined } as unknown as ExecutionContext;
const worker = (exports as unknown as { default: Fetcher }).default;

interface Imported {
  changes: { kind: string; what: string }[];
  notes: string[];
  revision: number | null;
}

async function send(
  method: string,
  organization: string,
  path: string,
  body: unknown,
  { token = TOKEN, deployment = testEnv }: { token?: string; deployment?: Env } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = new Request(`http://localhost/v1/${organization}${path}`, { method, headers, body: text });
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, deployment, CONTEXT);
}

const newName = () => `operated-${newIdentifier(Date.now())}`;

function create(organization: string, body: unknown = { org_name: 'New' }): Promise<Response> {
  return send('PUT', organization, '/organization/', body);
}

function publish(organization: string, file: unknown, query = ''): Promise<Response> {
  return send('POST', organization, `/organization/import${query}`, file);
}

/** The file of the tests' organization, as one of another name. */
function fileOf(organization: string, changes: Partial<ReturnType<typeof testOrganization>> = {}) {
  const file = { ...testOrganization('0'.repeat(64)), ...changes };
  const own = { org_id: organization, user_id: ADMIN };
  return {
    ...file,
    organization: { ...file.organization, id: organization },
    services: file.services.map((service) => ({ ...service, creator: own, updated_by: own })),
  };
}

async function codeOf(response: Response): Promise<[number, string | null]> {
  const { code = null } = response.ok ? { code: null } : await response.json<{ code?: string }>();
  return [response.status, code];
}

describe('the token of the operator', () => {
  it.each([
    ['another token', { token: `${TOKEN}x` }],
    ['no token', { token: '' }],
    ['a deployment without one', { deployment: withoutToken, token: 'undefined' }],
    [
      'a deployment whose token is short',
      { deployment: { ...testEnv, OPERATOR_TOKEN: 'short' }, token: 'short' },
    ],
  ])('is demanded: %s is refused', async (_what, options) => {
    const [name, body] = [newName(), { org_name: 'New' }];
    const refused = [401, 'credentials_invalid'];
    expect(await codeOf(await send('PUT', name, '/organization/', body, options))).toEqual(refused);
    expect(await codeOf(await send('POST', name, '/organization/import', '{}', options))).toEqual(refused);
    expect(await testEnv.REGISTRY.get(registryKey.organization(name))).toBeNull();
  });

  it('is not that of a user, nor is that of the operator one of a user', async () => {
    const tenant = await Tenant.publish();
    const path = '/organization/import';
    const authorization = await tenant.administrator.authorization();
    const token = authorization.replace('Bearer ', '');
    expect((await send('POST', tenant.id, path, '{}', { token })).status).toBe(401);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await worker.fetch(`http://localhost/v1/${tenant.id}/user/`, { headers })).status).toBe(401);
  });
});

describe('an organization', () => {
  it('is there once it is created, and is not created twice', async () => {
    const name = newName();
    const response = await create(name, { org_name: 'New shop', logo: 'aGk=', azure_devops_team_name: 'x' });
    expect([response.status, await response.json()]).toEqual([201, { org_id: name }]);
    const found = await worker.fetch(`http://localhost/v1/${name}/organization/`);
    expect(await found.json()).toMatchObject({ org_id: name, org_name: 'New shop' });
    expect(await codeOf(await create(name))).toEqual([409, 'organization_exists']);
  });

  it('is not created again where a file has published it', async () => {
    const tenant = await Tenant.publish();
    expect(await codeOf(await create(tenant.id))).toEqual([409, 'organization_exists']);
  });

  it('is refused with a name that is none, or with a wrong body', async () => {
    expect(await codeOf(await create('No_Name'))).toEqual([404, 'organization_not_found']);
    expect(await codeOf(await create(newName(), { org_name: ' ' }))).toEqual([422, 'request_invalid']);
  });
});

describe('a file', () => {
  it('publishes a whole organization, whose users hold conversations at once', async () => {
    const name = newName();
    const dry = await (await publish(name, fileOf(name), '?dry_run=true')).json<Imported>();
    expect([dry.revision, dry.changes.every(({ kind }) => kind === 'add')]).toEqual([null, true]);
    expect(await testEnv.REGISTRY.get(registryKey.organization(name))).toBeNull();
    const { revision } = await (await publish(name, fileOf(name))).json<Imported>();
    expect(revision).toBeGreaterThan(0);
    await new Client(ALICE, name).begin();
  });

  it('removes the users that it lacks, keeps the addresses of the others, and says what it changes', async () => {
    const name = newName();
    const { users } = testOrganization('0'.repeat(64));
    const [, alice] = users;
    await publish(
      name,
      fileOf(name, {
        users: [...users.slice(0, 1), { ...alice!, email: 'alice@example.com' }, ...users.slice(2)],
      }),
    );
    const admin = new Client(ADMIN, name);
    await admin.post('/user/', {
      first_name: 'N',
      last_name: 'N',
      email: 'n@x.org',
      role_name: 'DefaultUserRole',
    });
    const found = await admin.get<{ users: { user_id: string; email: string }[] }>(
      '/user/?email=alice@example.com',
    );
    expect(found.users.map(({ user_id }) => user_id)).toEqual([ALICE]);
    const { changes } = await (
      await publish(name, fileOf(name, { users: users.filter(({ id }) => id !== BOB) }))
    ).json<Imported>();
    expect(changes.filter(({ kind }) => kind === 'remove').map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Bob Berry'),
        expect.stringContaining('N N'),
      ]) as string[],
    );
    const left = await admin.get<{ users: { user_id: string }[] }>('/user/');
    expect(left.users.map(({ user_id }) => user_id)).not.toContain(BOB);
    expect((await new Client(BOB, name).request('/service/')).status).toBe(401);
  });

  it('gives changed versions the next number where that is asked for, and is refused where it is not', async () => {
    const name = newName();
    await publish(name, fileOf(name));
    const { agents } = testOrganization('0'.repeat(64));
    const changed = fileOf(name, {
      agents: agents.map((agent) => ({ ...agent, background: 'Sells fruit well.' })),
    });
    const refused = await (await publish(name, changed)).json<Imported>();
    expect([refused.revision, refused.changes.some(({ kind }) => kind === 'refuse')]).toEqual([null, true]);
    const bumped = await (await publish(name, changed, '?bump=true')).json<Imported>();
    expect([bumped.revision !== null, bumped.notes.length]).toEqual([true, 2]);
    expect(await testEnv.REGISTRY.get(registryKey.agent(name, agents[0]!.id, 1), 'json')).toMatchObject({
      background: 'Sells fruit.',
    });
  });

  it.each([
    ['of another organization', () => fileOf('test-org')],
    ['with a role that there is not', () => fileOf('x', { users: [{ id: ADMIN, name: 'A', role: 'Boss' }] })],
    ['that is no JSON', () => '{"organization":'],
    ['that is empty', () => '{}'],
  ])('is refused with what is wrong: one %s', async (_what, file) => {
    const name = newName();
    const input = file();
    const own =
      typeof input === 'string' || input.organization.id === 'test-org'
        ? input
        : { ...input, organization: { ...input.organization, id: name } };
    expect(await codeOf(await publish(name, own))).toEqual([422, 'request_invalid']);
    expect(await testEnv.REGISTRY.get(registryKey.organization(name))).toBeNull();
  });
});
