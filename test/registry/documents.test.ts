/** Reading the registry while KV is slow to know, fails, or does not answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { ProblemError } from '../../src/problems.ts';
import { DocumentCache } from '../../src/registry/cache.ts';
import { STALE_ON_ERROR_MS } from '../../src/registry/documents.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { RegistryReader } from '../../src/registry/reader.ts';
import { testEnv } from '../support/client.ts';
import { TEST_GRAPH, testOrganization } from '../support/organization.ts';
import { StaleRegistry } from '../support/stale-registry.ts';

const KV_TIMEOUT_MS = 20;
const USER = 'a'.repeat(24);

let organization: string;
let kv: StaleRegistry;
let reader: RegistryReader;
let now: number;
let logged: { event: string; key?: string }[];

beforeEach(() => {
  organization = `registry-${newIdentifier(Date.now())}`;
  kv = new StaleRegistry(testEnv.REGISTRY);
  reader = new RegistryReader(kv.namespace, KV_TIMEOUT_MS);
  now = Date.now();
  logged = [];
  vi.spyOn(Date, 'now').mockImplementation(() => now);
  vi.spyOn(console, 'error').mockImplementation((line: unknown) => {
    logged.push(JSON.parse(String(line)) as { event: string });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const userKey = () => registryKey.user(organization, USER);
const nameOf = async () => (await reader.user(organization, USER))?.name ?? null;

async function publishUser(name: string): Promise<void> {
  await testEnv.REGISTRY.put(userKey(), JSON.stringify({ id: USER, name, role: 'DefaultUserRole' }));
}

/** The code of the problem that a read ends with. */
async function problemOf(read: Promise<unknown>): Promise<string> {
  return read.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
  );
}

describe('a document that may change', () => {
  it('is read again after ten seconds, and a change holds after at most 40', async () => {
    await publishUser('old');
    expect(await nameOf()).toBe('old');
    now += 9_000;
    expect(await nameOf()).toBe('old');
    expect(kv.reads).toBe(1);
    await publishUser('new');
    // KV itself answers as before for up to 30 seconds, and what it says last the isolate keeps for ten.
    now += 20_999;
    expect(await nameOf()).toBe('old');
    now += 10_000;
    expect(await nameOf()).toBe('new');
    expect(kv.reads).toBe(3);
  });

  it.each(['fails', 'hangs'] as const)('is served for an hour while KV %s, and no longer', async (mode) => {
    await publishUser('known');
    expect(await nameOf()).toBe('known');
    const readAt = now;
    kv.mode = mode;
    now = readAt + 10_001;
    expect(await nameOf()).toBe('known');
    expect(logged).toMatchObject([{ event: 'registry_served_stale', key: `org:${organization}:user` }]);
    now = readAt + STALE_ON_ERROR_MS - 1;
    expect(await nameOf()).toBe('known');
    now += 10_001;
    expect(await problemOf(nameOf())).toBe('registry_unavailable');
    expect(logged.at(-1)?.event).toBe('registry_unavailable');
    expect(JSON.stringify(logged)).not.toContain(USER);
    kv.mode = 'answers';
    expect(await nameOf()).toBe('known');
  });

  it('is requested once in ten seconds of an outage, and not by every request', async () => {
    await publishUser('known');
    await nameOf();
    kv.mode = 'fails';
    now += 10_001;
    const before = kv.reads;
    for (let index = 0; index < 20; index += 1) await nameOf();
    expect([kv.reads - before, logged.length]).toEqual([1, 1]);
    now += 10_001;
    await nameOf();
    expect(kv.reads - before).toBe(2);
  });

  it('is not served after its removal while KV fails', async () => {
    await publishUser('known');
    expect(await nameOf()).toBe('known');
    await testEnv.REGISTRY.delete(userKey());
    now += 30_001;
    expect(await nameOf()).toBeNull();
    kv.mode = 'fails';
    expect(await problemOf(nameOf())).toBe('registry_unavailable');
  });

  it('leads to a problem if it is not cached while KV fails', async () => {
    for (const mode of ['fails', 'hangs'] as const) {
      kv.mode = mode;
      expect(await problemOf(nameOf())).toBe('registry_unavailable');
      expect(await problemOf(reader.organization(organization))).toBe('registry_unavailable');
      expect(await problemOf(reader.graph(organization, [TEST_GRAPH.id, 1]))).toBe('registry_unavailable');
    }
  });

  it('counts as unreadable if it is damaged', async () => {
    const { organization: usual } = testOrganization('0'.repeat(64));
    const put = (value: unknown) =>
      testEnv.REGISTRY.put(registryKey.organization(organization), JSON.stringify(value));
    await put({ ...usual, id: organization });
    expect((await reader.organization(organization))?.id).toBe(organization);
    await put({ id: organization });
    now += 30_001;
    expect((await reader.organization(organization))?.id).toBe(organization);
    now += STALE_ON_ERROR_MS;
    expect(await problemOf(reader.organization(organization))).toBe('registry_unavailable');
  });
});

