import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Tool } from '../../src/registry/capabilities.ts';
import type { ToolCallSpec } from '../../src/registry/graph.ts';
import { resolveTool } from '../../src/registry/tool-versions.ts';
import type { ToolCallClaims, ToolCaller } from '../../src/tools/call-identity.ts';
import { HttpTools, MAX_TOOL_OUTPUT_BYTES, type ToolSetting } from '../../src/tools/http-tools.ts';

const ID = 'a'.repeat(24);
const tool = (versions: string[]): Tool => ({
  id: ID,
  name: 'openings',
  versions: versions.map((version) => ({
    version,
    description: 'Free times of a day.',
    input_schema: {
      type: 'object',
      properties: { day: { type: 'string' } },
      required: ['day'],
      additionalProperties: false,
    },
    url: `https://tools.example/${version}`,
    headers: { 'x-plain': 'yes', authorization: { secret: 'TOOL_FRUIT_STALL__TOKEN' } },
    timeout_ms: 100,
  })),
});
const spec = (version_constraint: string): ToolCallSpec => ({
  tool_id: ID,
  version_constraint,
  additional_instruction: 'Use it.',
  audio_fillers: [],
  audio_filler_triggered_after: 1,
  result_persistence: 'ephemeral',
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a version constraint', () => {
  it.each([
    ['>=1.0,<2', '1.10'],
    ['~=1.2', '1.10'],
    ['==1.2', '1.2'],
    ['==1.*', '1.10'],
    ['!=2.0', '1.10'],
    ['', '2.0'],
    ['>=3', null],
  ])('%s means %s', (constraint, expected) => {
    expect(
      resolveTool([tool(['1.0', '1.2', '1.10', '2.0'])], spec(constraint))?.version.version ?? null,
    ).toBe(expected);
  });
});

const CALLER: ToolCaller = {
  organization: 'fruit-stall',
  user_id: 'u'.repeat(24),
  conversation_id: 'c'.repeat(24),
  interaction: 3,
};
const SETTING: ToolSetting = {
  secret: (name) => (name === 'TOOL_FRUIT_STALL__TOKEN' ? 'Bearer s3cret' : undefined),
  variables: () => Promise.resolve({ record_number: 'A 7', motto: 'süß' }),
  sign: (claims) => Promise.resolve(JSON.stringify(claims)),
  privateAddresses: false,
};

function toolsWith(setting: Partial<ToolSetting> = {}, caller: Partial<ToolCaller> = {}, of = tool(['1.0'])) {
  return new HttpTools([of], { ...CALLER, ...caller }, { ...SETTING, ...setting });
}

/** The headers that a call was sent with. */
function sentHeaders(call: Parameters<typeof fetch> | undefined): Record<string, string> {
  return Object.fromEntries(new Headers(call?.[1]?.headers as HeadersInit));
}

describe('a tool', () => {
  const call = async (input: Record<string, unknown>, signal = new AbortController().signal) => {
    const tools = toolsWith();
    return (await tools.call(tools.candidate(spec('')), input, signal)).output;
  };

  it('gets its input with its headers, and its output is returned', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('10:00 and 11:30'));
    expect(await call({ day: 'Monday' })).toBe('10:00 and 11:30');
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe('https://tools.example/1.0');
    expect([init?.method, init?.body, init?.redirect]).toEqual(['POST', '{"day":"Monday"}', 'manual']);
    expect(sentHeaders(fetched.mock.calls[0])).toMatchObject({
      authorization: 'Bearer s3cret',
      'content-type': 'application/json',
      'x-plain': 'yes',
    });
  });

  it('does not get an input that its schema refuses', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    expect(await call({})).toMatch(/^Error: the input is not valid\./);
    expect(await call({ day: 7 })).toMatch(/^Error: the input is not valid\./);
    expect(fetched).not.toHaveBeenCalled();
  });

  it.each<[string, () => Promise<Response>, RegExp]>([
    [
      'answers with an error',
      () => Promise.resolve(new Response('a stack trace', { status: 500 })),
      /^Error: the tool answered with status 500\.$/,
    ],
    [
      'redirects',
      () =>
        Promise.resolve(new Response(null, { status: 302, headers: { location: 'https://evil.example' } })),
      /status 302/,
    ],
    [
      'cannot be reached',
      () => Promise.reject(new Error('no route to 10.0.0.1')),
      /^Error: the tool cannot be reached\.$/,
    ],
  ])('is reported to the agent without its words if it %s', async (_name, answer, expected) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
    expect(await call({ day: 'Monday' })).toMatch(expected);
  });

  it('is aborted if it does not answer in time', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
        }),
    );
    expect(await call({ day: 'Monday' })).toBe('Error: the tool did not answer in time.');
  });

  it('has its output cut at the maximum', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('x'.repeat(MAX_TOOL_OUTPUT_BYTES + 1000)));
    const output = await call({ day: 'Monday' });
    expect(output).toHaveLength(
      MAX_TOOL_OUTPUT_BYTES + `\n[cut after ${MAX_TOOL_OUTPUT_BYTES} bytes]`.length,
    );
  });
});

