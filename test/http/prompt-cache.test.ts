/** The begin of a prompt that providers keep, over real HTTP: what is asked for, what is refused, and what is counted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromptCache } from '../../src/contract/prompt-cache.ts';
import { OpenAiCompatibleModel } from '../../src/agent/language-model/chat/openai-compatible.ts';
import { languageModelReasoner } from '../../src/agent/language-model/language-model.ts';
import { costOf } from '../../src/agent/language-model/models.ts';
import { modelSource } from '../../src/agent/language-model/providers.ts';
import type { Reasoner, Situation, Utterance } from '../../src/agent/reasoner.ts';
import { askDay, situation, triage } from '../agent/language-model/situations.ts';
import { ModelServer, type Behavior, type ModelRequestBody } from './model-server.ts';
import { chunk, DONE, raw, StreamServer } from './model-streams.ts';

const server = new ModelServer();
const streams = new StreamServer();
let baseUrl = '';
beforeAll(async () => {
  baseUrl = await server.start();
  await streams.start();
});
afterAll(async () => {
  streams.close();
  await server.stop();
});

const ANSWER: Behavior = { type: 'speak', deltas: ['{"action": 0}\nWhich day?'] };
const DECISION: Behavior = { type: 'speak', deltas: ['{"exit": 0}'] };
const REFUSED: Behavior = { type: 'status', status: 400 };

function reasonerOf(promptCache: PromptCache | null, own: PromptCache | null = null): Reasoner {
  const models = [{ name: 'plain', model: 'm', prompt_cache: own }];
  const config = { provider: 'openai-compatible' as const, baseUrl, defaultModel: 'plain', promptCache };
  return languageModelReasoner({ models: modelSource(config, models), timing: { retryMs: 1 } });
}

const said = (count: number): Utterance[] =>
  Array.from({ length: count }, (_, index) => ({
    by: index % 2 === 0 ? 'user' : 'agent',
    text: `no. ${index}`,
  }));

/** Plays one turn, and returns its message. */
async function turn(reasoner: Reasoner, changes: Partial<Situation> = {}): Promise<string> {
  const steps = reasoner.engage(situation(changes), askDay, { choosing: [], engaging: [] });
  let message = '';
  for (let step = await steps.next([]); step.done !== true; step = await steps.next([])) {
    if (step.value.type === 'piece') message += step.value.text;
  }
  return message;
}

interface Part {
  text: string;
  [mark: string]: unknown;
}

/** The parts of a message; of a text, the text as one part. */
function partsOf({ content }: { content: unknown }): Part[] {
  return typeof content === 'string' ? [{ text: content }] : (content as Part[]);
}

function textOf(body: ModelRequestBody | undefined): string[] {
  return (body?.messages ?? []).map((message) =>
    partsOf(message)
      .map(({ text }) => text)
      .join(''),
  );
}

/** The texts up to each mark, in the order of the request. */
function marked(body: ModelRequestBody | undefined, mark: string): string[] {
  let before = '';
  return (body?.messages ?? []).flatMap((message) =>
    partsOf(message).flatMap((part) => {
      before += part.text;
      return mark in part ? [before] : [];
    }),
  );
}

