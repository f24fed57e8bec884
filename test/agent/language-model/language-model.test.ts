import { describe, expect, it } from 'vitest';
import { languageModelReasoner } from '../../../src/agent/language-model/language-model.ts';
import { wireParams } from '../../../src/agent/language-model/chat/request-body.ts';
import { modelSource } from '../../../src/agent/language-model/providers.ts';
import type {
  ActionTools,
  EngageStep,
  Reasoner,
  Situation,
  ToolOutputs,
} from '../../../src/agent/reasoner.ts';
import { MAX_MODEL_CALLS_PER_TURN } from '../../../src/agent/usage.ts';
import type { Metric } from '../../../src/registry/capabilities.ts';
import type { ActionState } from '../../../src/registry/graph.ts';
import { askDay, goodbye, graph, scriptedModel, situation, tool, triage, type Answer } from './situations.ts';

const NO_TOOLS: ActionTools = { choosing: [], engaging: [] };

function reasonerWith(answers: readonly Answer[], fallbackReasoner?: Partial<Reasoner>) {
  const { asked, models } = scriptedModel(answers);
  const reasoner = languageModelReasoner({
    models,
    timing: { retryMs: 1 },
    ...(fallbackReasoner === undefined ? {} : { fallbackReasoner: fallbackReasoner as Reasoner }),
  });
  return { asked, reasoner };
}

/** Everything a generator yields, its tools answered with their own names. */
async function drain<Step, Result>(steps: AsyncGenerator<Step, Result, ToolOutputs>) {
  const yielded: Step[] = [];
  let step = await steps.next([]);
  while (step.done !== true) {
    yielded.push(step.value);
    const value = step.value as EngageStep | Step;
    const isRound = typeof value === 'object' && value !== null && 'calls' in value;
    step = await steps.next(isRound ? value.calls.map((call) => `output of ${call.tool.name}`) : []);
  }
  return { yielded, result: step.value };
}

async function engaged(
  answers: readonly Answer[],
  options: { state?: ActionState; tools?: ActionTools; situation?: Situation } = {},
) {
  const { asked, reasoner } = reasonerWith(answers);
  const at = options.situation ?? situation();
  const { yielded } = await drain(reasoner.engage(at, options.state ?? askDay, options.tools ?? NO_TOOLS));
  const shown = yielded.map((step) => {
    if (step.type === 'choice') return `${step.choice.kind} ${step.choice.index}`;
    if (step.type === 'piece') return step.final ? `${step.text}|` : step.text;
    return `tools ${step.calls.map((call) => `${call.tool.id}(${JSON.stringify(call.input)})`).join(' ')}`;
  });
  return { asked, shown, calls: at.meter.calls };
}

