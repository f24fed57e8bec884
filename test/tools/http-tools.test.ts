import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Tool } from '../../src/registry/capabilities.ts';
import type { ToolCallSpec } from '../../src/registry/graph.ts';
import { resolveTool } from '../../src/registry/tool-versions.ts';
import { HttpTools, MAX_TOOL_OUTPUT_BYTES } from '../../src/tools/http-tools.ts';

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
    headers: { 'x-plain': 'yes', authorization: { secret: 'TOOL_TOKEN' } },
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

describe('a tool', () => {
  const call = async (input: Record<string, unknown>, signal = new AbortController().signal) => {
    const tools = new HttpTools([tool(['1.0'])], (name) =>
      name === 'TOOL_TOKEN' ? 'Bearer s3cret' : undefined,
    );
    return (await tools.call(tools.candidate(spec('')), input, signal)).output;
  };

  it('is sent its input with its headers, and says what it says', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('10:00 and 11:30'));
    expect(await call({ day: 'Monday' })).toBe('10:00 and 11:30');
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toBe('https://tools.example/1.0');
    expect([init?.method, init?.body, init?.redirect]).toEqual(['POST', '{"day":"Monday"}', 'manual']);
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({
      authorization: 'Bearer s3cret',
      'content-type': 'application/json',
      'x-plain': 'yes',
    });
  });

  it('is not sent an input that its schema refuses', async () => {
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
  ])('that %s is told to the agent, without its words', async (_name, answer, expected) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
    expect(await call({ day: 'Monday' })).toMatch(expected);
  });

  it('that does not answer in time is given up', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    vi.spyOn(globalThis, 'fetch').mockImplementation(
      (_input, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
        }),
    );
    expect(await call({ day: 'Monday' })).toBe('Error: the tool did not answer in time.');
  });

  it('that says too much is cut', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('x'.repeat(MAX_TOOL_OUTPUT_BYTES + 1000)));
    const output = await call({ day: 'Monday' });
    expect(output).toHaveLength(
      MAX_TOOL_OUTPUT_BYTES + `\n[cut after ${MAX_TOOL_OUTPUT_BYTES} bytes]`.length,
    );
  });
});
