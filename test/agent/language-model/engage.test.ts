/** Tests of turns with answers that are not as asked: a bad answer costs a question, never the conversation. */
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatPart, ChatRequest } from '../../../src/agent/language-model/chat/port.ts';
import { languageModelReasoner } from '../../../src/agent/language-model/language-model.ts';
import type { ModelChoice } from '../../../src/agent/language-model/models.ts';
import type { ActionTools, EngageStep, Situation } from '../../../src/agent/reasoner.ts';
import { UsageMeter } from '../../../src/agent/usage.ts';
import { ProviderFailure } from '../../../src/provider-failure.ts';
import type { ActionState } from '../../../src/registry/graph.ts';
import { askDay, goodbye, graph, situation, tool } from './situations.ts';
import { streamOfReads } from './read-stream.ts';

type Scripted = string | ChatPart | ProviderFailure;

const END: ChatPart = { type: 'end', reason: 'stop' };

/** A model that gives one scripted answer a call. Text comes letter by letter. */
function modelOf(answers: readonly (Scripted | readonly Scripted[])[]) {
  const asked: ChatRequest[] = [];
  const answer = (request: ChatRequest): ChatPart[] => {
    asked.push(structuredClone(request));
    const next = [answers[asked.length - 1] ?? new ProviderFailure('failed')].flat();
    return next.flatMap((part): ChatPart[] => {
      if (part instanceof ProviderFailure) throw part;
      return typeof part === 'string' ? Array.from(part).map((text) => ({ type: 'text', text })) : [part];
    });
  };
  const model: ChatModel = {
    id: 'scripted',
    complete: async (request) => [...answer(request), END],
    stream: async (request) => streamOfReads([...answer(request).map((part) => [part]), [END]]),
  };
  return { model, asked };
}

async function engaged(
  answers: readonly (Scripted | readonly Scripted[])[],
  options: {
    state?: ActionState;
    tools?: ActionTools;
    at?: Partial<Situation>;
    choice?: Partial<ModelChoice>;
    model?: ReturnType<typeof modelOf>;
  } = {},
) {
  const { model, asked } = options.model ?? modelOf(answers);
  const choice = { name: 'scripted', model, params: {}, ...options.choice };
  const reasoner = languageModelReasoner({ models: () => [choice], timing: { retryMs: 1 }, now: () => 0 });
  const tools = options.tools ?? { choosing: [], engaging: [] };
  const at = situation({ meter: new UsageMeter(), ...options.at });
  const steps = reasoner.engage(at, options.state ?? askDay, tools);
  const shown: EngageStep[] = [];
  for (let step = await steps.next([]); step.done !== true;) {
    shown.push(step.value);
    const outputs = step.value.type === 'tool-round' ? step.value.calls.map((call) => call.tool.name) : [];
    step = await steps.next(outputs);
  }
  const choices = shown.flatMap((step) =>
    step.type === 'choice' ? [`${step.choice.kind} ${step.choice.index}`] : [],
  );
  const message = shown.flatMap((step) => (step.type === 'piece' ? [step.text] : [])).join('');
  const rounds = shown.flatMap((step) =>
    step.type === 'tool-round' ? [step.calls.map(({ input }) => input)] : [],
  );
  return { asked, choices, message, rounds, calls: at.meter.calls };
}

const textOf = (request: ChatRequest | undefined) =>
  request?.messages.map(({ content }) => content).join('\n') ?? '';

describe('a state that a correction can reopen', () => {
  const revisits = [
    { state: { ...goodbye, name: 'ask_size' }, graph, description: 'The user corrects the size' },
    { state: { ...goodbye, name: 'ask_name' }, graph, description: 'The user corrects the name' },
  ];

  it('stands behind the exits, and is chosen like one', async () => {
    const { asked, choices } = await engaged(['{"exit": 2}'], { at: { revisits } });
    expect(choices).toEqual(['exit 2']);
    expect(textOf(asked[0])).toContain('1. The user corrects the size\n2. The user corrects the name');
    expect(JSON.stringify(asked[0])).not.toContain('"revisit');
  });

  it('is among the options that are named after a wrong choice', async () => {
    const { asked, choices } = await engaged(['{"exit": 3}', '{"exit": 1}'], { at: { revisits } });
    expect(choices).toEqual(['exit 1']);
    expect(textOf(asked[1])).toContain('exit 0, exit 1, exit 2');
  });

  it('leaves a choice to a state with one action and no exit', async () => {
    const { choices } = await engaged(['{"exit": 0}'], { state: goodbye, at: { revisits } });
    expect(choices).toEqual(['exit 0']);
  });

  it('is told that it is reopened, and the states behind it how they were left', async () => {
    const promptWith = async (correction: Situation['correction']) =>
      textOf((await engaged(['{"action": 0}\nWhich day?'], { at: { arrived: true, correction } })).asked[0]);
    expect(await promptWith({ reopens: true, exit: null })).toContain(
      'corrects the answer of the user to this state',
    );
    expect(await promptWith({ reopens: false, exit: 0 })).toContain('Take exit 0 again if');
    expect(await promptWith({ reopens: false, exit: null })).toContain('Go on with the corrected answer');
  });
});

