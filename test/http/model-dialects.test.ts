/**
 * The streams of providers, over real HTTP. The fixtures are written after the published formats of each provider, with the
 * members that the others do not have.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raw, StreamServer, trickled } from './model-streams.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/model-streams');
const server = new StreamServer();
beforeAll(() => server.start());
afterAll(() => server.close());

function fixture(name: string): Promise<Buffer> {
  return readFile(join(FIXTURES, `${name}.txt`));
}

const CALL = ['look_up', '{"day":"Fri"}'];

describe('the stream of', () => {
  it.each([
    ['anthropic', { text: '{"action": 0}\nGrüß dich.', usage: { input_tokens: 12, output_tokens: 5 } }],
    ['google', { text: 'Let me see.', calls: [CALL], usage: { output_tokens: 9 } }],
    ['mistral', { text: 'Hi.', reasoning: 'Hm. A greeting.', usage: { output_tokens: 4 } }],
    ['groq', { text: 'Hi there.', reasoning: 'The user greets.', usage: { input_tokens: 40 } }],
    ['ollama', { text: 'Hi', reasoning: 'Hm.', calls: [CALL], usage: { input_tokens: 26 } }],
    [
      'vllm',
      {
        text: '',
        reasoning: 'Hm.',
        calls: [
          ['look_up', '{"day": "Fri"}'],
          ['look_up', '{}'],
        ],
        usage: { output_tokens: 21, cached_input_tokens: 64 },
      },
    ],
    ['lm-studio', { text: 'Hi.', reasoning: 'Hm.', usage: { output_tokens: 3 } }],
    ['deepseek', { text: 'Hi.', reasoning: 'Hm.', usage: { cached_input_tokens: 48 } }],
    ['openrouter', { text: 'Hi.', reasoning: 'Hm.', usage: { input_tokens: 17 } }],
    ['cloudflare-gateway', { text: 'Hi.', usage: { input_tokens: 9 } }],
    ['workers-ai', { text: 'Hi.', usage: { output_tokens: 2 } }],
  ])('%s is read whole, and cut at any byte', async (name, said) => {
    const body = await fixture(name);
    expect(await server.read(raw(body), null)).toMatchObject({ ...said, failure: null });
    expect(await server.read(trickled(body, 11), null)).toMatchObject({ ...said, failure: null });
  });
});

describe('a failure in the stream of', () => {
  it.each([
    ['openrouter', 'Hi', 'failed 502'],
    ['vllm', '', 'rejected 400'],
    ['lm-studio', '', 'failed'],
    ['deepseek', 'Hi', 'failed'],
    ['groq', '', 'rejected 400'],
  ])('%s is one, and no end of the answer', async (name, text, failure) => {
    const body = await fixture(`failure-${name}`);
    // What came before it in the same packet is not used: the turn fails or is tried again.
    expect(await server.read(raw(body), null)).toMatchObject({ reason: null, failure });
    expect(await server.read(trickled(body, 11), null)).toMatchObject({ text, reason: null, failure });
  });
});
