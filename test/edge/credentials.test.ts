/** Checks access to every operation of the route table with every kind of bad credential and missing grant. */
import { exports } from 'cloudflare:workers';
import { importJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '../../src/access/permissions.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import { issueToken, TOKEN_AUDIENCE, TOKEN_ISSUER } from '../../src/edge/tokens.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { ALICE, BOB, ORGANIZATION, testOrganization } from '../support/organization.ts';
import { NO_TARGET, validRequest, type Target } from './requests.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
const FOREIGN = 'foreign-org';
const GUEST_HOST = 'guest-host-org';
const { keys } = JSON.parse(testEnv.SIGNING_KEYS ?? '') as { keys: (JsonWebKey & { kid: string })[] };
const [signingKey] = keys;

async function sign(
  header: Record<string, string> = {},
  claims: Record<string, unknown> = {},
  key: Parameters<SignJWT['sign']>[0] | null = null,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    sub: ALICE,
    org: ORGANIZATION,
    iat: now,
    exp: now + 3600,
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: 'test-key', typ: 'JWT', ...header })
    .sign(key ?? (await importJWK(signingKey as never, 'ES256')));
}

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');
}

/** The same bytes by another text: a bit of the last character that no byte needs. */
function respelled(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1];
}

const now = Math.floor(Date.now() / 1000);
const BAD_TOKENS: Record<string, () => Promise<string>> = {
  garbage: () => Promise.resolve('garbage'),
  'three dots': () => Promise.resolve('a.b.c'),
  'alg none': async () => {
    const [, payload] = (await sign()).split('.');
    return `${base64url({ alg: 'none', kid: 'test-key', typ: 'JWT' })}.${payload}.`;
  },
  'HS256 with the public key': () => {
    const { x, y } = signingKey!;
    return sign(
      { alg: 'HS256' },
      {},
      new TextEncoder().encode(JSON.stringify({ kty: 'EC', crv: 'P-256', x, y })),
    );
  },
  tampered: async () => {
    const [header, , signature] = (await sign()).split('.');
    const [, other] = (await sign({}, { sub: BOB })).split('.');
    return `${header}.${other}.${signature}`;
  },
  'a signature in another encoding': async () => respelled(await sign()),
  'a padded signature': async () => `${await sign()}==`,
  expired: () => sign({}, { iat: now - 7200, exp: now - 3600 }),
  'not yet valid': () => sign({}, { nbf: now + 3600 }),
  'issued in the future': () => sign({}, { iat: now + 3600, exp: now + 7200 }),
  'living for too long': () => sign({}, { iat: now - 7200, exp: now + 7200 }),
  'without expiry': () => sign({}, { exp: undefined }),
  'wrong audience': () => sign({}, { aud: 'somebody-else' }),
  'wrong issuer': () => sign({}, { iss: 'somebody-else' }),
  'unknown kid': () => sign({ kid: 'no-such-key' }),
  'unknown user': () => sign({}, { sub: '0'.repeat(24) }),
  "another organization's": () => sign({}, { org: FOREIGN }),
};

const OWN_KEY: Record<string, string> = {};

beforeAll(async () => {
  await publishTestOrganization();
  const { organization } = testOrganization('0'.repeat(64));
  for (const [id, guests] of [
    [FOREIGN, []],
    [GUEST_HOST, [{ org_id: FOREIGN, user_ids: [ALICE], role: 'DefaultAdministratorRole' }]],
  ] as const) {
    await testEnv.REGISTRY.put(registryKey.organization(id), JSON.stringify({ ...organization, id, guests }));
    for (const user of [ALICE, BOB]) {
      const stored = { id: user, name: 'Foreign user', role: 'DefaultAdministratorRole' };
      await testEnv.REGISTRY.put(registryKey.user(id, user), JSON.stringify(stored));
    }
  }
});

async function answer(request: Request): Promise<[number, string | null]> {
  const response = await worker.fetch(request);
  const problem = response.headers.get('content-type') === 'application/problem+json';
  const text = await response.text();
  return [response.status, problem ? (JSON.parse(text) as { code: string }).code : null];
}

