/** The rest of the edge: origins, maintenance, bodies, headers, logs. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import { bodyChunks, readBody } from '../../src/edge/body.ts';
import { parseAuthorization } from '../../src/edge/credentials.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { ProblemError } from '../../src/problems.ts';
import { registryKey } from '../../src/registry/keys.ts';
import fc from 'fast-check';
import { Client, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import {
  ALICE,
  ALLOWED_ORIGIN,
  API_KEY,
  API_KEY_ID,
  ORGANIZATION,
  testOrganization,
} from '../support/organization.ts';

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

function send(path: string, init: RequestInit = {}, env: Env = testEnv): Promise<Response> {
  const request = new Request(`http://localhost${path}`, init) as Request<
    unknown,
    IncomingRequestCfProperties
  >;
  return Promise.resolve(app.fetch(request, env, {} as ExecutionContext));
}

describe('a page of another origin', () => {
  const path = `/v1/${ORGANIZATION}/organization/`;

  it('may call and read the headers it needs if the organization lists it', async () => {
    const response = await send(path, { headers: { origin: ALLOWED_ORIGIN } });
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('vary')).toContain('Origin');
    const exposed = response.headers.get('access-control-expose-headers')?.toLowerCase().split(',');
    expect(exposed).toEqual(
      expect.arrayContaining([
        'retry-after',
        'x-ratelimit-remaining',
        'x-ratelimit-reset',
        'x-ratelimit-limit',
      ]),
    );
  });

  it('may read errors too if it is listed', async () => {
    const response = await send(`/v1/${ORGANIZATION}/service/`, { headers: { origin: ALLOWED_ORIGIN } });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      401,
      ALLOWED_ORIGIN,
    ]);
  });

  it('may not call if it is not listed or the organization does not exist', async () => {
    for (const [where, origin] of [
      [path, 'https://evil.example'],
      [path, 'null'],
      [path, `${ALLOWED_ORIGIN}.evil.example`],
      ['/v1/no-such-org/organization/', ALLOWED_ORIGIN],
    ] as const) {
      const response = await send(where, { headers: { origin } });
      expect([origin, response.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
    }
  });

  it('reads with a token that its organization does not exist, and reads nothing of one that does not list it', async () => {
    const alice = { organization: ORGANIZATION, user_id: ALICE };
    const { id_token } = await issueToken(testEnv.SIGNING_KEYS, alice, Date.now());
    const listed = async (organization: string) => {
      const where = `/v1/${organization}/conversation/`;
      const origin = 'https://anywhere.example';
      const preflight = await send(where, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      const response = await send(where, { headers: { origin, authorization: `Bearer ${id_token}` } });
      const { code } = (await response.json()) as { code?: string };
      const header = 'access-control-allow-origin';
      return [preflight.headers.get(header), response.headers.get(header), code];
    };
    const readable = ['https://anywhere.example', 'https://anywhere.example', 'organization_not_found'];
    expect(await listed('no-such-org')).toEqual(readable);
    expect(await listed('Nobody%27s organization')).toEqual(readable);
    expect(await listed(ORGANIZATION)).toEqual([null, null, undefined]);
  });

  it('gets a preflight answer that the browser may keep', async () => {
    const preflight = (origin: string) =>
      send(`/v1/${ORGANIZATION}/conversation/`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
    const allowed = await preflight(ALLOWED_ORIGIN);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed.headers.get('access-control-max-age')).toBe('7200');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('maintenance', () => {
  it('answers 503 to every request except /healthz if it is the deployment’s', async () => {
    for (const [value, seconds] of [
      ['true', '60'],
      ['120', '120'],
    ]) {
      const env = { ...testEnv, MAINTENANCE: value! };
      const response = await send(`/v1/${ORGANIZATION}/service/`, {}, env);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, seconds]);
      expect(await response.json()).toMatchObject({ code: 'maintenance' });
      expect((await send('/healthz', {}, env)).status).toBe(200);
    }
    expect(
      (await send(`/v1/${ORGANIZATION}/organization/`, {}, { ...testEnv, MAINTENANCE: 'false' })).status,
    ).toBe(200);
  });

  it('does not affect other organizations if it is one organization’s', async () => {
    const { organization } = testOrganization('0'.repeat(64));
    const closed = { ...organization, id: 'closed-org', maintenance: { retry_after_seconds: 300 } };
    await testEnv.REGISTRY.put(registryKey.organization('closed-org'), JSON.stringify(closed));
    const response = await send('/v1/closed-org/organization/');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '300']);
    expect((await send(`/v1/${ORGANIZATION}/organization/`)).status).toBe(200);
  });
});

describe('a registry that fails', () => {
  const REGISTRY = { get: () => Promise.reject(new Error('KV is down')) } as unknown as KVNamespace;

  it('ends requests with 503 and Retry-After if no copy is cached', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const env = { ...testEnv, REGISTRY };
    for (const path of ['/v1/never-seen/organization/', '/v1/never-seen/service/']) {
      const headers = { origin: ALLOWED_ORIGIN };
      const response = await send(path, { headers }, env);
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'registry_unavailable' }]);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  it('does not affect users whose organization is cached', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const user = await newUser();
    const headers = { authorization: await user.authorization() };
    const path = `/v1/${ORGANIZATION}/service/`;
    expect((await send(path, { headers })).status).toBe(200);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 10 * 60_000);
    expect((await send(path, { headers }, { ...testEnv, REGISTRY })).status).toBe(200);
  });
});

describe('bodies', () => {
  async function codeOf(body: ReadableStream<Uint8Array>, maxBytes: number, stallMs = 1000): Promise<string> {
    const request = new Request('http://localhost/', { method: 'POST', body });
    return readBody(request, maxBytes, stallMs).then(
      (bytes) => `${bytes.byteLength} bytes`,
      (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
    );
  }
  const chunks = (...sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const size of sizes) controller.enqueue(new Uint8Array(size));
        controller.close();
      },
    });

  it('are counted as they arrive, for any claimed length', async () => {
    expect(await codeOf(chunks(50, 50), 100)).toBe('100 bytes');
    expect(await codeOf(chunks(50, 51), 100)).toBe('body_too_large');
  });

  it('end with 408 if they stop arriving', async () => {
    const stalled = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
    });
    expect(await codeOf(stalled, 100, 20)).toBe('body_stalled');
  });

  it('end with 408 if they neither pause nor end', async () => {
    const trickle = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
        controller.enqueue(new Uint8Array(1));
      },
    });
    const request = new Request('http://localhost/', { method: 'POST', body: trickle });
    const read = async () => {
      for await (const _chunk of bodyChunks(request, { maxBytes: 1e9, stallMs: 60_000, totalMs: 50 }))
        continue;
    };
    await expect(read()).rejects.toMatchObject({ problem: { code: 'body_stalled' } });
  });

  it('are read whole for any division into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), async (parts) => {
        const body = new ReadableStream<Uint8Array>({
          start(controller) {
            for (const part of parts) controller.enqueue(new Uint8Array(part));
            controller.close();
          },
        });
        const read = await readBody(new Request('http://localhost/', { method: 'POST', body }));
        expect([...read]).toEqual(parts.flatMap((part) => [...part]));
      }),
      { numRuns: 30 },
    );
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/v1/nothing', `/v1/${ORGANIZATION}/organization/`, `/v1/${ORGANIZATION}/service/`])(
    'has security headers, an identifier and timings: %s',
    async (path) => {
      const { headers } = await send(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('server-timing')).toMatch(/operation;dur=\d+/);
    },
  );

  it('lists its stages if it is of an operation', async () => {
    const response = await new Client(ALICE).request('/service/');
    expect(response.headers.get('server-timing')).toMatch(
      /^maintenance;dur=\d+, credentials;dur=\d+, organization;dur=\d+, operation;dur=\d+$/,
    );
  });
});

describe('the log', () => {
  it('has a line for every request, without tokens, keys and words of messages', async () => {
    const lines: string[] = [];
    for (const method of ['log', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(String(line)));
    }
    const signIn = await send(`/v1/${ORGANIZATION}/user/signin_with_api_key`, {
      method: 'POST',
      headers: { 'x-api-key': API_KEY, 'x-api-key-id': API_KEY_ID, 'x-user-id': ALICE },
    });
    const { id_token } = await signIn.json<{ id_token: string }>();
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'My secret is swordfish.' });
    await user.say(id, '[fail] another swordfish');
    await user.request(`/conversation/${id}/messages/`, { headers: { authorization: `Bearer ${id_token}` } });
    const log = lines.join('\n');
    expect(lines.length).toBeGreaterThanOrEqual(4);
    for (const line of lines) {
      const entry = JSON.parse(line) as Record<string, unknown>;
      expect(typeof entry.event).toBe('string');
      expect(entry.request_id).toMatch(/^[0-9a-f-]{36}$/);
    }
    for (const secret of ['swordfish', id_token, API_KEY]) expect(log).not.toContain(secret);
  });
});

describe('the Authorization header', () => {
  it('accepts Basic credentials only in canonical encoding', () => {
    const encoded = btoa('o_u:abc');
    expect(parseAuthorization(`Basic ${encoded}`)).toEqual({
      jwt: 'abc',
      claimed: { organization: 'o', user_id: 'u' },
    });
    // The same bytes: without padding, and with bits set that no byte needs.
    expect(encoded).toBe('b191OmFiYw==');
    for (const other of ['b191OmFiYw', 'b191OmFiYw=', 'b191OmFiYx==', 'b191OmFiYz==']) {
      expect([other, parseAuthorization(`Basic ${other}`)]).toEqual([other, null]);
    }
  });

  it('is read or refused for any text, without an error of the server', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseAuthorization(text);
        return parsed === null || typeof parsed.jwt === 'string';
      }),
    );
  });

  it('returns the values that were put into Basic credentials', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(word, word, fc.stringMatching(/^[\w.-]{1,80}$/), (organization, user_id, jwt) => {
        const header = `Basic ${btoa(`${organization}_${user_id}:${jwt}`)}`;
        expect(parseAuthorization(header)).toEqual({ jwt, claimed: { organization, user_id } });
      }),
    );
  });
});
