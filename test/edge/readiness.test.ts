/** Readiness, hosts and the public origin, as requests see them. */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../src/bindings.ts';
import app from '../../src/index.ts';
import { newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { recordingOf } from '../support/scripted-speech.ts';
import { parseLines } from '../support/client.ts';
import { ALICE, ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

afterEach(() => {
  vi.restoreAllMocks();
});

async function send(url: string, env: Env = testEnv, init: RequestInit = {}): Promise<Response> {
  const request = new Request(url, init) as Request<unknown, IncomingRequestCfProperties>;
  return app.fetch(request, env, {} as ExecutionContext);
}

function without(...names: (keyof Env)[]): Env {
  return Object.fromEntries(
    Object.entries(testEnv).filter(([name]) => !names.includes(name as keyof Env)),
  ) as Env;
}

interface NotReady {
  code: string;
  detail: string;
  errors: { loc: string[]; msg: string; type: string }[];
}

/** The variables that `/readyz` names; none when it is ready. */
async function notReady(env: Env): Promise<string[]> {
  const response = await send('http://localhost/readyz', env);
  if (response.status === 200) {
    expect(await response.json()).toMatchObject({ status: 'ready' });
    return [];
  }
  expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  expect(response.headers.get('retry-after')).not.toBeNull();
  const { code, detail, errors } = await response.json<NotReady>();
  expect(code).toBe('deployment_misconfigured');
  return errors.map(({ loc: [place, variable = ''], msg, type }) => {
    expect([place, type]).toEqual(['environment', 'not_configured']);
    expect(detail).toContain(`${variable} ${msg}`);
    return variable;
  });
}

describe('/readyz', () => {
  it('answers 200 when the deployment can serve', async () => {
    expect(await notReady(testEnv)).toEqual([]);
  });

  it.each([
    'CONVERSATION',
    'DIRECTORY',
    'LIMITER',
    'MEMORY',
    'REGISTRY_OBJECT',
    'BUDGET',
    'REGISTRY',
    'COUNTERS',
    'AUDIO',
  ] as const)('names the binding %s if it is missing', async (name) => {
    expect(await notReady(without(name))).toEqual([name]);
  });

  it.each<[string, Partial<Env>]>([
    ['SIGNING_KEYS', { SIGNING_KEYS: '' }],
    ['SIGNING_KEYS', { SIGNING_KEYS: 'swordfish' }],
    ['SIGNING_KEYS', { SIGNING_KEYS: '{"keys":[{"kid":"swordfish"}]}' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'swordfish' }],
    ['ALLOWED_HOSTS', { ALLOWED_HOSTS: 'http://swordfish' }],
    ['LLM_PROVIDER', { LLM_API_KEY: 'swordfish' }],
    [
      'LLM_BASE_URL',
      { LLM_PROVIDER: 'openai-compatible', LLM_BASE_URL: 'swordfish', LLM_MODEL: 'swordfish' },
    ],
    ['LLM_MODEL', { LLM_PROVIDER: 'openai-compatible', LLM_BASE_URL: 'https://swordfish.example' }],
    ['AI', { LLM_PROVIDER: 'workers-ai', LLM_MODEL: 'swordfish' }],
    ['LLM_ANSWER_MS', { LLM_ANSWER_MS: 'swordfish' }],
    ['EMBEDDED_PACE_MS', { EMBEDDED_PACE_MS: 'swordfish' }],
    ['WORKBENCH', { WORKBENCH: 'swordfish' }],
    ['DEMO', { DEMO: 'swordfish' }],
    ['VARIABLES_KEYS', { VARIABLES_KEYS: 'swordfish' }],
    ['AUDIO_EU', { JURISDICTIONS: 'on' }],
    ['SPEECH_PROVIDER', { SPEECH_API_KEY: 'swordfish' }],
    ['SPEECH_BASE_URL', { SPEECH_PROVIDER: 'openai-compatible' }],
  ])('names %s, and no value', async (variable, variables) => {
    const env = { ...testEnv, ...variables };
    expect(await notReady(env)).toEqual([variable]);
    expect(await (await send('http://localhost/readyz', env)).text()).not.toContain('swordfish');
  });

  /** The parts that `/readyz` says are not configured. */
  async function leftOut(env: Env): Promise<string[]> {
    const response = await send('http://localhost/readyz', env);
    const { not_configured } = await response.json<{
      not_configured: { variable: string; effect: string }[];
    }>();
    expect([response.status, not_configured.every(({ effect }) => effect.endsWith('.'))]).toEqual([
      200,
      true,
    ]);
    return not_configured.map(({ variable }) => variable);
  }

  const OPTIONAL = ['LLM_PROVIDER', 'SPEECH_PROVIDER', 'TURNSTILE_SECRET', 'VARIABLES_KEYS', 'TURNS'];

  it('says what is not configured and can be left out, and is ready all the same', async () => {
    expect(await leftOut(testEnv)).toEqual(OPTIONAL);
    for (const OPERATOR_TOKEN of ['', 'x'.repeat(31)])
      expect(await leftOut({ ...testEnv, OPERATOR_TOKEN })).toEqual(['OPERATOR_TOKEN', ...OPTIONAL]);
  });

  const CONFIGURED = {
    ...testEnv,
    LLM_PROVIDER: 'openai-compatible',
    LLM_BASE_URL: 'https://model.example/v1',
    LLM_MODEL: 'm',
    LLM_API_KEY: 'k',
    SPEECH_API_KEY: 'k',
    SPEECH_PROVIDER: 'openai-compatible',
    SPEECH_BASE_URL: 'https://speech.example/v1',
    TURNSTILE_SECRET: 's',
    VARIABLES_KEYS: 'a'.repeat(32),
    TURNS: { writeDataPoint: () => undefined },
  };

  it('names no part that is configured', async () => {
    expect(await leftOut(CONFIGURED)).toEqual([]);
  });

  it.each(['LLM_API_KEY', 'SPEECH_API_KEY'] as const)(
    'names %s of a provider with an address',
    async (name) => {
      expect(await leftOut({ ...CONFIGURED, [name]: '' })).toEqual([name]);
    },
  );

  it.each([
    [['AUDIO_EU'], ['AUDIO_US', 'AUDIO_FEDRAMP']],
    [['AUDIO_US'], ['AUDIO_EU', 'AUDIO_FEDRAMP']],
    [['AUDIO_EU', 'AUDIO_US', 'AUDIO_FEDRAMP'], []],
  ])('names the buckets of jurisdictions that are not bound beside %j', async (bound, missing) => {
    const buckets = Object.fromEntries(bound.map((name) => [name, testEnv.AUDIO]));
    const env = { ...testEnv, JURISDICTIONS: 'on', ...buckets };
    expect(await leftOut(env)).toEqual([...OPTIONAL, ...missing]);
  });

  it('names everything at once', async () => {
    const { SIGNING_KEYS: _keys, AUDIO: _audio, ...rest } = testEnv;
    expect(await notReady({ ...rest, LLM_MODEL: 'm' } as Env)).toEqual([
      'AUDIO',
      'SIGNING_KEYS',
      'LLM_PROVIDER',
    ]);
  });

  it('names the registry when it fails', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const REGISTRY = { get: () => Promise.reject(new Error('KV is down')) } as unknown as KVNamespace;
    expect(await notReady({ ...testEnv, REGISTRY })).toEqual(['REGISTRY']);
    expect(log).toHaveBeenCalledOnce();
  });

  it('never answers 500, whatever is missing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await notReady({} as Env)).length).toBeGreaterThan(7);
  });

  it('answers 503 during maintenance', async () => {
    const response = await send('http://localhost/readyz', { ...testEnv, MAINTENANCE: '120' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '120']);
    expect(await response.json()).toMatchObject({ code: 'maintenance' });
  });

  it('does not affect /healthz, which says that the Worker runs', async () => {
    expect((await send('http://localhost/healthz', without('SIGNING_KEYS', 'REGISTRY'))).status).toBe(200);
  });
});

