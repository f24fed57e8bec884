/** The permissions of the workbench, and the deployments that have none. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Identities, MemoriesAnswer } from '../../src/contract/workbench.ts';
import { PERMISSIONS, type PermissionGrant } from '../../src/access/permissions.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';
import { memoryOf } from '../../src/objects.ts';
import { hashApiKey, publishOrganization } from '../../src/registry/publish.ts';
import { newUser, publishTestOrganization, testEnv, type Client } from '../support/client.ts';
import {
  ADMIN,
  ALICE,
  BOB,
  NOBODY,
  ORGANIZATION,
  OTHER_SERVICE,
  SERVICE,
  testOrganization,
} from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';
import { begin, DEVELOPMENT, PRODUCTION, refusal, send, SWITCHED_ON, tokenOf } from './support.ts';

/** An organization that keeps its users' things from its administrators. */
const DISCREET = 'discreet-org';

async function publishDiscreetOrganization(): Promise<void> {
  const file = testOrganization(await hashApiKey('another-key'));
  const preferences = { ...file.organization.default_user_preferences };
  preferences.conversations_visible_to_admins = false;
  preferences.user_model_visible_to_admins = false;
  const organization = { ...file.organization, id: DISCREET, default_user_preferences: preferences };
  await publishOrganization(testEnv.REGISTRY, { ...file, organization });
}

let conversation = '';
let owner = '';

beforeAll(async () => {
  await publishTestOrganization();
  await publishDiscreetOrganization();
  const user = await newUser();
  owner = user.userId;
  ({ id: conversation } = await user.begin());
});

/** A request of an endpoint that nothing is wrong with but, perhaps, who sends it. */
function pathOf(path: string, organization = ORGANIZATION): string {
  return path
    .replace('/workbench/api', '')
    .replace(':organization', organization)
    .replace(':service_id', SERVICE)
    .replace(':conversation_id', conversation)
    .replace(':user_id', owner);
}