describe.each(OPERATIONS.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
  // Every caller may read an organization's name, and signing in needs no token. No service here takes visitors.
  const isForVisitors = operation.id.includes('visitor');
  const expected: Record<typeof operation.credentials, [number, string | null]> = {
    user: [401, 'credentials_invalid'],
    optional: isForVisitors ? [404, 'visitors_not_allowed'] : [200, null],
    'api-key': [422, 'request_invalid'],
  };

  it('refuses a request without a credential', async () => {
    expect(await answer(validRequest(operation, ORGANIZATION, NO_TARGET, OWN_KEY))).toEqual(
      expected[operation.credentials],
    );
  });

  it.each(Object.keys(BAD_TOKENS))('with a token: %s', async (name) => {
    const headers = { authorization: `Bearer ${await BAD_TOKENS[name]!()}` };
    expect(await answer(validRequest(operation, ORGANIZATION, NO_TARGET, headers))).toEqual(
      expected[operation.credentials],
    );
  });

  it('refuses a token of an organization that does not exist', async () => {
    const headers = { authorization: `Bearer ${await sign()}` };
    expect(await answer(validRequest(operation, 'no-such-org', NO_TARGET, headers))).toEqual([
      404,
      'organization_not_found',
    ]);
  });

  it('refuses a token of another organization that names its issuer but is not invited', async () => {
    const headers = { authorization: `Bearer ${await sign({}, { org: FOREIGN })}`, 'x-org-id': FOREIGN };
    const outcome = await answer(validRequest(operation, ORGANIZATION, NO_TARGET, headers));
    const refused: [number, string] = [403, 'permission_missing'];
    expect(outcome).toEqual(operation.credentials === 'user' ? refused : expected[operation.credentials]);
  });
});

describe.each(
  OPERATIONS.filter(({ credentials }) => credentials === 'optional').map(
    (operation) => [operation.id, operation] as const,
  ),
)('%s, which needs no credentials', (_id, operation) => {
  async function bodyFor(headers: Record<string, string>): Promise<[number, unknown]> {
    const response = await worker.fetch(validRequest(operation, ORGANIZATION, NO_TARGET, headers));
    // A problem has the identifier of its request.
    const { request_id: _id, ...body } = await response.json<{ request_id?: string }>();
    return [response.status, body];
  }

  /** Credentials that are of no use in this organization, of every kind. */
  const useless: Record<string, () => Promise<Record<string, string>>> = {
    ...Object.fromEntries(
      Object.entries(BAD_TOKENS).map(([name, token]) => [
        name,
        async () => ({ authorization: `Bearer ${await token()}` }),
      ]),
    ),
    'a token of an organization that is not invited': async () => ({
      authorization: `Bearer ${await sign({}, { org: FOREIGN })}`,
      'x-org-id': FOREIGN,
    }),
    'a token of a user who is gone from their organization': async () => ({
      authorization: `Bearer ${await sign({}, { org: FOREIGN, sub: '0'.repeat(24) })}`,
      'x-org-id': FOREIGN,
    }),
    'a token of an organization that does not exist': async () => ({
      authorization: `Bearer ${await sign({}, { org: 'no-such-org' })}`,
      'x-org-id': 'no-such-org',
    }),
    'a token that names no organization': async () => ({
      authorization: `Bearer ${await sign()}`,
      'x-org-id': `${ORGANIZATION}:user:${ALICE}`,
    }),
    'Basic credentials of another user': async () => ({
      authorization: `Basic ${btoa(`${ORGANIZATION}_${BOB}:${await sign()}`)}`,
    }),
    'Basic credentials that are none': () => Promise.resolve({ authorization: 'Basic ???' }),
    'another scheme': () => Promise.resolve({ authorization: 'Digest abc' }),
  };

  it.each(Object.keys(useless))('answers %s like a request without credentials', async (name) => {
    expect(await bodyFor(await useless[name]!())).toEqual(await bodyFor({}));
  });
});

