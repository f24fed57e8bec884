import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamReader } from '../../../../src/agent/language-model/chat/event-stream-reader.ts';
import type { ChatPart } from '../../../../src/agent/language-model/chat/port.ts';
import { ProviderFailure } from '../../../../src/provider-failure.ts';

function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const chunk = rest.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

/** Reads a body that arrives in these chunks: the parts, with neighbouring texts joined, and how it failed. */
async function read(chunks: readonly Uint8Array[]) {
  const reader = new EventStreamReader(bodyOf(chunks));
  const parts: ChatPart[] = [];
  let failure: string | null = null;
  try {
    for (let arrived = await reader.next(); arrived !== null; arrived = await reader.next())
      parts.push(...arrived);
  } catch (error) {
    failure = error instanceof ProviderFailure ? error.kind : String(error);
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const reasoning = parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
  const others = parts.filter(({ type }) => type !== 'text' && type !== 'reasoning');
  return { text, reasoning, others, failure };
}

const encode = (text: string) => new TextEncoder().encode(text);
const readText = (text: string) => read([encode(text)]);

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: fields, finish_reason }] });
const STOP = delta({}, 'stop');
const DONE = 'data: [DONE]\n\n';
const END = { type: 'end', reason: 'stop' };

const ANSWER = [
  '\ufeff: a comment\n\n',
  'event: message\nid: 7\nretry: 10\n',
  delta({ role: 'assistant', content: '' }),
  delta({ reasoning_content: 'Hm, müde?' }),
  delta({ content: 'Grüße 🎉 an ' }),
  ': keep-alive\n\n',
  delta({ content: 'Anna\u2028!' }),
  delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'find', arguments: '{"d' } }] }),
  delta({ tool_calls: [{ index: 0, function: { arguments: 'ay":"Fr"}' } }] }),
  delta({}, 'tool_calls'),
  event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } }),
  DONE,
].join('');

const WHOLE = {
  text: 'Grüße 🎉 an Anna\u2028!',
  reasoning: 'Hm, müde?',
  others: [
    { type: 'tool-call', id: 'a', name: 'find', input: '{"day":"Fr"}' },
    { type: 'end', reason: 'tool-calls' },
    { type: 'usage', usage: { input_tokens: 9, output_tokens: 4 } },
  ],
  failure: null,
};

describe('a stream of server-sent events', () => {
  it.each(['\n', '\r\n', '\r'])(
    'reads the same split at every byte, with lines that end in %j',
    async (lineEnd) => {
      const bytes = encode(ANSWER.replaceAll('\n', lineEnd));
      for (let at = 1; at < bytes.length; at += 1) {
        expect(await read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(WHOLE);
      }
      expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(WHOLE);
    },
  );

  it('reads the same however it is cut', async () => {
    const bytes = encode(ANSWER);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(await read(chunks)).toEqual(WHOLE);
      }),
      { numRuns: 50 },
    );
  });

  it('joins what arrives together into one piece', async () => {
    const reader = new EventStreamReader(
      bodyOf([encode(delta({ content: 'One ' }) + delta({ content: 'two' }))]),
    );
    expect(await reader.next()).toEqual([{ type: 'text', text: 'One two' }]);
  });

  it('joins a character that the provider sends in two halves', async () => {
    const halves = delta({ content: 'a\ud83c' }) + delta({ content: '\udf89b' }) + STOP;
    expect(await readText(halves)).toMatchObject({ text: 'a🎉b', others: [END] });
    expect(await readText(delta({ content: 'a\ud83c' }) + STOP)).toMatchObject({
      text: 'a\ufffd',
      others: [END],
    });
  });

  it.each<[string, string]>([
    ['with a reason and no [DONE]', STOP],
    ['with [DONE] and no reason', DONE],
    ['with both', STOP + DONE],
    ['with a reason and rubbish behind it', `${STOP}data: {"choices\n\n${DONE}`],
    ['in the middle of its last line', STOP.trimEnd()],
  ])('is whole when it ends %s', async (_name, ending) => {
    expect(await readText(delta({ content: 'Hello.' }) + ending)).toEqual({
      text: 'Hello.',
      reasoning: '',
      others: [END],
      failure: null,
    });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'empty'],
    ['only comments', ': hello\n\n', 'empty'],
    ['a text and then nothing', delta({ content: 'Hel' }), 'failed'],
    [
      'an error in the middle',
      delta({ content: 'Hel' }) + event({ error: { message: 'no' } }) + DONE,
      'failed',
    ],
    ['an error as an event', 'event: error\ndata: {"error":{"code":500}}\n\n', 'failed'],
    ['an end by an error', delta({}, 'error'), 'failed'],
    ['JSON that breaks off', 'data: {"choices": [{"delta":\n\n', 'failed'],
    ['JSON of another form', 'data: {"choices": "no"}\n\n', 'failed'],
    ['no JSON', 'data: hello\n\n', 'failed'],
  ])('fails on %s', async (_name, body, kind) => {
    expect((await readText(body)).failure).toBe(kind);
  });

  it('gives up a line without an end before it fills the memory', async () => {
    const chunk = encode(`data: "${'x'.repeat(64 * 1024)}`.slice(0, 64 * 1024));
    const reader = new EventStreamReader(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(chunk);
        },
      }),
    );
    let reads = 0;
    const readOn = async () => {
      for (; reads < 1_000; reads += 1) await reader.next();
    };
    await expect(readOn()).rejects.toMatchObject({ kind: 'failed' });
    expect(reads).toBeLessThan(32);
  });

  it('ends for a reader that cancels while it is read', async () => {
    const reader = new EventStreamReader(new ReadableStream({}));
    const next = reader.next();
    reader.cancel();
    expect(await next).toBeNull();
    expect(await reader.next()).toBeNull();
  });
});

