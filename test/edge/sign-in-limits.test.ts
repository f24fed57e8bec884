/** Limits of signing in: what fails is counted by address and user, and never stands in the way of a right key. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { networkOf } from '../../src/edge/client-address.ts';
import app from '../../src/index.ts';
import { SIGN_IN_FAILURES_PER_ADDRESS, SignInFailures } from '../../src/limits/sign-in-failures.ts';
import { newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { API_KEY, API_KEY_ID, ORGANIZATION } from '../support/organization.ts';

/** The deployment with its limits on; the other tests have them off. */
const { RATE_LIMITS: _off, ...limitedEnv } = testEnv;
const RIGHT = { 'x-api-key': API_KEY, 'x-api-key-id': API_KEY_ID };
const WRONG = { ...RIGHT, 'x-api-key': 'a-wrong-key' };
/** The published limit. */
const LIMIT = 5;

beforeAll(publishTestOrganization);

let lastAddress = 0;
/** An address that no other test uses. */
function newAddress(): string {
  lastAddress += 1;
  return `198.51.100.${lastAddress}`;
}

interface Attempt {
  user: string;
  address: string;
  headers?: Record<string, string>;
  env?: Env;
}

async function attempt({ user, address, headers = WRONG, env = limitedEnv }: Attempt): Promise<Response> {
  const request = new Request(`http://localhost/v1/${ORGANIZATION}/user/signin_with_api_key`, {
    method: 'POST',
    headers: { ...headers, 'x-user-id': user, 'cf-connecting-ip': address },
  });
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, {} as ExecutionContext);
}

async function statuses(count: number, of: (index: number) => Attempt): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await attempt(of(index))).status);
  return found;
}

describe('a user with a right key', () => {
  it('signs in from any address, regardless of failures for that user from there', async () => {
    const { userId: user } = await newUser();
    const [attacker, home] = [newAddress(), newAddress()];
    const failed = await statuses(100, () => ({ user, address: attacker }));
    expect(failed).toEqual([...new Array(LIMIT).fill(401), ...new Array(95).fill(429)]);
    const headers = RIGHT;
    expect((await attempt({ user, address: home, headers })).status).toBe(200);
    expect((await attempt({ user, address: attacker, headers })).status).toBe(200);
  });

  it('signs in from an address where other users have failed too often', async () => {
    const address = newAddress();
    const failed = await statuses(SIGN_IN_FAILURES_PER_ADDRESS + 3, (index) => ({
      user: `invented-${index}`,
      address,
    }));
    expect(failed.slice(-4)).toEqual([401, 429, 429, 429]);
    const { userId: user } = await newUser();
    expect((await attempt({ user, address, headers: RIGHT })).status).toBe(200);
  });

  it('has the published limit, regardless of failures and of addresses', async () => {
    const { userId: user } = await newUser();
    await statuses(20, () => ({ user, address: newAddress() }));
    const found = await statuses(LIMIT + 2, () => ({ user, address: newAddress(), headers: RIGHT }));
    expect(found).toEqual([...new Array(LIMIT).fill(200), 429, 429]);
    const refused = await attempt({ user, address: newAddress(), headers: RIGHT });
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
  });
});