describe('the begin of a prompt', () => {
  it('is not asked for where the provider is not known, and the request has no other member', async () => {
    server.script({ m: [ANSWER, ANSWER] });
    await turn(reasonerOf(null), { history: said(20) });
    const usual = Object.keys(server.requests[0] ?? {});
    expect(usual.toSorted()).toEqual(['messages', 'model', 'stream', 'stream_options']);
    expect(server.requests[0]?.messages.map((message) => Object.keys(message))).toEqual([
      ['role', 'content'],
      ['role', 'content'],
    ]);
    await turn(reasonerOf('prompt_cache_key', 'none'), { history: said(20) });
    expect(Object.keys(server.requests[1] ?? {})).toEqual(usual);
  });

  it('is asked for by a key of the instructions: short, the same for each user, another for another agent', async () => {
    server.script({ m: Array.from({ length: 3 }, () => ANSWER) });
    const reasoner = reasonerOf('prompt_cache_key');
    await turn(reasoner, { history: said(4) });
    await turn(reasoner, { user: { name: 'Bo', model: 'Likes tea.' }, history: said(30) });
    const { agent } = situation();
    await turn(reasoner, { agent: { ...agent, background: 'A new version.' } });
    const keys = server.requests.map(({ prompt_cache_key: key }) => String(key));
    expect(keys[0]).toMatch(/^prompt-[0-9a-f]{1,8}$/);
    expect([keys[1], keys[2] === keys[0]]).toEqual([keys[0], false]);
  });

  it.each([
    ['cache_control', 'cache_control', { type: 'ephemeral' }, undefined],
    ['prompt_cache_breakpoint', 'prompt_cache_breakpoint', { mode: 'explicit' }, { mode: 'explicit' }],
  ] as const)(
    'is marked by %s behind the instructions and the older history',
    async (way, mark, value, options) => {
      server.script({ m: Array.from({ length: 3 }, () => ANSWER) });
      const reasoner = reasonerOf(null, way);
      await turn(reasoner, { history: said(20) });
      await turn(reasoner, { history: said(22) });
      await turn(reasonerOf(null), { history: said(22) });
      const [first, second, plain] = server.requests;
      // The model reads the same, in parts or not.
      expect(textOf(second)).toEqual(textOf(plain));
      expect(first?.['prompt_cache_options']).toEqual(options);
      const begins = marked(first, mark);
      expect(begins).toHaveLength(2);
      expect(begins[1]).toContain('no. 15');
      expect(begins[1]).not.toContain('no. 16');
      // The next turn has marks at the same places.
      expect(marked(second, mark)).toEqual(begins);
      expect(first?.messages.flatMap(partsOf).flatMap((part) => (mark in part ? [part[mark]] : []))).toEqual([
        value,
        value,
      ]);
    },
  );

  it('ends at the same messages when the window of the history has moved', async () => {
    server.script({ m: [ANSWER, ANSWER] });
    const reasoner = reasonerOf('cache_control');
    for (const historyStart of [48, 64]) {
      await turn(reasoner, { history: said(100).slice(historyStart), historyStart });
    }
    const lastEnds = server.requests.map((body) =>
      marked(body, 'cache_control').at(-1)?.trimEnd().slice(-12),
    );
    expect(lastEnds[0]).toContain('no. 95');
    expect(lastEnds[1]).toBe(lastEnds[0]);
  });
});

describe('a server that refuses the members for its cache', () => {
  it.each(['prompt_cache_key', 'cache_control', 'prompt_cache_breakpoint'] as const)(
    'is asked once more without %s, and never with it again',
    async (way) => {
      server.script({ m: [REFUSED, ANSWER, ANSWER] });
      const reasoner = reasonerOf(way);
      expect(await turn(reasoner, { history: said(20) })).toBe('Which day?');
      expect(await turn(reasoner, { history: said(20) })).toBe('Which day?');
      expect(server.requests.map((body) => JSON.stringify(body).includes('cache'))).toEqual([
        true,
        false,
        false,
      ]);
    },
  );

  it('is asked for the rest as before: what was left out in vain is no fault of it', async () => {
    server.script({ m: [REFUSED, REFUSED, DECISION, DECISION] });
    const reasoner = reasonerOf('prompt_cache_key');
    const decide = async () => {
      const steps = reasoner.decide(situation(), triage, []);
      return (await steps.next([])).value;
    };
    await decide();
    await decide();
    const has = (name: string) => server.requests.map((body) => name in body);
    expect(has('prompt_cache_key')).toEqual([true, false, false, true]);
    expect(has('response_format')).toEqual([true, true, false, false]);
  });

  it('fails where it refuses the request without them too, after no more than one request for each', async () => {
    server.script({ m: [REFUSED, REFUSED, ANSWER] });
    await expect(turn(reasonerOf('prompt_cache_key'))).rejects.toMatchObject({
      problem: { code: 'model_unavailable' },
    });
    expect(server.requests).toHaveLength(2);
  });
});