describe('an action state', () => {
  it('takes one call, which chooses and speaks', async () => {
    const { shown, calls } = await engaged([['{"action"', ': 0}\n', 'Which', ' day?']]);
    expect(shown).toEqual(['action 0', 'Which', ' day?', '|']);
    expect(calls).toEqual([
      {
        interaction: 'EngageUser',
        model: 'scripted',
        input_tokens: 10,
        output_tokens: 5,
        first_token_ms: expect.any(Number) as number,
      },
    ]);
  });

  it('leaves by an exit without reading on', async () => {
    const { shown, calls } = await engaged([['{"exit": 0}', 'See you']]);
    expect(shown).toEqual(['exit 0']);
    expect(calls.map(({ interaction }) => interaction)).toEqual(['SelectNextAction']);
  });

  it('speaks in the present state when the model does not choose', async () => {
    const performed = { ...situation().position, performed: [0] };
    const { shown } = await engaged([['Hello!']], { situation: situation({ position: performed }) });
    expect(shown).toEqual(['action 1', 'Hello!', '|']);
  });

  it('has nothing to choose where there is one action and no exit', async () => {
    const { shown } = await engaged([['Good', 'bye!']], { state: goodbye });
    expect(shown).toEqual(['action 0', 'Good', 'bye!', '|']);
  });

  it('asks once more for the message when the model only chose', async () => {
    const { shown, asked } = await engaged([['{"action": 1}'], ['Open at nine.']]);
    expect(shown).toEqual(['action 1', 'Open at nine.', '|']);
    expect(JSON.stringify(asked[1]?.messages)).toContain(
      'Perform this action now: Explain the opening hours',
    );
  });

  it('calls tools for the choice, then for the message', async () => {
    const tools = { choosing: [tool('look up')], engaging: [tool('book')] };
    const { shown, asked, calls } = await engaged(
      [
        [{ tool: 'look_up', input: '{"day": "Fri"}' }],
        ['{"action": 0}\nOne moment.', { tool: 'book', input: '{}' }],
        ['Done.'],
      ],
      { tools },
    );
    expect(shown).toEqual([
      'tools look up({"day":"Fri"})',
      'action 0',
      'One moment.',
      'tools book({})',
      ' Done.',
      '|',
    ]);
    expect(asked[0]?.tools?.map(({ name }) => name)).toEqual(['look_up', 'book']);
    expect(JSON.stringify(asked[1]?.messages)).toContain('output of look up');
    expect(calls).toHaveLength(3);
  });

  it('needs to say nothing more after a tool when it has spoken', async () => {
    const tools = { choosing: [], engaging: [tool('book')] };
    const { shown } = await engaged([['{"action": 0}\nBooked.', { tool: 'book', input: '{}' }], []], {
      tools,
    });
    expect(shown).toEqual(['action 0', 'Booked.', 'tools book({})', '|']);
  });

  it('takes a call of an acting tool before any choice for the choice to act', async () => {
    const tools = { choosing: [tool('look')], engaging: [tool('book')] };
    const { shown } = await engaged([[{ tool: 'book', input: '{}' }], ['Booked.']], { tools });
    expect(shown).toEqual(['action 0', 'tools book({})', 'Booked.', '|']);
  });

  it('gives a tool that serves both purposes from the list that it is called for', async () => {
    const tools = { choosing: [tool('look')], engaging: [tool('look')] };
    const { asked, reasoner } = reasonerWith([
      [{ tool: 'look', input: '{}' }],
      ['{"action": 0}\n', 'Well:', { tool: 'look', input: '{}' }],
      ['Yes.'],
    ]);
    const { yielded } = await drain(reasoner.engage(situation(), askDay, tools));
    const rounds = yielded.filter((step) => step.type === 'tool-round');
    expect(rounds[0]?.calls[0]?.tool).toBe(tools.choosing[0]);
    expect(rounds[1]?.calls[0]?.tool).toBe(tools.engaging[0]);
    expect(asked[0]?.tools).toHaveLength(1);
  });

  it('answers a call that cannot be carried out in words', async () => {
    const tools = { choosing: [tool('look')], engaging: [] };
    const { shown, asked } = await engaged(
      [
        [
          { tool: 'steal', input: '{}' },
          { tool: 'look', input: '[' },
        ],
        ['{"action": 0}\nWell.'],
      ],
      { tools },
    );
    expect(shown).toEqual(['action 0', 'Well.', '|']);
    expect(JSON.stringify(asked[1]?.messages).match(/cannot be called now/g)).toHaveLength(2);
  });

  it('lets no model call tools for ever', async () => {
    const tools = { choosing: [tool('look')], engaging: [] };
    const calling: Answer = [{ tool: 'look', input: '{}' }];
    const { shown, asked } = await engaged([calling, calling, calling, calling, ['Well.']], { tools });
    expect(shown.slice(-3)).toEqual(['action 0', 'Well.', '|']);
    expect(asked.map(({ mayCall }) => mayCall)).toEqual([true, true, true, true, false]);
  });

  it('ends with the budget of the turn', async () => {
    const at = situation();
    for (let count = 0; count < MAX_MODEL_CALLS_PER_TURN; count += 1) at.meter.begin();
    await expect(engaged([['Hello!']], { situation: at })).rejects.toMatchObject({
      problem: { code: 'turn_budget_exceeded' },
    });
  });

  it('ends with the turn, for its reason', async () => {
    const reason = new Error('the turn is over');
    const turn = new AbortController();
    const { reasoner } = reasonerWith([['{"action": 0}\n', 'Which', ' day?']]);
    const steps = reasoner.engage(situation({ signal: turn.signal }), askDay, NO_TOOLS);
    await steps.next([]);
    turn.abort(reason);
    await expect(drain(steps)).rejects.toBe(reason);
  });
});

