/** Tokens of a front end's own login: an issuer that the organization trusts, with keys behind a URL. */
import { runDurableObjectAlarm } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { forgetRegistry } from '../../src/registry/documents.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { TokenIssuer } from '../../src/registry/organization.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import type { Outcome } from '../../src/problems.ts';
import type { UserPage } from '../../src/registry/object/user-queries.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { ALICE, ORGANIZATION, testOrganization } from '../support/organization.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
const ISSUER = 'https://login.example/';

let organization: string;
let keyPair: Awaited<ReturnType<typeof generateKeyPair>>;
let jwksUrl: string;

beforeAll(async () => {
  keyPair = await generateKeyPair('RS256');
  await publishTestOrganization();
});

/** Publishes the organization of a test, which trusts the issuer with these settings. */
async function publish(settings: Record<string, unknown> = {}): Promise<void> {
  const { organization: usual } = testOrganization('0'.repeat(64));
  const issuer = {
    issuer: ISSUER,
    jwks_url: jwksUrl,
    audience: 'the-site',
    user_claim: 'amigo_user',
    algorithms: ['RS256'],
    ...settings,
  };
  const roles = [
    ...usual.roles,
    {
      name: 'Reader',
      description: 'Reads conversations of every user.',
      permission_grants: [{ permission_name: 'Conversation:GetConversation', conditions: {} }],
    },
  ];
  await testEnv.REGISTRY.put(
    registryKey.organization(organization),
    JSON.stringify({ ...usual, id: organization, roles, token_issuers: [issuer] }),
  );
}

async function publishUser(id: string, role: string): Promise<void> {
  await testEnv.REGISTRY.put(
    registryKey.user(organization, id),
    JSON.stringify({ id, name: 'A user', role }),
  );
}

