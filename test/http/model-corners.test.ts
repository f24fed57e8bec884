/** Corners of the protocol over real HTTP: what servers of models send, byte by byte, and how it is read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunk, DONE, EVENTS, raw, REQUEST, StreamServer, trickled, type Answer } from './model-streams.ts';

const server = new StreamServer();
const read = (answer: Answer) => server.read(answer);
beforeAll(() => server.start());
afterAll(() => server.close());

describe('a stream', () => {
  const body = chunk({ content: 'Grüß dich 🎉 你好' }) + chunk({ content: ' ' }) + chunk({}, 'stop') + DONE;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const said = { text: 'Grüß dich 🎉 你好 ', reason: 'stop', failure: null };

  it.each([1, 2, 3, 7])('may come %d bytes at a time', async (size) => {
    expect(await read(trickled(bytes(body), size))).toMatchObject(said);
  });

  it.each([
    ['CRLF', body.replaceAll('\n', '\r\n')],
    ['CR alone', body.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${body}`],
    ['comments and other fields', `: hello\nretry: 10\nid: 7\nevent: message\n${body}: bye\n\n`],
    ['no space behind the colon', body.replaceAll('data: ', 'data:')],
    ['no empty line at its end', body.trimEnd()],
  ])('may have %s', async (_name, text) => {
    expect(await read(raw(text))).toMatchObject(said);
    // Split at every byte, also inside the mark, a comment and an end of a line.
    for (const size of [1, 5]) expect(await read(trickled(bytes(text), size))).toMatchObject(said);
  });

  it('fails, and fills no memory, where a line never ends', async () => {
    const piece = 'x'.repeat(64 * 1024);
    const endless: Answer = (response) => {
      response.writeHead(200, EVENTS).write('data: ');
      const write = () => {
        let hasRoom = true;
        while (hasRoom && !response.destroyed) hasRoom = response.write(piece);
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    };
    expect((await read(endless)).failure).toBe('failed');
  });
});

describe('a delta', () => {
  const ended = chunk({}, 'stop') + DONE;
  it.each(['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'])('may have %s', async (name) => {
    expect(await read(raw(chunk({ [name]: 'Hm.' }) + chunk({ content: 'Hi.' }) + ended))).toMatchObject({
      text: 'Hi.',
      reasoning: 'Hm.',
    });
  });

  it('may have a refusal, and its content as a list', async () => {
    expect((await read(raw(chunk({ refusal: 'I cannot.' }) + ended))).text).toBe('I cannot.');
    const content = [
      { type: 'text', text: 'Hi' },
      { type: 'thinking', thinking: [] },
      { type: 'text', text: '!' },
    ];
    expect((await read(raw(chunk({ content }) + ended))).text).toBe('Hi!');
  });

  it('may have calls without an index, in pieces', async () => {
    const call = (id: string, name: string, input: string) =>
      chunk({ tool_calls: [{ id, type: 'function', function: { name, arguments: input } }] });
    const more = (input: string) => chunk({ tool_calls: [{ function: { arguments: input } }] });
    const body =
      call('a', 'look', '{"day"') + more(': 1}') + call('b', 'book', '{}') + chunk({}, 'tool_calls') + DONE;
    expect((await read(raw(body))).calls).toEqual([
      ['look', '{"day": 1}'],
      ['book', '{}'],
    ]);
  });
});

describe('the end', () => {
  it('may be [DONE] alone, or the reason alone with usage behind it, or nothing but a closed connection', async () => {
    expect(await read(raw(chunk({ content: 'Hi.' }) + DONE))).toMatchObject({ text: 'Hi.', reason: 'stop' });
    const usage = {
      usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } },
    };
    const counted = chunk({ content: 'Hi.' }, 'stop', usage);
    expect(await read(raw(counted))).toMatchObject({
      usage: { input_tokens: 9, output_tokens: 2, cached_input_tokens: 8 },
      failure: null,
    });
    expect((await read(raw(chunk({ content: 'Hi.' })))).failure).toBe('failed');
  });

  it('may have its usage in a chunk of its own behind the reason, or never', async () => {
    const said = chunk({ content: 'Hi.' }) + chunk({}, 'stop');
    const usage = `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } })}\n\n`;
    for (const answer of [raw(said + usage + DONE), trickled(new TextEncoder().encode(said + usage), 3)]) {
      expect(await server.read(answer, null)).toMatchObject({
        text: 'Hi.',
        usage: { input_tokens: 9, output_tokens: 2 },
        failure: null,
      });
    }
    expect(await read(raw(said + DONE))).toMatchObject({ text: 'Hi.', reason: 'stop', failure: null });
  });

  it('counts although the connection stays open', async () => {
    const open: Answer = (response) => {
      response.writeHead(200, EVENTS).write(chunk({ content: 'Hi.' }, 'stop') + DONE);
    };
    expect(await read(open)).toMatchObject({ text: 'Hi.', reason: 'stop', failure: null });
  });
});

describe('an error', () => {
  it.each<[string, Answer, string]>([
    [
      'as JSON under status 200',
      raw('{"error":{"message":"x","code":429}}', { 'content-type': 'application/json' }),
      'rate-limited 429',
    ],
    [
      'as an event in the middle',
      raw(chunk({ content: 'Hi' }) + 'data: {"error":{"code":503}}\n\n'),
      'not-ready 503',
    ],
    ['with a code in words', raw('data: {"error":{"code":"server_error","message":"x"}}\n\n'), 'failed'],
    ['as a reason', raw(chunk({ content: 'Hi' }, 'error')), 'failed'],
    ['as a web page', raw('<html></html>', { 'content-type': 'text/html' }), 'empty'],
  ])('%s is a failure', async (_name, answer, failure) => {
    expect((await read(answer)).failure).toBe(failure);
  });

  it.each([301, 302, 303, 307, 308])(
    'has status %d and another host as its place, which gets neither the request nor the key',
    async (status) => {
      const elsewhere = new StreamServer();
      await elsewhere.start();
      try {
        const answer: Answer = (response) => {
          response.writeHead(status, { location: `${elsewhere.baseUrl}/chat/completions` }).end();
        };
        expect((await read(answer)).failure).toBe(`rejected ${status}`);
        expect(elsewhere.bodies).toEqual([]);
      } finally {
        elsewhere.close();
      }
    },
  );

  it.each([
    [301, 'rejected 301'],
    [307, 'rejected 307'],
    [401, 'rejected 401'],
    [408, 'failed 408'],
    [429, 'rate-limited 429'],
    [500, 'failed 500'],
    [503, 'not-ready 503'],
    [529, 'not-ready 529'],
  ])('has status %d and is %s', async (status, failure) => {
    const answer: Answer = (response) => {
      response.writeHead(status, { location: `${server.baseUrl}/elsewhere` }).end('{}');
    };
    const asked = server.bodies.length;
    expect((await read(answer)).failure).toBe(failure);
    expect(server.bodies).toHaveLength(asked + 1);
  });
});

describe('the dialect', () => {
  it('decides what is sent to each host', async () => {
    const { cacheOf, dialectOf } = await import('../../src/agent/language-model/chat/dialects.ts');
    const { cacheMembers } = await import('../../src/agent/language-model/chat/prompt-cache.ts');
    const ways = (address: string, model: string) => cacheOf(dialectOf(address), model);
    expect(dialectOf('https://api.mistral.ai/v1')).toMatchObject({ streamOptions: false, schemas: true });
    expect(dialectOf('https://api.anthropic.com/v1')).toMatchObject({ schemas: false });
    expect(ways('https://api.anthropic.com/v1', 'claude')).toBe('none');
    expect(dialectOf('https://mistral.ai.example/v1')).toMatchObject({ streamOptions: true });
    const request = { ...REQUEST, messages: [{ role: 'system' as const, content: 'You are Mira.' }] };
    const openAi = cacheMembers(ways('https://api.openai.com/v1', 'gpt'), request);
    expect(openAi).toEqual(cacheMembers(ways('https://api.openai.com/v1', 'gpt'), request));
    expect(openAi).toHaveProperty('prompt_cache_key');
    const router = 'https://openrouter.ai/api/v1';
    expect(JSON.stringify(cacheMembers(ways(router, 'anthropic/claude'), request))).toContain('ephemeral');
    expect(cacheMembers(ways(router, 'meta/llama'), request)).toEqual({});
  });
});