describe('a choice that does not exist', () => {
  it.each([
    ['{"action": 7}\nNobody reads this.'],
    ['{"exit": 4}'],
    ['**Action 12**\nNobody reads this.'],
    ['{"action": "Sing a song"}\nLa la.'],
    ['Nobody reads this.\n{"action": 9}'],
  ])('is asked for once more, and not spoken over: %j', async (wrong) => {
    const { choices, message, asked } = await engaged([wrong, '{"action": 1}\nOpen at nine.']);
    expect([choices, message]).toEqual([['action 1'], 'Open at nine.']);
    expect(textOf(asked[1])).toContain('These are all the options: action 0, action 1, exit 0.');
  });

  it('costs another question when it is made twice: that question asks for the words of the next action', async () => {
    const { choices, message, asked } = await engaged([
      '{"action": 7}\nNobody reads this.',
      '{"action": 8}\nNor this.',
      'Which day?',
    ]);
    expect([choices, message, asked.length]).toEqual([['action 0'], 'Which day?', 3]);
    expect(textOf(asked[2])).toContain('Perform this action now: Ask for the day');
  });
});

describe('a choice by its name', () => {
  it('is understood without another question', async () => {
    const { choices, message, asked } = await engaged(['{"action": "Explain the opening hours"}\nNine.']);
    expect([choices, message, asked.length]).toEqual([['action 1'], 'Nine.', 1]);
    expect((await engaged(['{"exit": "The user named a day"}'])).choices).toEqual(['exit 0']);
  });
});

describe('a tool call', () => {
  const tools = { choosing: [tool('look up')], engaging: [tool('book')] };
  const call = (name: string, input: string): ChatPart => ({
    type: 'tool-call',
    id: `id-${name}`,
    name,
    input,
  });

  it('is carried out when it is written as text, and the words in front of it are not the message', async () => {
    const { rounds, choices, message } = await engaged(
      [
        'Let me look.\n<tool_call>{"name": "look_up", "arguments": {"day": "Fri"}}</tool_call>',
        '{"action": 0}\nFriday?',
      ],
      { tools },
    );
    expect([rounds, choices, message]).toEqual([[[{ day: 'Fri' }]], ['action 0'], 'Friday?']);
  });

  it('is the choice when it has the name of a choice', async () => {
    expect((await engaged([call('exit', '{"index": 0}')], { tools })).choices).toEqual(['exit 0']);
    const acted = await engaged([[call('action', '{"action": 1}'), '\nNine.']], { tools });
    expect([acted.choices, acted.message]).toEqual([['action 1'], 'Nine.']);
  });

  it.each([
    ['in a fence', '```json\n{"day": "Fri"}\n```'],
    ['as JSON in JSON', JSON.stringify('{"day": "Fri"}')],
  ])('may have its input %s', async (_name, input) => {
    const { rounds } = await engaged([call('look_up', input), '{"action": 0}\nFriday?'], { tools });
    expect(rounds).toEqual([[{ day: 'Fri' }]]);
  });

  it('costs another question when it is broken or unknown', async () => {
    for (const part of [call('look_up', '{"day": '), call('steal', '{}')]) {
      const { rounds, message, asked } = await engaged([part, '{"action": 0}\nWell?'], { tools });
      expect([rounds, message, asked.length]).toEqual([[], 'Well?', 2]);
    }
  });

  it('may be one of two in an answer', async () => {
    const { rounds } = await engaged(
      [[call('look_up', '{"day": "Fri"}'), call('look_up', '{"day": "Sat"}')], '{"action": 0}\nFriday?'],
      { tools },
    );
    expect(rounds).toEqual([[{ day: 'Fri' }, { day: 'Sat' }]]);
  });
});