describe('documents that are read together', () => {
  const names = async (ids: string[]) =>
    [...(await reader.users(organization, ids)).values()].map(({ name }) => name);

  it('are served from the cache while KV fails, and lead to a problem if one is not cached', async () => {
    await publishUser('known');
    expect(await names([USER, 'unknown'])).toEqual(['known']);
    expect(kv.reads).toBe(1);
    kv.mode = 'fails';
    expect(await problemOf(names([USER, 'unknown']))).toBe('registry_unavailable');
    now += 10_001;
    expect(await names([USER])).toEqual(['known']);
    expect(logged.at(-1)?.event).toBe('registry_served_stale');
    now += STALE_ON_ERROR_MS;
    expect(await problemOf(names([USER]))).toBe('registry_unavailable');
  });

  it('leave the cache after their removal', async () => {
    await publishUser('known');
    expect(await names([USER])).toEqual(['known']);
    await testEnv.REGISTRY.delete(userKey());
    now += 30_001;
    expect(await names([USER])).toEqual([]);
    kv.mode = 'fails';
    expect(await problemOf(nameOf())).toBe('registry_unavailable');
  });
});

describe('a version of a graph', () => {
  it('is read once, and kept through an outage of any length', async () => {
    const key = registryKey.graph(organization, TEST_GRAPH.id, 1);
    await testEnv.REGISTRY.put(key, JSON.stringify(TEST_GRAPH));
    const read = () => reader.graph(organization, [TEST_GRAPH.id, 1]);
    expect(await read()).toEqual(TEST_GRAPH);
    kv.mode = 'fails';
    now += 30 * 86_400_000;
    expect(await read()).toEqual(TEST_GRAPH);
    expect(kv.reads).toBe(1);
  });

  it('is not displaced from the cache by users', async () => {
    const key = registryKey.graph(organization, TEST_GRAPH.id, 1);
    await testEnv.REGISTRY.put(key, JSON.stringify(TEST_GRAPH));
    await reader.graph(organization, [TEST_GRAPH.id, 1]);
    const users = { get: (id: string) => Promise.resolve({ id, name: 'x'.repeat(10_000) }) };
    const crowd = new RegistryReader(users as unknown as KVNamespace);
    for (let index = 0; index < 1_000; index += 1) await crowd.user(organization, `user-${index}`);
    kv.mode = 'fails';
    expect(await reader.graph(organization, [TEST_GRAPH.id, 1])).toEqual(TEST_GRAPH);
  });
});

it('is not requested for an identifier that no organization has', async () => {
  kv.mode = 'fails';
  for (const id of ['', 'Upper', 'a:b', `${organization}:user:${USER}`, '-a', 'ä', 'a'.repeat(64), 'a\n']) {
    expect([id, await reader.organization(id)]).toEqual([id, null]);
  }
  expect(kv.reads).toBe(0);
});

describe('the cache of an isolate', () => {
  const document = (value: unknown) => ({ value, readAt: 0, until: 0 });

  it('holds a maximum number of characters, and removes the document that was used longest ago', () => {
    const cache = new DocumentCache(100);
    for (const key of ['a', 'b', 'c']) cache.set(key, document('x'.repeat(27)));
    expect(cache.get('a')?.value).toBe('x'.repeat(27));
    cache.set('d', document('x'.repeat(27)));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== null)).toEqual(['a', 'c', 'd']);
    cache.set('e', document('x'.repeat(500)));
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== null)).toEqual(['e']);
  });

  it('does not count a replaced or deleted document', () => {
    const cache = new DocumentCache(100);
    for (let index = 0; index < 50; index += 1) cache.set('a', document('x'.repeat(27)));
    cache.set('b', document('x'.repeat(27)));
    cache.delete('b');
    cache.delete('b');
    cache.set('c', document('x'.repeat(27)));
    cache.set('d', document('x'.repeat(27)));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== null)).toEqual(['a', 'c', 'd']);
  });
});