describe.each(ENDPOINTS.map(({ id, path }) => ({ id, path })))('$id', ({ id, path }) => {
  it('does not exist where the workbench is off', async () => {
    const answer = send(pathOf(path), { env: PRODUCTION, token: await tokenOf(ADMIN) });
    expect(await refusal(answer)).toEqual([404, 'path_not_found']);
  });

  it.each([
    ['development', DEVELOPMENT],
    ['production', SWITCHED_ON],
  ])('in %s wants a token', async (_where, env) => {
    expect(await refusal(send(pathOf(path), { env }))).toEqual([401, 'credentials_invalid']);
  });

  it('refuses a token of another organization', async () => {
    const token = await tokenOf(ADMIN, DISCREET);
    expect(await refusal(send(pathOf(path), { token }))).toEqual([401, 'credentials_invalid']);
  });

  it('refuses a user without permissions', async () => {
    const [status, code] = await refusal(send(pathOf(path), { token: await tokenOf(NOBODY) }));
    expect([status, code]).toEqual(
      id === 'workbench-memories'
        ? [403, 'permission_missing']
        : [404, id === 'workbench-graphs' ? 'service_not_found' : 'conversation_not_found'],
    );
  });

  it.each([
    ['development', DEVELOPMENT],
    ['production', SWITCHED_ON],
  ])('in %s answers an administrator, and is not kept', async (_where, env) => {
    const response = await send(pathOf(path), { env, token: await tokenOf(ADMIN) });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it('in development answers the user that it is about', async () => {
    expect((await send(pathOf(path), { token: await tokenOf(owner) })).status).toBe(200);
  });

  it('in production refuses the user that it is about: they are no administrator', async () => {
    const answer = send(pathOf(path), { env: SWITCHED_ON, token: await tokenOf(owner) });
    expect(await refusal(answer)).toEqual([403, 'permission_missing']);
  });

  it('is not there while its organization is under maintenance', async () => {
    const env = { ...SWITCHED_ON, MAINTENANCE: 'true' };
    const answer = send(pathOf(path), { env, token: await tokenOf(ADMIN) });
    expect(await refusal(answer)).toEqual([503, 'maintenance']);
  });

  it('takes no other method', async () => {
    const answer = send(pathOf(path), { method: 'POST', token: await tokenOf(ADMIN) });
    expect(await refusal(answer)).toEqual([404, 'path_not_found']);
  });

  it('counts requests', async () => {
    const user = await newUser('DefaultAdministratorRole');
    const response = await send(pathOf(path), { env: SWITCHED_ON, token: await tokenOf(user.userId) });
    expect(response.headers.get('x-ratelimit-limit')).toBe('60');
    expect(response.headers.get('x-ratelimit-remaining')).toBe('59');
  });
});

describe('what belongs to another user', () => {
  it('is hidden from users', async () => {
    const token = await tokenOf(BOB);
    expect(await refusal(send(`/${ORGANIZATION}/conversations/${conversation}/turns`, { token }))).toEqual([
      404,
      'conversation_not_found',
    ]);
    expect(await refusal(send(`/${ORGANIZATION}/users/${ALICE}/memories`, { token }))).toEqual([
      403,
      'permission_missing',
    ]);
  });

  it('is hidden from administrators where the organization says so, but not their own', async () => {
    const [mine, theirs] = await Promise.all([begin(DISCREET, ADMIN), begin(DISCREET, ALICE)]);
    const token = await tokenOf(ADMIN, DISCREET);
    const turns = (id: string) => send(`/${DISCREET}/conversations/${id}/turns`, { token });
    const memories = (user: string) => send(`/${DISCREET}/users/${user}/memories`, { token });
    expect(await refusal(turns(theirs))).toEqual([404, 'conversation_not_found']);
    expect((await turns(mine)).status).toBe(200);
    expect(await refusal(memories(ALICE))).toEqual([403, 'permission_missing']);
    expect((await memories(ADMIN)).status).toBe(200);
  });

  it('an administrator cannot tell a user without memories from one that does not exist', async () => {
    const token = await tokenOf(ADMIN);
    const unknown = newIdentifier(Date.now());
    await memoryOf(testEnv, { organization: ORGANIZATION }, ALICE).model();
    const answers = await Promise.all(
      [unknown, ALICE].map(async (id) =>
        (await send(`/${ORGANIZATION}/users/${id}/memories`, { token })).json(),
      ),
    );
    expect(answers[0]).toEqual(answers[1]);
  });
});

describe('in production, what a role of the organization shows', () => {
  const everything = PERMISSIONS.map((permission_name): PermissionGrant => ({
    permission_name,
    conditions: {},
  }));
  /** All permissions, with conditions on one of them. */
  const withInsights = (conditions: PermissionGrant['conditions']) =>
    everything.map((grant) =>
      grant.permission_name === 'Conversation:GetInteractionInsights' ? { ...grant, conditions } : grant,
    );
  const roles: Record<string, PermissionGrant[]> = {
    Builder: everything,
    OwnInsights: withInsights({ user_id: { type: 'Equals', value: '{self_user_id}' } }),
    TeamInsights: withInsights({ user_id: { type: 'In', values: [ALICE, BOB] } }),
    ServiceInsights: withInsights({ service_id: { type: 'Equals', value: SERVICE } }),
    OtherServiceInsights: withInsights({ service_id: { type: 'Equals', value: OTHER_SERVICE } }),
    NoInsights: everything.filter(
      ({ permission_name }) => permission_name !== 'Conversation:GetInteractionInsights',
    ),
  };
  let tenant: Tenant;
  let subject: Client;
  let theirs = '';

  beforeAll(async () => {
    tenant = await Tenant.publish({
      roles: Object.entries(roles).map(([name, permission_grants]) => ({
        name,
        description: name,
        permission_grants,
      })),
    });
    subject = await tenant.user();
    ({ id: theirs } = await subject.begin());
  });

  it.each([
    ['Builder', { graphs: 200, turns: 200, memories: 200 }],
    ['OwnInsights', { graphs: 403, turns: 403, memories: 403 }],
    ['TeamInsights', { graphs: 403, turns: 403, memories: 403 }],
    ['ServiceInsights', { graphs: 200, turns: 200, memories: 403 }],
    ['OtherServiceInsights', { graphs: 403, turns: 403, memories: 403 }],
    ['NoInsights', { graphs: 403, turns: 403, memories: 403 }],
    ['DefaultAdministratorRole', { graphs: 200, turns: 200, memories: 200 }],
    ['DefaultUserRole', { graphs: 403, turns: 404, memories: 403 }],
    ['DefaultVisitorRole', { graphs: 403, turns: 404, memories: 403 }],
  ])('to %s is %j', async (role, expected) => {
    const user = await tenant.user({ role });
    const token = await tokenOf(user.userId, tenant.id);
    const status = async (path: string) => {
      const response = await send(`/${tenant.id}${path}`, { env: SWITCHED_ON, token });
      await response.text();
      return response.status;
    };
    expect({
      graphs: await status(`/services/${SERVICE}/graphs`),
      turns: await status(`/conversations/${theirs}/turns`),
      memories: await status(`/users/${subject.userId}/memories`),
    }).toEqual(expected);
  });
});

describe('what is remembered about a user', () => {
  it.each([
    { byDefault: true, model: null, conversations: null, status: 200, memories: 1 },
    { byDefault: true, model: true, conversations: null, status: 200, memories: 1 },
    { byDefault: true, model: false, conversations: null, status: 403, memories: null },
    // A memory quotes conversations.
    { byDefault: true, model: true, conversations: false, status: 200, memories: 0 },
    { byDefault: false, model: null, conversations: null, status: 403, memories: null },
    { byDefault: false, model: true, conversations: true, status: 200, memories: 1 },
    { byDefault: false, model: false, conversations: true, status: 403, memories: null },
  ])(
    'is shown to administrators as the user decides: $byDefault, $model, $conversations',
    async ({ byDefault, model, conversations, status, memories }) => {
      const tenant = await Tenant.withDefault(byDefault);
      const user = await tenant.user({
        preferences: { user_model_visible_to_admins: model, conversations_visible_to_admins: conversations },
      });
      const memory = memoryOf(testEnv, { organization: tenant.id }, user.userId);
      await memory.learn('c1', [{ text: 'Likes pears.', message_ids: ['m1'] }]);
      await memory.setModel('c1', 'Likes fruit.');
      const asked = async (who: string) =>
        send(`/${tenant.id}/users/${user.userId}/memories`, { token: await tokenOf(who, tenant.id) });
      const answer = await asked(ADMIN);
      expect(answer.status).toBe(status);
      if (status === 200) {
        const shown = await answer.json<MemoriesAnswer>();
        expect([shown.user_model, shown.memories.length]).toEqual(['Likes fruit.', memories]);
      }
      const own = await (await asked(user.userId)).json<MemoriesAnswer>();
      expect([own.user_model, own.memories.length]).toEqual(['Likes fruit.', 1]);
    },
  );
});

describe('what is for developers', () => {
  const session = (env = DEVELOPMENT, body: unknown = { organization: ORGANIZATION, user_id: ALICE }) =>
    send('/session', { method: 'POST', env, body: JSON.stringify(body) });

  it('is refused in production, switched on or not, to administrators too', async () => {
    const token = await tokenOf(ADMIN);
    for (const env of [PRODUCTION, SWITCHED_ON]) {
      expect(await refusal(session(env))).toEqual([404, 'path_not_found']);
      expect(await refusal(send('/identities', { env }))).toEqual([404, 'path_not_found']);
      expect(await refusal(send('/identities', { env, token }))).toEqual([404, 'path_not_found']);
    }
  });

  it.each(['false', '', 'TRUE', '1'])('takes DEVELOPMENT="%s" for production', async (DEVELOPMENT) => {
    expect(await refusal(session({ ...SWITCHED_ON, DEVELOPMENT }))).toEqual([404, 'path_not_found']);
  });

  it('gives a token of this user alone', async () => {
    const response = await session();
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { id_token } = await response.json<{ id_token: string }>();
    expect((await send(`/${ORGANIZATION}/users/${ALICE}/memories`, { token: id_token })).status).toBe(200);
    expect((await send(`/${ORGANIZATION}/users/${BOB}/memories`, { token: id_token })).status).toBe(403);
  });

  it('gives no token of a user who is not registered', async () => {
    const unknown = { organization: ORGANIZATION, user_id: newIdentifier(Date.now()) };
    expect(await refusal(session(DEVELOPMENT, unknown))).toEqual([404, 'user_not_found']);
    expect(await refusal(session(DEVELOPMENT, { organization: 'nowhere', user_id: ALICE }))).toEqual([
      404,
      'user_not_found',
    ]);
    expect(await refusal(session(DEVELOPMENT, { user_id: ALICE }))).toEqual([422, 'request_invalid']);
    const document = { organization: `${ORGANIZATION}:user:${ALICE}`, user_id: ALICE };
    expect(await refusal(session(DEVELOPMENT, document))).toEqual([422, 'request_invalid']);
  });

  it('tells every caller whether this is development, and nothing where it is off', async () => {
    expect(await (await send('/settings')).json()).toEqual({ development: true });
    expect(await (await send('/settings', { env: SWITCHED_ON })).json()).toEqual({ development: false });
    expect(await refusal(send('/settings', { env: PRODUCTION }))).toEqual([404, 'path_not_found']);
    expect(await refusal(send('/settings', { env: { ...PRODUCTION, WORKBENCH: 'true' } }))).toEqual([
      404,
      'path_not_found',
    ]);
  });

  it('lists the registered users, and the services that they can talk to', async () => {
    await testEnv.REGISTRY.delete(registryKey.user(ORGANIZATION, 'x'));
    const { organizations } = await (await send('/identities')).json<Identities>();
    const found = organizations.find(({ id }) => id === ORGANIZATION);
    expect(found?.users).toContainEqual({ id: ADMIN, name: 'Ada Admin', role: 'DefaultAdministratorRole' });
    expect(found?.services).toEqual([
      { id: SERVICE, name: 'Stall', version_sets: ['release', 'edge'] },
      expect.objectContaining({ name: 'Counter' }),
    ]);
  });
});

describe('a path of the workbench that does not exist', () => {
  it('is not found, on or off', async () => {
    for (const env of [DEVELOPMENT, PRODUCTION, SWITCHED_ON]) {
      expect(await refusal(send('/nothing', { env }))).toEqual([404, 'path_not_found']);
    }
  });
});