describe('a development server', () => {
  const requests = [
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/v1/openapi.json'],
    ['GET', `/v1/${ORGANIZATION}/organization/`],
    ['GET', '/demo/features'],
    ['POST', '/demo/session'],
    ['GET', '/workbench/api/identities'],
    ['POST', '/workbench/api/session'],
    ['GET', '/recordings/o/c/r'],
    ['GET', '/no/such/path'],
  ] as const;

  it.each(requests)('answers %s %s for its own machine only', async (method, path) => {
    const body = method === 'POST' ? JSON.stringify({ organization: ORGANIZATION, user_id: ALICE }) : null;
    for (const origin of ['http://evil.example', 'http://evil.example:8787', 'http://192.168.0.9']) {
      const response = await send(`${origin}${path}`, testEnv, { method, body });
      expect([response.status, await response.json()]).toMatchObject([421, { code: 'host_not_allowed' }]);
    }
    expect((await send(`http://localhost:8787${path}`, testEnv, { method, body })).status).not.toBe(421);
  });

  it('answers for the hosts that it lists', async () => {
    const env = { ...testEnv, ALLOWED_HOSTS: 'devbox' };
    expect((await send('http://devbox:8787/healthz', env)).status).toBe(200);
    expect((await send('http://evil.example/healthz', env)).status).toBe(421);
  });
});

it('a production deployment answers for every host that reaches it', async () => {
  const production = without('DEVELOPMENT');
  expect((await send('https://api.example/healthz', production)).status).toBe(200);
  expect((await send('http://10.0.0.1/readyz', production)).status).toBe(200);
});

describe('behind a proxy that ends TLS', () => {
  const env = { ...testEnv, PUBLIC_ORIGIN: 'https://api.example' };

  it('the document and the URLs of recordings name the public origin', async () => {
    const document = await (await send('http://localhost/v1/openapi.json', env)).json();
    expect(document).toMatchObject({ servers: [{ url: 'https://api.example' }] });
    const user = await newUser();
    const { id } = await user.begin();
    const [spoken] = parseLines(await (await user.interactVoice(id, recordingOf('apples'))).text());
    const path = `/v1/${ORGANIZATION}/conversation/${id}/messages/${String(spoken?.message_id)}/source`;
    const headers = { authorization: await user.authorization() };
    const source = await (await send(`http://localhost${path}`, env, { headers })).json<{ url: string }>();
    expect(source.url).toMatch(/^https:\/\/api\.example\/recordings\//);
    // The proxy passes the request on under the name that it knows.
    const passedOn = source.url.replace('https://api.example', 'http://localhost');
    expect((await send(passedOn, env)).status).toBe(200);
  });

  it('an invalid origin ends with 503, and other operations work', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const wrong = { ...testEnv, PUBLIC_ORIGIN: 'api.example' };
    const response = await send('http://localhost/v1/openapi.json', wrong);
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { code: 'deployment_misconfigured' },
    ]);
    expect((await send(`http://localhost/v1/${ORGANIZATION}/organization/`, wrong)).status).toBe(200);
  });
});