describe('a model without tools', () => {
  const refused = new ProviderFailure('rejected', { status: 400 });
  const tools = { choosing: [tool('look up')], engaging: [] };

  it('is asked without them, and from then on at once', async () => {
    const model = modelOf([refused, '{"action": 0}\nOne.', '{"action": 0}\nTwo.']);
    expect((await engaged([], { tools, model })).message).toBe('One.');
    expect((await engaged([], { tools, model })).message).toBe('Two.');
    expect(model.asked.map((request) => request.tools.length)).toEqual([1, 0, 0]);
  });

  it('is one that the registry names so', async () => {
    const { asked } = await engaged(['{"action": 0}\nOne.'], { tools, choice: { tools: false } });
    expect(asked[0]?.tools).toEqual([]);
  });

  it('keeps its tools where the refusal was about something else', async () => {
    const model = modelOf([refused, refused, '{"action": 0}\nOne.']);
    await expect(engaged([], { tools, model })).rejects.toMatchObject({
      problem: { code: 'model_unavailable' },
    });
    expect((await engaged([], { tools, model })).message).toBe('One.');
    expect(model.asked.map((request) => request.tools.length)).toEqual([1, 0, 1]);
  });
});

describe('a server that is not ready', () => {
  const loading = new ProviderFailure('not-ready', { status: 503 });

  it('is waited for while its first token may still come', async () => {
    const { message, asked } = await engaged([loading, loading, loading, loading, '{"action": 0}\nHello!']);
    expect([message, asked.length]).toEqual(['Hello!', 5]);
  });

  it('is given up after that', async () => {
    const answers = Array.from({ length: 20 }, () => loading);
    const model = modelOf(answers);
    const choice = { deadlines: { firstTokenMs: 30 } };
    await expect(engaged([], { model, choice })).rejects.toMatchObject({
      problem: { code: 'model_unavailable' },
    });
    expect(model.asked.length).toBeLessThan(12);
  });
});

describe('a model that keeps to a schema', () => {
  const choice = { structured: true };

  it('is asked for the choice and the message as JSON, which is read while it comes', async () => {
    const { asked, choices, message } = await engaged(
      ['{"choice": "action 1", "message": "Open at \\"nine\\"."}'],
      {
        choice,
      },
    );
    expect([choices, message]).toEqual([['action 1'], 'Open at "nine".']);
    expect(asked[0]?.json).toMatchObject({
      properties: { choice: { enum: ['action 0', 'action 1', 'exit 0'] } },
      additionalProperties: false,
    });
    expect(textOf(asked[0])).toContain('Answer with a JSON object.');
  });

  it('leaves by an exit', async () => {
    expect((await engaged(['{"choice": "exit 0", "message": ""}'], { choice })).choices).toEqual(['exit 0']);
  });

  it('is asked in words where it may call tools, and where its server refuses the schema', async () => {
    const tools = { choosing: [tool('look up')], engaging: [] };
    const words = await engaged(['{"action": 0}\nHi.'], { choice, tools });
    expect([words.asked[0]?.json, textOf(words.asked[0]).includes('Line 1:')]).toEqual([null, true]);
    const refused = new ProviderFailure('rejected', { status: 400 });
    const again = await engaged([refused, '{"action": 0}\nHi.'], { choice });
    expect(again.asked.map(({ json }) => json === null)).toEqual([false, true]);
    expect(again.message).toBe('Hi.');
  });
});

describe('a model that reasons in its text', () => {
  it('is read to the end of its reasoning, once that is known of it', async () => {
    const answer = 'Okay, the user leaves.</think>Goodbye!';
    const model = modelOf([answer, 'I part now.</think>Farewell!']);
    expect((await engaged([], { state: goodbye, model })).message).toBe('Goodbye!');
    expect((await engaged([], { state: goodbye, model })).message).toBe('Farewell!');
  });
});

describe('the usage of a call', () => {
  it('has what came from the cache of the provider, and its price', async () => {
    const usage: ChatPart = {
      type: 'usage',
      usage: { input_tokens: 1_000, output_tokens: 100, cached_input_tokens: 800 },
    };
    const prices = { input_usd: 1, output_usd: 4, cached_input_usd: 0.1 };
    const { calls } = await engaged([['{"action": 0}\nHi.', usage]], { choice: { prices } });
    expect(calls[0]).toMatchObject({ input_tokens: 1_000, output_tokens: 100, cached_input_tokens: 800 });
    expect(calls[0]?.cost_usd).toBeCloseTo((200 * 1 + 800 * 0.1 + 100 * 4) / 1_000_000, 12);
  });
});
