/** 100 requests at the same time against every limit: exactly so many pass as the limit says. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import type { Operation } from '../../src/api/operation.ts';
import type { Env } from '../../src/bindings.ts';
import app from '../../src/index.ts';
import { counterKey, RateLimiter } from '../../src/limits/rate-limiter.ts';
import { readStamps } from '../../src/limits/window.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { registryKey } from '../../src/registry/keys.ts';
import { newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { NO_TARGET, validRequest } from '../edge/requests.ts';
import { ORGANIZATION, testOrganization } from '../support/organization.ts';

/** The deployment with its limits on; the other tests have them off. */
const { RATE_LIMITS: _off, ...limitedEnv } = testEnv;

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

function send(request: Request, env: Env = limitedEnv): Promise<Response> {
  const incoming = request as Request<unknown, IncomingRequestCfProperties>;
  return Promise.resolve(app.fetch(incoming, env, {} as ExecutionContext));
}

async function headersOf(userId: string, organization = ORGANIZATION): Promise<Record<string, string>> {
  const token = await issueToken(testEnv.SIGNING_KEYS, { organization, user_id: userId }, Date.now());
  return { authorization: `Bearer ${token.id_token}`, 'x-user-id': userId };
}

const limited = OPERATIONS.filter(({ rateLimit }) => rateLimit !== null).map(
  (operation) => [operation.id, operation.rateLimit ?? 0, operation] as const,
);

/** Sends requests at the same time, and says how many were not refused. */
async function passing(
  operation: Operation,
  headers: Record<string, string>,
  count: number,
  env: Env = limitedEnv,
): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => send(validRequest(operation, ORGANIZATION, NO_TARGET, headers), env)),
  );
  await Promise.all(answers.map((answer) => answer.text()));
  return answers.filter(({ status }) => status !== 429).length;
}

function operationOf(id: string): Operation {
  const operation = OPERATIONS.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(id);
  return operation;
}

function limiterOf(userId: string): DurableObjectStub<RateLimiter> {
  return testEnv.LIMITER.getByName(`${ORGANIZATION}/${userId}`);
}

describe('the published limits', () => {
  it('are those of the published API', () => {
    expect(Object.fromEntries(OPERATIONS.map(({ id, rateLimit }) => [id, rateLimit]))).toEqual({
      'sign-in-with-api-key': 5,
      'get-organization': null,
      'get-services': 50,
      'create-conversation': 5,
      'get-conversations': 15,
      'interact-with-conversation': 15,
      'get-conversation-messages': 20,
      'finish-conversation': 5,
      'recommend-responses-for-interaction': 20,
      'get-interaction-insights': 20,
      'retrieve-message-source': 30,
      'generate-conversation-starter': 10,
      'modify-tags-of-conversation': 50,
      'create-invited-user': 50,
      'get-users': 60,
      'search-users': 50,
      'update-user-info': 50,
      'modify-user-variables': 50,
      'delete-user': 500,
      'erase-conversation': 50,
      'get-user-erasure': 60,
      'export-conversation': 5,
      'export-user': 5,
      'get-user-model': 60,
      'get-memories': 40,
      'create-role': 20,
      get_roles_v1__organization__role__get: 20,
      'modify-role': 10,
      'assign-role': 1000,
      'adopt-visitor': 10,
      'create-service': 20,
      'update-service': 20,
      'upsert-service-version-set': 30,
      'delete-service-version-set': 30,
      'modify-organization': 10,
      'delete-organization': 5,
      'create-agent': 10,
      'get-agents': 20,
      'create-agent-version': 10,
      'get-agent-versions': 20,
      'delete-agent': 10,
      'create-service-hierarchical-state-machine': 10,
      'get-service-hierarchical-state-machines': 20,
      'create-service-hierarchical-state-machine-version': 10,
      'get-service-hierarchical-state-machine-versions': 20,
      'delete-service-hierarchical-state-machine': 10,
      'get-user-dimensions': 20,
      'get-changes': 20,
      'get-usage': 20,
      'create-api-key': 5,
      'get-api-keys': 10,
      'delete-api-key': 10,
      'get-conversation-metrics': 20,
      'get-turn': 60,
      'stream-interaction': 60,
      'stop-interaction': 30,
      'truncate-message': 30,
      'send-chat-message': 15,
      'get-chat': 60,
      'resume-chat': 60,
      'stop-chat': 30,
      'get-visitor-challenge': null,
      'create-visitor': null,
      'run-agent': 15,
    });
  });

  it('apply to users, so no operation with a limit is open to callers without credentials', () => {
    expect(limited.filter(([, , { credentials }]) => credentials === 'optional')).toEqual([]);
  });

  it.each(limited)('%s lets exactly %i of 100 pass', async (_id, limit, operation) => {
    const { userId } = await newUser();
    // The first message of a chat is counted as a create as well, and a user may send 5 of those a minute.
    const beginsChat = ['send-chat-message', 'run-agent'].includes(operation.id);
    const least = beginsChat ? 5 : Math.min(limit, 100);
    expect(await passing(operation, await headersOf(userId), 100)).toBe(least);
  });
});