describe('sign-ins that fail', () => {
  it('are counted by address and user', async () => {
    const [user, other] = [(await newUser()).userId, (await newUser()).userId];
    const [address, elsewhere] = [newAddress(), newAddress()];
    await statuses(LIMIT + 1, () => ({ user, address }));
    expect((await attempt({ user, address })).status).toBe(429);
    expect((await attempt({ user: other, address })).status).toBe(401);
    expect((await attempt({ user, address: elsewhere })).status).toBe(401);
  });

  it('count too if a header is missing, and the answer names the header', async () => {
    const { userId: user } = await newUser();
    const address = newAddress();
    const headers = { 'x-api-key-id': API_KEY_ID };
    const first = await attempt({ user, address, headers });
    expect(first.status).toBe(422);
    expect(await first.json()).toMatchObject({ errors: [{ loc: ['header', 'x-api-key'] }] });
    expect(await statuses(LIMIT, () => ({ user, address, headers }))).toEqual([422, 422, 422, 422, 429]);
  });

  it('get the same answer for a user that exists and for one that does not', async () => {
    const answers = async (user: string) => {
      const address = newAddress();
      const seen: unknown[] = [];
      for (let index = 0; index < LIMIT + 2; index += 1) {
        const response = await attempt({ user, address });
        const names = [...response.headers.keys()].toSorted();
        const limits = ['x-ratelimit-limit', 'x-ratelimit-remaining'].map((name) =>
          response.headers.get(name),
        );
        const {
          request_id: _own,
          detail: _seconds,
          retry_after: _left,
          ...body
        } = await response.json<Record<string, unknown>>();
        seen.push([response.status, names, limits, body]);
      }
      return seen;
    };
    const existing = await answers((await newUser()).userId);
    expect(existing[0]).toEqual([
      401,
      expect.arrayContaining(['x-ratelimit-reset']),
      ['5', '4'],
      expect.anything(),
    ]);
    for (const invented of ['0'.repeat(24), 'nobody', 'x'.repeat(300)]) {
      expect(await answers(invented)).toEqual(existing);
    }
  });

  it('get the same answer for a wrong key and for one that does not exist', async () => {
    const { userId: user } = await newUser();
    const bodies: unknown[] = [];
    for (const headers of [
      WRONG,
      { ...RIGHT, 'x-api-key-id': 'e'.repeat(24) },
      { ...RIGHT, 'x-api-key-id': 'no identifier' },
      { ...RIGHT, 'x-api-key': '' },
    ]) {
      const response = await attempt({ user, address: newAddress(), headers });
      const { request_id: _own, ...body } = await response.json<Record<string, unknown>>();
      bodies.push([response.status, body]);
    }
    expect(bodies).toEqual(new Array(4).fill(bodies[0]));
    expect(bodies[0]).toMatchObject([401, { code: 'credentials_invalid' }]);
  });

  it('create no object and no row for invented users and addresses', async () => {
    const asked: string[] = [];
    const LIMITER = {
      getByName: (name: string) => {
        asked.push(name);
        throw new Error('A limiter was asked.');
      },
    } as unknown as Env['LIMITER'];
    const env = { ...limitedEnv, LIMITER };
    const { userId } = await newUser();
    for (let index = 0; index < 50; index += 1) {
      await attempt({ user: index % 2 ? userId : `invented-${index}`, address: `2001:db8:${index}::1`, env });
    }
    expect(asked).toEqual([]);
  });

  it('read no user, so that the time of an answer does not tell whether one exists', async () => {
    const read: string[] = [];
    const REGISTRY = {
      get: (key: string, options: KVNamespaceGetOptions<'json'>) => {
        read.push(key);
        return testEnv.REGISTRY.get(key, options);
      },
    } as unknown as KVNamespace;
    const { userId: user } = await newUser();
    const headers = { ...WRONG, 'x-api-key-id': 'e'.repeat(24) };
    await attempt({ user, address: newAddress(), headers, env: { ...limitedEnv, REGISTRY } });
    expect(read).toContain(`org:${ORGANIZATION}:key:${'e'.repeat(24)}`);
    expect(read.filter((key) => key.includes(':user:'))).toEqual([]);
  });
});

describe('the counters of failures', () => {
  const limitOf = (failures: SignInFailures, address: string, user: string, now: number) =>
    failures.count({ address, organization: 'o', user }, 2, now);

  it('forget after a minute', () => {
    const failures = new SignInFailures();
    expect([0, 1, 2].map((now) => limitOf(failures, 'a', 'u', now).allowed)).toEqual([true, true, false]);
    expect(limitOf(failures, 'a', 'u', 60_001).allowed).toBe(true);
  });

  it('are bounded, and invented users do not displace the count of an address', () => {
    const failures = new SignInFailures();
    for (let index = 0; index < SIGN_IN_FAILURES_PER_ADDRESS; index += 1)
      limitOf(failures, 'a', `u${index}`, 1);
    for (let index = 0; index < 20_000; index += 1) limitOf(failures, 'b', `v${index}`, 2);
    expect(limitOf(failures, 'a', 'another', 3)).toMatchObject({
      allowed: false,
      limit: SIGN_IN_FAILURES_PER_ADDRESS,
    });
  });

  it('store names only up to the length of an identifier', () => {
    const failures = new SignInFailures();
    const long = 'x'.repeat(64);
    for (const tail of ['a', 'b']) limitOf(failures, 'a', long + tail.repeat(1_000), 1);
    expect(limitOf(failures, 'a', long, 1).allowed).toBe(false);
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:1::3:4:5:6', '2001:db8:1:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['local', 'local'],
  ])('is for %s the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is short for any header', () => {
    for (const text of ['x'.repeat(10_000), ':'.repeat(10_000), 'a:'.repeat(5_000)]) {
      expect(networkOf(text).length).toBeLessThanOrEqual(45);
    }
  });
});