describe('things of others', () => {
  let target: Target;
  beforeAll(async () => {
    const owner = await newUser();
    const { id, interactionId } = await owner.begin();
    const { messages } = await owner.get<{ messages: { id: string }[] }>(`/conversation/${id}/messages/`);
    target = { conversation: id, interaction: interactionId, message: messages[0]!.id };
  });

  /** A user whose role grants everything in the organization but some permissions. */
  async function userWithout(missing: readonly Permission[]): Promise<string> {
    const role = `Without-${missing.join('-')}`;
    const stored = await testEnv.REGISTRY.get<{ roles: unknown[] }>(
      registryKey.organization(ORGANIZATION),
      'json',
    );
    const permission_grants = PERMISSIONS.filter((permission) => !missing.includes(permission)).map(
      (permission_name) => ({ permission_name, conditions: {} }),
    );
    const organization = `${ORGANIZATION}-${newIdentifier(Date.now())}`;
    await testEnv.REGISTRY.put(
      registryKey.organization(organization),
      JSON.stringify({
        ...stored,
        id: organization,
        roles: [{ name: role, description: 'x', permission_grants }],
      }),
    );
    await testEnv.REGISTRY.put(
      registryKey.user(organization, ALICE),
      JSON.stringify({ id: ALICE, name: 'Alice', role }),
    );
    const catalog = await testEnv.REGISTRY.get(registryKey.catalog(ORGANIZATION));
    await testEnv.REGISTRY.put(registryKey.catalog(organization), catalog ?? '');
    return organization;
  }

  const ofConversation = OPERATIONS.filter(({ path }) => path.includes('{conversation_id}'));

  it.each(ofConversation.map((operation) => [operation.id, operation] as const))(
    "%s does not find another user's conversation",
    async (_id, operation) => {
      const other = await newUser();
      const { id_token } = await issueToken(
        testEnv.SIGNING_KEYS,
        { organization: ORGANIZATION, user_id: other.userId },
        Date.now(),
      );
      const headers = { authorization: `Bearer ${id_token}` };
      expect(await answer(validRequest(operation, ORGANIZATION, target, headers))).toEqual([
        404,
        'conversation_not_found',
      ]);
    },
  );

  const required = OPERATIONS.flatMap((operation) =>
    operation.access.requires.map(({ permission }) => [operation.id, permission, operation] as const),
  );

  it.each(required)('%s requires %s', async (_id, permission, operation) => {
    const organization = await userWithout([permission]);
    const user = { organization, user_id: ALICE };
    const { id_token } = await issueToken(testEnv.SIGNING_KEYS, user, Date.now());
    const headers = { authorization: `Bearer ${id_token}` };
    const own = await ownConversation(organization, operation.id, permission);
    expect(await answer(validRequest(operation, organization, own, headers))).toEqual([
      403,
      'permission_missing',
    ]);
  });

  /** A conversation in an organization, made by a user who lacks nothing. */
  async function ownConversation(organization: string, id: string, permission: string): Promise<Target> {
    if (!ofConversation.some((operation) => operation.id === id)) return NO_TARGET;
    expect(permission).not.toBe('Conversation:GetConversation');
    const maker = { id: BOB, name: 'Bob', role: 'DefaultUserRole' };
    await testEnv.REGISTRY.put(registryKey.user(organization, BOB), JSON.stringify(maker));
    await copyVersions(organization);
    const token = await issueToken(testEnv.SIGNING_KEYS, { organization, user_id: BOB }, Date.now());
    const headers = { authorization: `Bearer ${token.id_token}` };
    const create = OPERATIONS.find((operation) => operation.id === 'create-conversation')!;
    const lines = (await (await worker.fetch(validRequest(create, organization, NO_TARGET, headers))).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    const complete = lines.at(-1)!;
    return {
      conversation: lines[0]!.conversation_id!,
      interaction: complete.interaction_id!,
      message: complete.message_id!,
    };
  }

  async function copyVersions(organization: string): Promise<void> {
    const { agents, graphs } = testOrganization('0'.repeat(64));
    for (const agent of agents) {
      await testEnv.REGISTRY.put(registryKey.agent(organization, agent.id, 1), JSON.stringify(agent));
    }
    for (const graph of graphs) {
      await testEnv.REGISTRY.put(registryKey.graph(organization, graph.id, 1), JSON.stringify(graph));
    }
  }
});

describe('guests', () => {
  const headersOf = async (user: string, organization = FOREIGN) => ({
    authorization: `Bearer ${await sign({}, { org: organization, sub: user })}`,
    'x-org-id': FOREIGN,
  });
  const list = OPERATIONS.find(({ id }) => id === 'get-conversations')!;

  it('get the role of their invitation', async () => {
    expect(await answer(validRequest(list, GUEST_HOST, NO_TARGET, await headersOf(ALICE)))).toEqual([
      200,
      null,
    ]);
  });

  it('get no role without an invitation', async () => {
    expect(await answer(validRequest(list, GUEST_HOST, NO_TARGET, await headersOf(BOB)))).toEqual([
      403,
      'permission_missing',
    ]);
  });

  it('must name the organization that issued their token', async () => {
    const headers = await headersOf(ALICE, ORGANIZATION);
    expect(await answer(validRequest(list, GUEST_HOST, NO_TARGET, headers))).toEqual([
      401,
      'credentials_invalid',
    ]);
  });
});

it('publishes only the public halves of the keys', async () => {
  const response = await worker.fetch('http://localhost/.well-known/jwks.json');
  const { x, y } = signingKey!;
  expect(await response.json()).toEqual({
    keys: [{ kty: 'EC', crv: 'P-256', kid: 'test-key', x, y, alg: 'ES256', use: 'sig' }],
  });
});