describe('a decision state', () => {
  const decide = async (answers: readonly Answer[], tools = NO_TOOLS.choosing) => {
    const { asked, reasoner } = reasonerWith(answers);
    return { asked, ...(await drain(reasoner.decide(situation(), triage, tools))) };
  };

  it('takes the exit that the model names, in whatever form', async () => {
    expect((await decide([['{"exit": 0}']])).result).toBe(0);
    expect((await decide([['Well, I think: ```json\n{"exit": "1"}\n```']])).result).toBe(1);
    expect((await decide([['<think>{"exit": 1}</think>{"exit": 0}']])).result).toBe(0);
  });

  it('has an answer repaired once', async () => {
    const { result, asked } = await decide([['{"exit": 9}'], ['{"exit": 0}']]);
    expect(result).toBe(0);
    expect(asked[0]?.json).toMatchObject({ type: 'object' });
    expect(JSON.stringify(asked[1]?.messages)).toContain('It is at most 1.');
  });

  it('takes the last exit when it cannot be repaired', async () => {
    const { result, asked } = await decide([['no idea'], ['{"exit": null}']]);
    expect(result).toBe(1);
    expect(asked).toHaveLength(2);
  });

  it('uses tools before it answers', async () => {
    const { result, yielded } = await decide(
      [[{ tool: 'look', input: '{"day":"Fri"}' }], ['{"exit": 0}']],
      [tool('look')],
    );
    expect(result).toBe(0);
    expect(yielded).toMatchObject([{ type: 'tool-round', calls: [{ input: { day: 'Fri' } }] }]);
  });
});