describe('the way of a known provider', () => {
  it.each([
    ['https://api.openai.com/v1', 'gpt-4o-mini', true],
    ['https://api.openai.com/v1', 'gpt-5.6', true],
    ['https://api.mistral.ai/v1', 'mistral-small-latest', true],
    ['https://openrouter.ai/api/v1', 'anthropic/claude-sonnet-4.5', true],
    ['https://openrouter.ai/api/v1', 'meta-llama/llama-4', false],
    ['https://api.anthropic.com/v1', 'claude-sonnet-4-5', false],
    ['https://api.groq.com/openai/v1', 'gpt-oss-20b', false],
    ['https://openai.com.example/v1', 'gpt-5.6', false],
  ])('at %s for %s is to ask: %j', (address, id, asks) => {
    const model = new OpenAiCompatibleModel({ baseUrl: address, jsonMode: 'object' }, id);
    expect(model.keepsPrompts).toBe(asks);
  });
});

describe('the usage of an answer', () => {
  const counted = { input_tokens: 100, cached_input_tokens: 64, output_tokens: 5 };
  it.each<[string, object, object]>([
    ['OpenAI', { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 64 } }, counted],
    [
      'OpenAI from GPT-5.6 on, and OpenRouter',
      { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 16 } },
      { ...counted, cache_write_input_tokens: 16 },
    ],
    [
      'the Responses API of OpenAI',
      { input_tokens: 100, output_tokens: 5, input_tokens_details: { cached_tokens: 64 } },
      counted,
    ],
    [
      'Anthropic, which counts them apart',
      { input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 64, cache_creation_input_tokens: 16 },
      { ...counted, cache_write_input_tokens: 16 },
    ],
    [
      'a gateway to Anthropic that counts them apart under other names',
      { prompt_tokens: 20, cache_read_input_tokens: 64, cache_creation_input_tokens: 16 },
      { ...counted, cache_write_input_tokens: 16 },
    ],
    [
      'LiteLLM',
      {
        prompt_tokens: 100,
        prompt_tokens_details: { cached_tokens: 64, cache_creation_tokens: 16 },
        cache_read_input_tokens: 64,
        cache_creation_input_tokens: 16,
      },
      { ...counted, cache_write_input_tokens: 16 },
    ],
    ['DeepSeek', { prompt_tokens: 100, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }, counted],
    ['Moonshot', { prompt_tokens: 100, cached_tokens: 64 }, counted],
    ['a server that says nothing of them', { prompt_tokens: 100 }, { input_tokens: 100, output_tokens: 5 }],
    [
      'a server with numbers that are none',
      { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: -1, cache_write_tokens: 'x' } },
      { input_tokens: 100, output_tokens: 5 },
    ],
  ])('has the tokens of the cache as they are sent by %s', async (_name, usage, expected) => {
    const sent = { completion_tokens: 5, ...usage };
    const events = chunk({ content: 'Hi.' }, 'stop') + chunk({}, null, { choices: [], usage: sent }) + DONE;
    expect((await streams.read(raw(events), null)).usage).toEqual(expected);
  });
});

describe('a token of the cache', () => {
  it('is priced with prices of its own, where the registry has them', () => {
    const prices = { input_usd: 1, output_usd: 4, cached_input_usd: 0.1, cache_write_usd: 1.25 };
    const tokens = {
      input_tokens: 1_000_000,
      cached_input_tokens: 600_000,
      cache_write_input_tokens: 200_000,
      output_tokens: 0,
    };
    expect(costOf(prices, tokens)).toBe(200_000 + 60_000 + 250_000);
    // Without prices of their own they cost as much as other input, and more than there is is not believed.
    expect(costOf({ input_usd: 1, output_usd: 4 }, tokens)).toBe(1_000_000);
    expect(costOf(prices, { ...tokens, input_tokens: 600_000 })).toBe(60_000);
  });
});