describe('the headers', () => {
  it('count down on every answer, and a refusal has the time of the next request', async () => {
    const { userId } = await newUser();
    const headers = await headersOf(userId);
    const remaining: (string | null)[] = [];
    const finish = operationOf('finish-conversation');
    for (let index = 0; index < 5; index += 1) {
      const response = await send(validRequest(finish, ORGANIZATION, NO_TARGET, headers));
      expect([response.status, response.headers.get('x-ratelimit-limit')]).toEqual([404, '5']);
      remaining.push(response.headers.get('x-ratelimit-remaining'));
      expect(
        Math.abs(Number(response.headers.get('x-ratelimit-reset')) - Date.now() / 1000 - 60),
      ).toBeLessThan(5);
    }
    expect(remaining).toEqual(['4', '3', '2', '1', '0']);
    const refused = await send(validRequest(finish, ORGANIZATION, NO_TARGET, headers));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(await refused.json()).toMatchObject({ code: 'rate_limit_exceeded', status: 429 });
  });

  it('are on the stream of a turn', async () => {
    const { userId } = await newUser();
    const create = validRequest(
      operationOf('create-conversation'),
      ORGANIZATION,
      NO_TARGET,
      await headersOf(userId),
    );
    const response = await send(create);
    expect([response.status, response.headers.get('x-ratelimit-remaining')]).toEqual([201, '4']);
    await response.text();
  });
});

