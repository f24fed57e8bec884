/**
 * Removed users, keys and grants stop working within a minute, in an isolate that cached them and with a KV that still
 * answers as before.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import app from '../../src/index.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { hashApiKey } from '../../src/registry/publish.ts';
import { testEnv } from '../support/client.ts';
import { testOrganization } from '../support/organization.ts';
import { StaleRegistry } from '../support/stale-registry.ts';

const MINUTE_MS = 60_000;
/** When a client asks between the removal and the minute's end: right before each multiple of this, in turn. */
const STEP_MS = 2_500;
const USER = 'a'.repeat(24);
const KEY_ID = 'e'.repeat(24);
const KEY = 'a-key';

let organization: string;
let env: Env;
let now: number;

const settings = () => ({ ...testOrganization('0'.repeat(64)).organization, id: organization });

const apiKey = async () => ({
  id: KEY_ID,
  hash: await hashApiKey(KEY),
  role: 'DefaultKeyRole',
  expires_at: null,
  development_only: false,
});

beforeEach(async () => {
  organization = `revocation-${newIdentifier(Date.now())}`;
  await put(registryKey.organization(organization), settings());
  await put(registryKey.user(organization, USER), user('DefaultUserRole'));
  await put(registryKey.apiKey(organization, KEY_ID), await apiKey());
  env = { ...testEnv, REGISTRY: new StaleRegistry(testEnv.REGISTRY).namespace };
  now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const user = (role: string) => ({ id: USER, name: 'A user', role });

async function put(key: string, value: unknown): Promise<void> {
  await testEnv.REGISTRY.put(key, JSON.stringify(value));
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const request = new Request(`http://localhost/v1/${organization}${path}`, init);
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, {} as ExecutionContext);
}

async function token(): Promise<string> {
  return (await issueToken(testEnv.SIGNING_KEYS, { organization, user_id: USER }, now)).id_token;
}

/** The status of a request of the user's with a token that was issued before. */
async function statusWith(jwt: string, path = '/service/'): Promise<number> {
  return (await send(path, { headers: { authorization: `Bearer ${jwt}` } })).status;
}

interface Removal {
  /** Gives what is about to be taken away. */
  give: () => Promise<void>;
  take: () => Promise<void>;
  /** Answers to a client. */
  see: () => Promise<unknown>;
  before: unknown;
  after: unknown;
}

/**
 * Takes something away over and over, from an isolate and a KV cache that know it. Each time a client asks once in
 * between, which makes the isolate remember what KV still answers: the later the worse, up to the end of KV's cache.
 */
async function expectWithinAMinute({ give, take, see, before, after }: Removal): Promise<void> {
  for (let between = STEP_MS; between <= MINUTE_MS; between += STEP_MS) {
    await give();
    const since = now;
    expect(await see()).toEqual(before);
    await take();
    now = since + between - 1;
    await see();
    now = since + MINUTE_MS;
    expect([between, await see()]).toEqual([between, after]);
    // Neither the isolate nor KV remembers anything of this round in the next one.
    now += 10 * MINUTE_MS;
  }
}

describe('within a minute', () => {
  const signIn = async () => {
    const headers = { 'x-api-key': KEY, 'x-api-key-id': KEY_ID, 'x-user-id': USER };
    return (await send('/user/signin_with_api_key', { method: 'POST', headers })).status;
  };

  /** A document that is there, and then not. */
  const document = (key: string, value: unknown) => ({
    give: () => put(key, value),
    take: () => testEnv.REGISTRY.delete(key),
  });

  it('the token of a user who was removed is refused', async () => {
    const removed = document(registryKey.user(organization, USER), user('DefaultUserRole'));
    let jwt = '';
    const give = async () => {
      await removed.give();
      jwt = await token();
    };
    await expectWithinAMinute({ ...removed, give, see: () => statusWith(jwt), before: 200, after: 401 });
  });

  it('an API key that was removed signs in no user', async () => {
    const removed = document(registryKey.apiKey(organization, KEY_ID), await apiKey());
    await expectWithinAMinute({ ...removed, see: signIn, before: 200, after: 401 });
  });

  it('a user who was removed cannot sign in', async () => {
    const removed = document(registryKey.user(organization, USER), user('DefaultUserRole'));
    await expectWithinAMinute({ ...removed, see: signIn, before: 200, after: 401 });
  });

  it('an organization that was removed is not found', async () => {
    const removed = document(registryKey.organization(organization), settings());
    const see = async () => (await send('/organization/', {})).status;
    await expectWithinAMinute({ ...removed, see, before: 200, after: 404 });
  });

  /** Returns the organization as the user reads it, which an administrator may. */
  const tenant = async () => {
    const headers = { authorization: `Bearer ${await token()}` };
    return (await (await send('/organization/', { headers })).json<{ tenant_id: string | null }>()).tenant_id;
  };

  it('a role that was taken away grants nothing', async () => {
    const has = (role: string) => () => put(registryKey.user(organization, USER), user(role));
    await expectWithinAMinute({
      give: has('DefaultAdministratorRole'),
      take: has('DefaultUserRole'),
      see: tenant,
      before: 'tenant-1',
      after: null,
    });
  });

  it('a grant that was taken from a role is gone', async () => {
    await put(registryKey.user(organization, USER), user('Custom'));
    const grants = (permission_grants: unknown[]) => () => {
      const roles = [{ name: 'Custom', description: 'Of this test.', permission_grants }];
      return put(registryKey.organization(organization), { ...settings(), roles });
    };
    await expectWithinAMinute({
      give: grants([{ permission_name: 'Organization:GetOrganizationDetails', conditions: {} }]),
      take: grants([]),
      see: tenant,
      before: 'tenant-1',
      after: null,
    });
  });
});