describe('the dialects of providers', () => {
  it.each<[string, object]>([
    ['a string', { content: 'Hello.' }],
    [
      'a list of parts',
      { content: [{ type: 'text', text: 'Hel' }, { type: 'image' }, { type: 'text', text: 'lo.' }] },
    ],
    ['a refusal', { content: null, refusal: 'Hello.' }],
  ])('give text as %s', async (_name, fields) => {
    expect((await readText(delta(fields) + STOP)).text).toBe('Hello.');
  });

  it.each(['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'])(
    'call reasoning %s',
    async (name) => {
      const { text, reasoning } = await readText(
        delta({ [name]: 'Hm.' }) + delta({ content: 'Yes.' }) + STOP,
      );
      expect([text, reasoning]).toEqual(['Yes.', 'Hm.']);
    },
  );

  const CALLS = [
    { type: 'tool-call', id: 'a', name: 'one', input: '{"x":1}' },
    { type: 'tool-call', id: 'b', name: 'two', input: '{"y":2}' },
  ];
  const piece = (id: string | undefined, name: string | undefined, args: unknown, index?: number) => ({
    ...(index !== undefined && { index }),
    ...(id !== undefined && { id }),
    function: { ...(name !== undefined && { name }), arguments: args },
  });

  it.each<[string, object[][]]>([
    [
      'by index, mixed',
      [
        [piece('a', 'one', '{"x"', 0), piece('b', 'two', '{', 1)],
        [piece(undefined, undefined, ':1}', 0), piece(undefined, undefined, '"y":2}', 1)],
      ],
    ],
    [
      'without an index, one after the other',
      [
        [piece('a', 'one', '{"x"')],
        [piece(undefined, undefined, ':1}')],
        [piece('b', 'two', '{"y"')],
        [piece(undefined, undefined, ':2}')],
      ],
    ],
    [
      'without an index, each with its identifier',
      [
        [piece('a', 'one', '{"x"')],
        [piece('a', undefined, ':1}')],
        [piece('b', 'two', '{"y"')],
        [piece('b', undefined, ':2}')],
      ],
    ],
    ['whole, with objects for input', [[piece('a', 'one', { x: 1 }, 0), piece('b', 'two', { y: 2 }, 1)]]],
  ])('send calls %s', async (_name, deltas) => {
    const body = deltas.map((tool_calls) => delta({ tool_calls })).join('') + delta({}, 'tool_calls');
    expect((await readText(body)).others.slice(0, 2)).toEqual(CALLS);
  });

  it('leave identifiers of calls away', async () => {
    const calls = [piece(undefined, 'one', '{}'), piece(undefined, 'two', '{}')];
    const { others } = await readText(delta({ tool_calls: calls }) + DONE);
    expect(others).toEqual([
      { type: 'tool-call', id: 'call_0', name: 'one', input: '{}' },
      { type: 'tool-call', id: 'call_1', name: 'two', input: '{}' },
      { type: 'end', reason: 'tool-calls' },
    ]);
  });

  it.each([
    ['stop', 'stop'],
    ['STOP', 'stop'],
    ['end_turn', 'stop'],
    ['length', 'length'],
    ['MAX_TOKENS', 'length'],
    ['content_filter', 'filtered'],
    ['something_new', 'stop'],
  ])('end by %s', async (reason, meaning) => {
    const { others } = await readText(delta({ content: 'Hello.' }) + delta({}, reason));
    expect(others).toEqual([{ type: 'end', reason: meaning }]);
  });

  it('count tokens in the last chunk, in every chunk, or never', async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 1 };
    const inLast = delta({ content: 'a' }) + STOP + event({ choices: [], usage }) + DONE;
    const inStop =
      delta({ content: 'a' }) + event({ choices: [{ delta: {}, finish_reason: 'stop' }], usage });
    for (const body of [inLast, inStop]) {
      expect((await readText(body)).others).toContainEqual({
        type: 'usage',
        usage: { input_tokens: 3, output_tokens: 1 },
      });
    }
    expect((await readText(delta({ content: 'a' }) + STOP)).others).toEqual([END]);
  });

  it('may send text and usage in one event, as Workers AI does', async () => {
    const body = event({ response: 'Hel' }) + event({ response: 'lo.', usage: { prompt_tokens: 3 } }) + DONE;
    expect(await readText(body)).toMatchObject({ text: 'Hello.', failure: null });
  });
});