beforeEach(async () => {
  organization = `issuer-org-${newIdentifier(Date.now())}`;
  jwksUrl = `https://login.example/${organization}/jwks.json`;
  await publish();
  await publishUser(ALICE, 'DefaultUserRole');
  const jwks = { keys: [{ ...(await exportJWK(keyPair.publicKey)), kid: 'site-key', alg: 'RS256' }] };
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) =>
    Promise.resolve(input === jwksUrl ? Response.json(jwks) : new Response('not here', { status: 404 })),
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

const seconds = () => Math.floor(Date.now() / 1000);
const YEAR = 365 * 86_400;

async function tokenWith(
  claims: Record<string, unknown>,
  header: { alg?: string; typ?: string } = {},
): Promise<string> {
  const now = seconds();
  const payload = { iss: ISSUER, aud: 'the-site', amigo_user: ALICE, iat: now, exp: now + 300, ...claims };
  const { alg = 'RS256' } = header;
  const key = alg === 'HS256' ? new TextEncoder().encode('x'.repeat(32)) : keyPair.privateKey;
  return new SignJWT(payload).setProtectedHeader({ kid: 'site-key', ...header, alg }).sign(key);
}

async function statusOf(jwt: string, headers: Record<string, string> = {}, path = organization) {
  const response = await worker.fetch(`http://localhost/v1/${path}/service/`, {
    headers: { authorization: `Bearer ${jwt}`, ...headers },
  });
  await response.text();
  return response.status;
}

async function statusWith(claims: Record<string, unknown>, alg = 'RS256', path = organization) {
  return statusOf(await tokenWith(claims, { alg }), {}, path);
}

describe('a token of a trusted issuer', () => {
  it('is accepted for the user that its claim names', async () => {
    expect(await statusWith({})).toBe(200);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another audience', { aud: 'another-site' }],
    ['another issuer', { iss: 'https://evil.example/' }],
    ['an unknown user', { amigo_user: '0'.repeat(24) }],
    ['no user', { amigo_user: undefined }],
    ['a user that is no text', { amigo_user: 7 }],
    ['an end in the past', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['no issuer', { iss: undefined }],
    ['no audience', { aud: undefined }],
    ['a beginning that is no number', { iat: 'today' }],
    ['a beginning in the future', { iat: seconds() + 600, exp: seconds() + 900 }],
    ['an end in 50 years and an old beginning', { iat: seconds() - 7_200, exp: seconds() + 50 * YEAR }],
    ['an end in 50 years', { exp: seconds() + 50 * YEAR }],
    ['more than an hour behind it', { iat: seconds() - 3_700, exp: seconds() + 60 }],
    ['a time before which it does not hold', { nbf: seconds() + 600 }],
  ])('is refused with %s', async (_name, claims) => {
    expect(await statusWith(claims)).toBe(401);
  });

  it('is refused with an algorithm that is not listed', async () => {
    expect(await statusWith({}, 'HS256')).toBe(401);
  });

  it('is refused by an organization that does not trust it', async () => {
    expect(await statusWith({}, 'RS256', ORGANIZATION)).toBe(401);
  });

  it('is refused while the keys of its issuer cannot be read', async () => {
    vi.mocked(fetch).mockRejectedValue(new Error('unreachable'));
    expect(await statusWith({})).toBe(401);
  });
});

describe('the type of a token', () => {
  it.each(['JWT', 'jwt', 'application/jwt'])('may be %s', async (typ) => {
    expect(await statusOf(await tokenWith({}, { typ }))).toBe(200);
  });

  it.each(['at+jwt', 'logout+jwt', 'dpop+jwt', 'JWE', ''])('may not be the text %s', async (typ) => {
    expect(await statusOf(await tokenWith({}, { typ }))).toBe(401);
  });

  it('is exactly the one that the issuer declares', async () => {
    await publish({ typ: 'at+jwt' });
    const found = ['at+jwt', 'application/AT+JWT', 'JWT', undefined].map(async (typ) =>
      statusOf(await tokenWith({}, typ === undefined ? {} : { typ })),
    );
    expect(await Promise.all(found)).toEqual([200, 200, 401, 401]);
  });
});

describe('the age of a token', () => {
  it('is at most what the issuer declares', async () => {
    await publish({ max_token_age_seconds: 600 });
    expect(await statusWith({ iat: seconds() - 500, exp: seconds() + 60 })).toBe(200);
    expect(await statusWith({ iat: seconds() - 700, exp: seconds() + 60 })).toBe(401);
    expect(await statusWith({ exp: seconds() + 700 })).toBe(401);
  });

  it('may be declared up to a day', () => {
    const age = (max_token_age_seconds: number) =>
      TokenIssuer.safeParse({
        issuer: 'i',
        jwks_url: 'https://i.example',
        audience: 'a',
        max_token_age_seconds,
      });
    expect([59, 60, 86_400, 86_401].map((seconds) => age(seconds).success)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('the encoding of a token', () => {
  it('is canonical, and a signature in another encoding is refused', async () => {
    const jwt = await tokenWith({});
    // 256 bytes take 342 characters, the last of which has four bits that mean nothing.
    const last = jwt.at(-1)!;
    const next = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const respelled = jwt.slice(0, -1) + next[next.indexOf(last) + 1];
    expect([await statusOf(jwt), await statusOf(respelled), await statusOf(`${jwt}==`)]).toEqual([
      200, 401, 401,
    ]);
  });
});

describe('the roles that an issuer signs in', () => {
  const statusAs = async (role: string) => {
    const user = newIdentifier(Date.now());
    await publishUser(user, role);
    return statusWith({ amigo_user: user });
  };

  it.each([
    ['DefaultUserRole', 200],
    // No grant at all: signed in, and sees nothing.
    ['Nothing', 200],
    ['DefaultAdministratorRole', 401],
    ['DefaultKeyRole', 401],
    ['Reader', 401],
  ])('are roles without power over other users by default: %s', async (role, status) => {
    expect(await statusAs(role)).toBe(status);
  });

  it('are exactly those that it lists', async () => {
    await publish({ roles: ['Reader', 'DefaultAdministratorRole'] });
    const found = [];
    for (const role of ['Reader', 'DefaultAdministratorRole', 'DefaultUserRole'])
      found.push(await statusAs(role));
    expect(found).toEqual([200, 200, 401]);
  });

  it('must exist when the organization is published', () => {
    const file = testOrganization('0'.repeat(64));
    const issuer = {
      issuer: ISSUER,
      jwks_url: jwksUrl,
      audience: 'a',
      roles: ['DefaultUserRole', 'NoSuchRole'],
    };
    const input = { ...file, organization: { ...file.organization, token_issuers: [issuer] } };
    expect(() => parseOrganizationFile(input)).toThrow(
      `organization.token_issuers[${ISSUER}].roles[1]: there is no role "NoSuchRole"`,
    );
  });

  it('do not get more grants for its users as guests', async () => {
    const host = `host-${newIdentifier(Date.now())}`;
    const { organization: usual } = testOrganization('0'.repeat(64));
    const invite = (role: string) =>
      testEnv.REGISTRY.put(
        registryKey.organization(`${host}-${role.toLowerCase()}`),
        JSON.stringify({
          ...usual,
          id: `${host}-${role.toLowerCase()}`,
          guests: [{ org_id: organization, user_ids: null, role }],
        }),
      );
    const headers = { 'x-org-id': organization };
    const found = [];
    for (const role of ['DefaultUserRole', 'DefaultAdministratorRole']) {
      await invite(role);
      found.push(await statusOf(await tokenWith({}), headers, `${host}-${role.toLowerCase()}`));
    }
    expect(found).toEqual([200, 403]);
  });
});

describe('the log', () => {
  it('has the reason of a refused token, and quotes nothing of it', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
    const old = await tokenWith({ iat: seconds() - 86_400, exp: seconds() + YEAR });
    await statusOf(old);
    await statusOf(await tokenWith({ aud: 'swordfish' }));
    const refused = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(refused.filter(({ event }) => event === 'issued_token_refused')).toMatchObject([
      { organization, issuer: ISSUER, reason: 'ERR_JWT_EXPIRED iat' },
      { organization, issuer: ISSUER, reason: 'ERR_JWT_CLAIM_VALIDATION_FAILED aud' },
    ]);
    expect(lines.join('\n')).not.toContain('swordfish');
    expect(lines.join('\n')).not.toContain(old);
  });
});

describe('an issuer that creates users', () => {
  const creating = { user_claim: 'sub', create_users: { role: 'DefaultUserRole' } };
  const registryOf = () => testEnv.REGISTRY_OBJECT.getByName(organization);

  async function createdUsers(): Promise<{ id: string; name: string; email: string | null; role: string }[]> {
    const grants = [{ permission_name: 'User:GetUserInfo' as const, conditions: {} }];
    const actor = { organization, user_id: 'test', grants, request_id: 'test' };
    const query = { ids: [], emails: [], text: null, sort: [], limit: 100, after: 0 };
    const page = (await registryOf().users(actor, query)) as Outcome<UserPage>;
    if (!page.ok) throw new Error(page.problem.detail);
    return page.value.users
      .filter(({ id }) => id !== ALICE)
      .map(({ id, name, email, role }) => ({ id, name, email, role }));
  }

  it.each(['google-oauth2|1158342', 'alice@example.com', 'x'.repeat(2_000), 'Zoë 🍐', ALICE, '../admin'])(
    'creates the user of the subject %s once, and signs them in from then on',
    async (sub) => {
      await publish(creating);
      const claims = { sub, name: 'Zoë Zander', email: 'Zoe@Example.com' };
      expect(await Promise.all([statusWith(claims), statusWith(claims)])).toEqual([200, 200]);
      expect(await statusWith(claims)).toBe(200);
      const users = await createdUsers();
      expect(users).toEqual([
        {
          id: expect.stringMatching(/^[a-f0-9]{24}$/) as string,
          name: 'Zoë Zander',
          email: 'zoe@example.com',
          role: 'DefaultUserRole',
        },
      ]);
      // A registered user whose identifier a subject happens to be is another user.
      expect(users[0]?.id).not.toBe(ALICE);
    },
  );

  it('reads name and address from the claims that it is told, and takes no address that is not verified', async () => {
    const create_users = { role: 'DefaultUserRole', name_claim: 'nick', email_claim: 'mail' };
    await publish({ ...creating, create_users });
    await statusWith({ sub: 'a', nick: 'Zo', mail: 'zo@example.com' });
    await statusWith({ sub: 'b', mail: 'bo@example.com', email_verified: false });
    await statusWith({ sub: 'c', nick: '\u200b', mail: 'zo@example.com' });
    await statusWith({ sub: 'd', nick: 7 });
    expect((await createdUsers()).map(({ name, email }) => [name, email])).toEqual([
      ['Zo', 'zo@example.com'],
      ['User', null],
      // Another user has the address: it makes the two not one.
      ['zo', null],
      ['User', null],
    ]);
  });

  it('does not create a user again who was deleted', async () => {
    await publish(creating);
    expect(await statusWith({ sub: 'leaver' })).toBe(200);
    const [user] = await createdUsers();
    const permissions = ['User:DeleteUser' as const];
    const grants = permissions.map((permission_name) => ({ permission_name, conditions: {} }));
    const actor = { organization, user_id: 'operator', grants, request_id: 'test' };
    const deleted = await registryOf().change(
      actor,
      { type: 'delete-user', id: user!.id },
      { operation: 'test' },
    );
    expect(deleted.ok).toBe(true);
    // As in an isolate without a copy; test/edge/stale-copies.test.ts has those with one.
    await runDurableObjectAlarm(registryOf());
    forgetRegistry();
    expect(await statusWith({ sub: 'leaver' })).toBe(401);
    expect(await createdUsers()).toEqual([]);
  });

  it('creates no user with a role that it may not sign in, or by a token that is not valid', async () => {
    await publish({ ...creating, create_users: { role: 'DefaultAdministratorRole' } });
    expect(await statusWith({ sub: 'climber' })).toBe(401);
    await publish({ ...creating, roles: ['Reader'] });
    expect(await statusWith({ sub: 'climber' })).toBe(401);
    await publish(creating);
    expect(await statusWith({ sub: 'late', exp: seconds() - 60 })).toBe(401);
    expect(await createdUsers()).toEqual([]);
  });

  it('is refused in a file with a role that there is not, or that it does not sign in', () => {
    const { organization: usual, ...file } = testOrganization('0'.repeat(64));
    const issuer = { issuer: ISSUER, jwks_url: jwksUrl, audience: 'the-site' };
    const errorsWith = (settings: object) => () =>
      parseOrganizationFile({
        ...file,
        organization: { ...usual, token_issuers: [{ ...issuer, ...settings }] },
      });
    expect(errorsWith({ create_users: { role: 'None' } })).toThrow(/there is no role "None"/);
    const roles = { roles: ['DefaultVisitorRole'], create_users: {} };
    expect(errorsWith(roles)).toThrow(/must be one of the roles that the issuer signs in/);
    expect(errorsWith({ create_users: {} })).not.toThrow();
  });
});