describe('users and organizations', () => {
  it('have separate counters', async () => {
    const finish = operationOf('finish-conversation');
    for (const user of [await newUser(), await newUser()]) {
      expect(await passing(finish, await headersOf(user.userId), 10)).toBe(5);
    }
  });

  it('may have other limits', async () => {
    const { organization } = testOrganization('0'.repeat(64));
    const id = 'strict-org';
    const { userId } = await newUser();
    const strict = { ...organization, id, rate_limits: { 'get-services': 2 } };
    await testEnv.REGISTRY.put(registryKey.organization(id), JSON.stringify(strict));
    await testEnv.REGISTRY.put(
      registryKey.user(id, userId),
      JSON.stringify({ id: userId, name: 'Sam', role: 'DefaultUserRole' }),
    );
    const headers = await headersOf(userId, id);
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      statuses.push((await send(validRequest(operationOf('get-services'), id, NO_TARGET, headers))).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('cannot switch limits off in production', async () => {
    const { userId } = await newUser();
    const { DEVELOPMENT: _unset, ...production } = testEnv;
    expect(await passing(operationOf('finish-conversation'), await headersOf(userId), 10, production)).toBe(
      5,
    );
    const developer = await newUser();
    expect(
      await passing(operationOf('finish-conversation'), await headersOf(developer.userId), 10, testEnv),
    ).toBe(10);
  });
});

describe('the object owns the count', () => {
  const admitted = async (userId: string, count: number, limit = 15) => {
    const name = `${ORGANIZATION}/${userId}`;
    const answers = await Promise.all(
      Array.from({ length: count }, () => limiterOf(userId).admit(name, 'interact', limit)),
    );
    return answers.filter(({ allowed }) => allowed).length;
  };

  it('and keeps it through an eviction', async () => {
    const { userId } = await newUser();
    expect(await admitted(userId, 10)).toBe(10);
    await evict(limiterOf(userId));
    expect(await admitted(userId, 100)).toBe(5);
    await evict(limiterOf(userId));
    expect(await admitted(userId, 100)).toBe(0);
  });

  it('and keeps it through a crash', async () => {
    const { userId } = await newUser();
    expect(await admitted(userId, 10)).toBe(10);
    await abortAllDurableObjects();
    expect(await admitted(userId, 100)).toBe(5);
  });

  it('and writes one row for a request that passes, and none for a refused one', async () => {
    const { userId } = await newUser();
    await admitted(userId, 1, 3);
    const rows = await runInDurableObject(limiterOf(userId), (instance: RateLimiter, { storage }) => {
      const exec = vi.spyOn(storage.sql, 'exec');
      for (let index = 0; index < 10; index += 1) instance.admit('x', 'interact', 3);
      return exec.mock.results.map(({ value }) => (value as { rowsWritten: number }).rowsWritten);
    });
    expect(rows).toEqual([1, 1]);
  });
});

describe('after a failure', () => {
  const list = operationOf('get-conversations');

  it('this isolate and the published counter decide exactly, with a log line, if the object fails', async () => {
    const { userId } = await newUser();
    const headers = await headersOf(userId);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await passing(list, headers, 6)).toBe(6);
    vi.spyOn(RateLimiter.prototype, 'admit').mockImplementation(() => {
      throw new Error('broken');
    });
    expect(await passing(list, headers, 100)).toBe(9);
    expect(log.mock.calls.some(([line]) => String(line).includes('limiter_unavailable'))).toBe(true);
  });

  it('the published counter decides if the object fails before this isolate has seen a request', async () => {
    const { userId } = await newUser();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(RateLimiter.prototype, 'admit').mockImplementation(() => {
      throw new Error('broken');
    });
    const now = Date.now();
    const stamps = Array.from({ length: 12 }, (_, index) => now - 1000 + index);
    const key = counterKey(`${ORGANIZATION}/${userId}`, list.id);
    await testEnv.COUNTERS.put(key, JSON.stringify(stamps));
    expect(await passing(list, await headersOf(userId), 100)).toBe(3);
  });

  it('the request continues and is counted if the object does not answer in time', async () => {
    const { userId } = await newUser();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(RateLimiter.prototype, 'admit').mockReturnValue(new Promise(() => undefined) as never);
    expect(await passing(list, await headersOf(userId), 20)).toBe(15);
  });

  it('the object decides as usual if KV fails', async () => {
    const { userId } = await newUser();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = { get: () => Promise.reject(new Error('KV is down')) } as unknown as KVNamespace;
    const env = { ...limitedEnv, COUNTERS: broken };
    expect(await passing(list, await headersOf(userId), 100, env)).toBe(15);
  });

  it('every user still has a limit if both fail', async () => {
    const { userId } = await newUser();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(RateLimiter.prototype, 'admit').mockImplementation(() => {
      throw new Error('broken');
    });
    const broken = { get: () => Promise.reject(new Error('KV is down')) } as unknown as KVNamespace;
    const env = { ...limitedEnv, COUNTERS: broken };
    expect(await passing(list, await headersOf(userId), 100, env)).toBe(15);
  });
});

describe('a user known to be over the limit', () => {
  it('is refused without a request to the object', async () => {
    const { userId } = await newUser();
    const headers = await headersOf(userId);
    const finish = operationOf('finish-conversation');
    await passing(finish, headers, 6);
    const admit = vi.spyOn(RateLimiter.prototype, 'admit');
    expect(await passing(finish, headers, 50)).toBe(0);
    expect(admit).not.toHaveBeenCalled();
  });
});

describe('the published copy', () => {
  it('is updated from half of the limit on, and expires', async () => {
    const { userId } = await newUser();
    const headers = await headersOf(userId);
    const key = counterKey(`${ORGANIZATION}/${userId}`, 'get-conversations');
    await passing(operationOf('get-conversations'), headers, 7);
    expect(await testEnv.COUNTERS.get(key)).toBeNull();
    await passing(operationOf('get-conversations'), headers, 1);
    await expect
      .poll(async () => readStamps((await testEnv.COUNTERS.get(key)) ?? '[]').length, { timeout: 3000 })
      .toBe(8);
    const { keys } = await testEnv.COUNTERS.list({ prefix: key });
    expect(keys[0]?.expiration).toBeGreaterThan(Date.now() / 1000 + 50);
  });
});