describe('the identity of a call', () => {
  /** The headers of calls that one turn makes, one after another. */
  async function callsOfTurn(caller: Partial<ToolCaller>, ...inputs: Record<string, unknown>[]) {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('ok')));
    fetched.mockClear();
    const tools = toolsWith({}, caller);
    const candidate = tools.candidate(spec(''));
    for (const input of inputs) await tools.call(candidate, input, new AbortController().signal);
    return fetched.mock.calls.map(sentHeaders);
  }
  const keysOfTurn = async (caller: Partial<ToolCaller>, ...inputs: Record<string, unknown>[]) =>
    (await callsOfTurn(caller, ...inputs)).map((headers) => headers['idempotency-key']);

  it('has the organization, user and conversation for any configured headers', async () => {
    const configured = tool(['1.0']);
    configured.versions[0]!.headers = { 'X-User-Id': 'somebody-else', 'Idempotency-Key': 'fixed' };
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('ok'));
    const tools = toolsWith({}, {}, configured);
    await tools.call(tools.candidate(spec('')), { day: 'Monday' }, new AbortController().signal);
    const headers = sentHeaders(fetched.mock.calls[0]);
    expect(headers).toMatchObject({
      'x-organization-id': 'fruit-stall',
      'x-user-id': CALLER.user_id,
      'x-conversation-id': CALLER.conversation_id,
    });
    expect(headers['idempotency-key']).toMatch(/^[\w-]{43}$/);
  });

  it('signs the caller, the tool’s origin, the key and the body', async () => {
    const [headers] = await callsOfTurn({}, { day: 'Monday' });
    const claims = JSON.parse(headers?.['x-tool-call-token'] ?? '') as ToolCallClaims;
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('{"day":"Monday"}'));
    expect(claims).toEqual({
      aud: 'https://tools.example',
      sub: CALLER.user_id,
      org: 'fruit-stall',
      conversation_id: CALLER.conversation_id,
      jti: headers?.['idempotency-key'],
      body_sha256: new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true }),
    });
  });

  it('has the same keys if the turn is repeated, for any order of the input’s members', async () => {
    const first = await keysOfTurn({}, { day: 'Monday', time: { from: 1, to: 2 } }, { day: 'Tuesday' });
    const again = await keysOfTurn({}, { time: { to: 2, from: 1 }, day: 'Monday' }, { day: 'Tuesday' });
    expect(again).toEqual(first);
  });

  it.each<[string, Partial<ToolCaller>, Record<string, unknown>]>([
    ['another interaction', { interaction: 4 }, { day: 'Monday' }],
    ['another conversation', { conversation_id: 'd'.repeat(24) }, { day: 'Monday' }],
    ['another organization', { organization: 'fruit_stall' }, { day: 'Monday' }],
    ['another input', {}, { day: 'Tuesday' }],
    ['a list in another order', {}, { day: 'Monday', list: [2, 1] }],
  ])('has another key for %s', async (_what, caller, input) => {
    const [known] = await keysOfTurn({}, { day: 'Monday', ...('list' in input && { list: [1, 2] }) });
    expect(await keysOfTurn(caller, input)).not.toContain(known);
  });

  it('has another key for the same call made twice in one turn', async () => {
    const [first, second] = await keysOfTurn({}, { day: 'Monday' }, { day: 'Monday' });
    expect(second).not.toBe(first);
  });
});

describe('a tool that asks for variables of the user', () => {
  const asking = (...names: string[]): Tool => {
    const configured = tool(['1.0']);
    const headers = Object.fromEntries(names.map((name) => [`x-${name}`, { user_variable: name }]));
    Object.assign(configured.versions[0]!, { headers });
    return configured;
  };

  it('gets them in its headers, as ASCII, and they are read once in a turn', async () => {
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('ok')));
    const variables = vi.fn(SETTING.variables);
    const tools = toolsWith({ variables }, {}, asking('record_number', 'motto'));
    const candidate = tools.candidate(spec(''));
    for (const day of ['Monday', 'Tuesday'])
      await tools.call(candidate, { day }, new AbortController().signal);
    expect(sentHeaders(fetched.mock.calls[1])).toMatchObject({
      'x-record_number': 'A 7',
      'x-motto': 's%C3%BC%C3%9F',
    });
    expect([variables.mock.calls.length, fetched.mock.calls.length]).toEqual([1, 2]);
  });

  it('is not called for a user without one of them, and the agent learns its name', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const tools = toolsWith({}, {}, asking('record_number', 'insurance'));
    const outcome = await tools.call(
      tools.candidate(spec('')),
      { day: 'Monday' },
      new AbortController().signal,
    );
    expect(outcome.output).toBe('Error: the user has no variable "insurance".');
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe('a tool that may not be called as it is configured', () => {
  async function called(
    setting: Partial<ToolSetting>,
    changes: Partial<Tool['versions'][number]>,
    organization = 'fruit-stall',
  ) {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const fetched = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => Promise.resolve(new Response('ok')));
    const configured = tool(['1.0']);
    Object.assign(configured.versions[0]!, changes);
    const tools = toolsWith(setting, { organization }, configured);
    const { output } = await tools.call(
      tools.candidate(spec('')),
      { day: 'x' },
      new AbortController().signal,
    );
    return { output, requests: fetched.mock.calls.length, log: logged.mock.calls.flat().join('\n') };
  }

  it('is not called if its secret is missing, and the log names the secret', async () => {
    const { output, requests, log } = await called({ secret: () => undefined }, {});
    expect([output, requests]).toEqual(['Error: the tool is not configured.', 0]);
    expect(log).toContain('TOOL_FRUIT_STALL__TOKEN is not set');
  });

  it.each(['fruit', 'stall', 'fruit-stall-token', 'other'])(
    'does not get the secret in organization %s',
    async (id) => {
      const { output, requests } = await called({ secret: () => 'leaked' }, {}, id);
      expect([output, requests]).toEqual(['Error: the tool is not configured.', 0]);
    },
  );

  it('is called at a private address only in development', async () => {
    const url = 'http://192.168.0.7/tool';
    expect((await called({}, { url })).requests).toBe(0);
    expect((await called({ privateAddresses: true }, { url })).output).toBe('ok');
  });
});