describe('smaller questions', () => {
  it('are answered by schema', async () => {
    const { reasoner } = reasonerWith([
      ['{"queries": ["pets", "cats", "dogs", "birds", "fish"]}'],
      ['{"occasion": null}'],
      ['{"occasion": 1}'],
      ['{"responses": ["Friday.", "Monday.", "Never.", "What?"]}'],
    ]);
    const sets = [
      { name: 'anger', triggers: ['Damn'] },
      { name: 'joy', triggers: ['Hurray'] },
    ];
    expect(await reasoner.recallQueries(situation(), 'their pets')).toEqual([
      'pets',
      'cats',
      'dogs',
      'birds',
    ]);
    expect(await reasoner.selectBehavior(situation(), sets)).toBeNull();
    expect(await reasoner.selectBehavior(situation(), sets)).toBe(1);
    expect(await reasoner.recommend(situation(), askDay, '')).toEqual(['Friday.', 'Monday.', 'Never.']);
  });

  it('have an answer when the model has none that is usable', async () => {
    const { reasoner } = reasonerWith([['?'], ['?'], ['?'], ['?'], ['?'], ['?']], {
      recommend: () => Promise.resolve(['Yes.']),
    });
    expect(await reasoner.recallQueries(situation(), 'their pets')).toEqual(['their pets']);
    expect(await reasoner.selectBehavior(situation(), [{ name: 'joy', triggers: ['Hurray'] }])).toBeNull();
    expect(await reasoner.recommend(situation(), askDay, '')).toEqual(['Yes.']);
  });

  it('about memory cost no call', async () => {
    const { asked, reasoner } = reasonerWith([]);
    const said = (text: string) => situation({ input: [{ by: 'user', text }] });
    expect(await reasoner.memoryQueries(said('Do you remember my cat?'), askDay)).toEqual([
      'Do you remember my cat?',
    ]);
    expect(await reasoner.memoryQueries(said('Friday.'), askDay)).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe('outside of a turn', () => {
  const conversation = {
    user: { name: 'Ada', model: null },
    transcript: [
      { id: 'm1', by: 'agent' as const, text: 'Hello!' },
      { id: 'm2', by: 'thought' as const, text: 'She is new.' },
      { id: 'm3', by: 'user' as const, text: 'I moved to Bern.' },
    ],
    models: {},
    signal: new AbortController().signal,
  };

  it('memories lead to the messages they come from', async () => {
    const { reasoner, asked } = reasonerWith([
      [
        '{"memories": [{"text": "Lives in Bern.", "numbers": [1, 1, 7]}, {"text": "Is tall.", "numbers": []}]}',
      ],
    ]);
    expect(await reasoner.extractMemories(conversation)).toEqual([
      { text: 'Lives in Bern.', message_ids: ['m3'] },
    ]);
    expect(JSON.stringify(asked[0]?.messages)).not.toContain('She is new.');
  });

  it('the parts of a long conversation are read at the same time', async () => {
    const transcript = Array.from({ length: 10_000 }, (_, index) => ({
      id: `m${index}`,
      by: 'user' as const,
      text: 'word '.repeat(40),
    }));
    const none: Answer = ['{"memories": [{"text": "Says word.", "numbers": [0]}]}'];
    const { reasoner, asked } = reasonerWith([none, none, none, none]);
    expect(await reasoner.extractMemories({ ...conversation, transcript })).toHaveLength(4);
    expect(asked).toHaveLength(4);
  });

  it('the user is described, and metrics are judged within their bounds', async () => {
    const { reasoner, asked } = reasonerWith([['Lives in Bern.'], ['{"value": 11}'], ['{"value": 7}']]);
    const mood: Metric = {
      id: 'e'.repeat(24),
      name: 'Mood',
      description: 'How the user felt.',
      type: 'numeric',
      computed: null,
      minimum: 0,
      maximum: 10,
    };
    expect(await reasoner.userModel(conversation)).toBe('Lives in Bern.');
    expect(await reasoner.judgeMetric(conversation, mood)).toBe(7);
    expect(asked).toHaveLength(3);
  });

  it('starters keep to their number and facets', async () => {
    const starter = (facet: string) => ({ prompt: `About ${facet}?`, facets: [facet] });
    const { reasoner } = reasonerWith([
      [JSON.stringify({ starters: [starter('visits')] })],
      [JSON.stringify({ starters: ['visits', 'fish', 'visits', 'visits'].map(starter) })],
    ]);
    const request = {
      graph,
      initialState: 'ask_day',
      facets: ['visits'],
      minCount: 2,
      maxCount: 3,
      instructions: '',
      models: {},
      userModel: null,
      signal: new AbortController().signal,
    };
    expect(await reasoner.starters(request)).toEqual([
      starter('visits'),
      { prompt: 'About fish?', facets: [] },
      starter('visits'),
    ]);
  });
});

describe('models', () => {
  const registry = [
    { name: 'fast', model: 'vendor/fast-1', fallback: 'safe', params: { temperature: 0.5 } },
    { name: 'safe', model: 'vendor/safe-1', fallback: 'fast', params: {} },
  ];
  const source = modelSource(
    { provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', defaultModel: 'vendor/plain' },
    registry,
  );
  const named = (preferences: Parameters<typeof source>[1]) =>
    source('EngageUser', preferences).map(({ name, model, params }) => [name, model.id, params]);

  it('are the preferred one and its fallbacks, else the default', () => {
    expect(named({})).toEqual([['vendor/plain', 'vendor/plain', {}]]);
    expect(named({ EngageUser: { llm_name: 'unheard of', params: {} } })).toEqual(named({}));
    expect(named({ SelectNextAction: { llm_name: 'fast', params: {} } })).toEqual(named({}));
    expect(named({ EngageUser: { llm_name: 'fast', params: { effort: 'low' } } })).toEqual([
      ['fast', 'vendor/fast-1', { temperature: 0.5, effort: 'low' }],
      ['safe', 'vendor/safe-1', {}],
    ]);
  });

  it('take their parameters in any of the usual names', () => {
    const params = {
      temperature: 0.2,
      topP: 0.9,
      max_output_tokens: 100,
      effort: 'low',
      verbosity: 'low',
      seed: null,
      stream: false,
    };
    expect(wireParams(params)).toEqual({
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 100,
      reasoning_effort: 'low',
      verbosity: 'low',
    });
  });

  it('are asked through the binding when the provider is Workers AI', async () => {
    const asked: unknown[] = [];
    const run = (model: string, inputs: Record<string, unknown>) => {
      asked.push([model, inputs['max_tokens'], inputs['stream']]);
      const lines = ['{"response":"{\\"action\\": 0}\\n"}', '{"response":"Which day?"}', '[DONE]'];
      const body = lines.map((line) => `data: ${line}\n\n`).join('');
      return Promise.resolve(new Response(body).body);
    };
    const models = modelSource(
      { provider: 'workers-ai', binding: { run }, defaultModel: '@cf/vendor/model' },
      [],
    );
    const reasoner = languageModelReasoner({ models });
    const { yielded } = await drain(reasoner.engage(situation(), askDay, NO_TOOLS));
    const message = yielded.map((step) => (step.type === 'piece' ? step.text : '')).join('');
    expect(yielded[0]).toEqual({ type: 'choice', choice: { kind: 'action', index: 0 } });
    expect(message).toBe('Which day?');
    expect(asked).toEqual([['@cf/vendor/model', 2_048, true]]);
  });
});
