/**
 * Models that answer badly each time, over real HTTP, for each kind of question. No question is asked for more than one
 * repair, an answer that cannot be used has a fallback or is a problem, and nothing of the prompt is said to the user.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageModelReasoner } from '../../src/agent/language-model/language-model.ts';
import { modelSource } from '../../src/agent/language-model/providers.ts';
import type { FinishedConversation, Reasoner, Situation } from '../../src/agent/reasoner.ts';
import { ProblemError } from '../../src/problems.ts';
import { askDay, goodbye, situation, tool, triage } from '../agent/language-model/situations.ts';
import { ModelServer, type Behavior } from './model-server.ts';

const server = new ModelServer();
let baseUrl = '';
beforeAll(async () => {
  baseUrl = await server.start();
});
afterAll(() => server.stop());

/** The milliseconds that a model is waited for, and those after which a late one answers. */
const DEADLINE_MS = 2_000;
const LATE_MS = 200;

/** Returns a reasoner of a model that it knows nothing of, and that answers each time in this way. */
function reasonerFor(behavior: Behavior): Reasoner {
  server.script({ plain: Array.from({ length: 30 }, () => behavior) });
  return languageModelReasoner({
    models: modelSource({ provider: 'openai-compatible', baseUrl, apiKey: 'key', defaultModel: 'plain' }, []),
    timing: { firstTokenMs: DEADLINE_MS, idleMs: DEADLINE_MS, answerMs: DEADLINE_MS, retryMs: 1 },
  });
}

/** The result of a question: its value, or the code of its problem, and the number of requests. */
async function asked<T>(work: Promise<T>) {
  try {
    return { value: await work, code: null, requests: server.requests.length };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { value: null, code: error.problem.code, requests: server.requests.length };
  }
}

async function said(reasoner: Reasoner, state = askDay, changes: Partial<Situation> = {}): Promise<string> {
  const steps = reasoner.engage(situation(changes), state, { choosing: [], engaging: [] });
  let text = '';
  for (let step = await steps.next([]); step.done !== true; step = await steps.next([])) {
    if (step.value.type === 'piece') text += step.value.text;
  }
  return text;
}

const CONVERSATION: FinishedConversation = {
  user: { name: 'Ada', model: null },
  transcript: [
    { id: '1', by: 'agent', text: 'Which day?' },
    { id: '2', by: 'user', text: 'Friday. I have a cat called Tom.' },
  ],
  models: {},
  signal: new AbortController().signal,
} as unknown as FinishedConversation;

/** A history that a small window does not show whole, so that it is summed up. */
const LONG = Array.from({ length: 400 }, (_, index) => ({
  by: index % 2 === 0 ? ('user' as const) : ('agent' as const),
  text: `Sentence ${index} of a long conversation about the garden, the cat and the weather. `.repeat(4),
}));

async function lastOf<T>(steps: AsyncGenerator<unknown, T, string[]>): Promise<T> {
  const step = await steps.next([]);
  if (step.done !== true) throw new Error('A tool was called.');
  return step.value;
}

type Question = (reasoner: Reasoner) => Promise<unknown>;
const metric = (type: 'boolean' | 'numeric' | 'categorical') => ({
  ...{ id: 'm', name: 'Happy', description: 'Was the user happy?', type },
  ...{ minimum: 0, maximum: 10, categories: ['yes', 'no'] },
});

const QUESTIONS: Readonly<Record<string, Question>> = {
  message: (reasoner) => said(reasoner),
  'message without a choice': (reasoner) => said(reasoner, goodbye),
  decision: (reasoner) => lastOf(reasoner.decide(situation(), triage, [])),
  'metric, boolean': (reasoner) => reasoner.judgeMetric(CONVERSATION, metric('boolean') as never),
  'metric, numeric': (reasoner) => reasoner.judgeMetric(CONVERSATION, metric('numeric') as never),
  'metric, categorical': (reasoner) => reasoner.judgeMetric(CONVERSATION, metric('categorical') as never),
  memory: (reasoner) => reasoner.extractMemories(CONVERSATION),
  'user model': (reasoner) => reasoner.userModel(CONVERSATION),
  summary: async (reasoner) => reasoner.summarize?.(situation({ history: LONG })),
  'queries to memory': (reasoner) => reasoner.recallQueries(situation(), 'the name of the cat'),
};

/** Kinds of models, each with the most requests that a question may cost. */
const MODELS: readonly (readonly [name: string, behavior: Behavior])[] = [
  ['refuses', { type: 'speak', deltas: ["I'm sorry, but I can't help with that."] }],
  ['answers empty', { type: 'speak', deltas: [''] }],
  ['answers with white space', { type: 'speak', deltas: ['\n \n'] }],
  ['repeats the prompt', { type: 'echo' }],
  ['answers in another language', { type: 'speak', deltas: ['Welcher Tag passt Ihnen?'] }],
  ['reasons and says nothing', { type: 'speak', deltas: ['<think>The user wants', ' a day.'] }],
  ['gives its choice and no message', { type: 'speak', deltas: ['{"action": 0}'] }],
  ['gives a choice that does not exist', { type: 'speak', deltas: ['{"action": 7, "exit": 9}'] }],
  [
    'sends its usage only',
    {
      type: 'raw',
      body: 'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":1}}\n\ndata: [DONE]\n\n',
    },
  ],
  ['sends nothing', { type: 'raw', body: '' }],
  ['answers with half of a JSON', { type: 'speak', deltas: ['{"exi'] }],
];

describe.each(MODELS)('a model that %s each time', (_model, behavior) => {
  it.each(Object.keys(QUESTIONS))('ends a question for a %s after one repair', async (name) => {
    const result = await asked(QUESTIONS[name]?.(reasonerFor(behavior)) ?? Promise.resolve());
    // A wrong choice is repaired once, and then the message is asked for, as any message that is missing.
    const most = name === 'message' ? 3 : 2;
    expect(result.requests).toBeLessThanOrEqual(most);
    if (result.code !== null) expect(result.code).toBe('model_unavailable');
    const shown = JSON.stringify(result.value ?? '');
    for (const part of ['<conversation>', '{\\"action', 'Write your answer', '<think>', 'is data.']) {
      expect(shown).not.toContain(part);
    }
  });
});

describe('a model that answers late or in parts', () => {
  it('is waited for until its deadline, and everything that it says then is passed on', async () => {
    const deltas = ['{"action": 0}\n', 'Which day', ' suits you?'];
    expect(await said(reasonerFor({ type: 'late', afterMs: LATE_MS, deltas }))).toBe('Which day suits you?');
    const exit: Behavior = { type: 'late', afterMs: LATE_MS, deltas: ['{"exit": 1}'] };
    expect(await lastOf(reasonerFor(exit).decide(situation(), triage, []))).toBe(1);
  });

  it('has its words passed on as far as they came when it ends in the middle of one', async () => {
    const deltas = ['{"action": 0}\n', 'Which day sui'];
    expect(await said(reasonerFor({ type: 'speak', deltas }))).toBe('Which day sui');
    expect(await said(reasonerFor({ type: 'speak', deltas, usage: false }))).toBe('Which day sui');
    expect(server.requests).toHaveLength(1);
  });
});

describe('an answer in words that comes as JSON', () => {
  it('is its only text, and is asked for once more where it has none', async () => {
    const at = situation({ history: LONG });
    const wrapped: Behavior = { type: 'speak', deltas: ['{"summary": "They spoke of a cat."}'] };
    expect((await reasonerFor(wrapped).summarize?.(at))?.text).toBe('They spoke of a cat.');
    expect(server.requests).toHaveLength(1);
    expect(await reasonerFor({ type: 'speak', deltas: ['{"action": 0}'] }).summarize?.(at)).toBeNull();
    expect(server.requests).toHaveLength(2);
  });
});

describe('a model without a role for instructions', () => {
  const errors = [
    'System role not supported',
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    'Developer instruction is not enabled: system messages are not supported by this model',
  ];

  it.each(errors)('is asked once more with the instructions in its first question: %s', async (error) => {
    const reasoner = reasonerFor({ type: 'without-system', error, text: '{"action": 0}\nWhich day?' });
    expect(await said(reasoner)).toBe('Which day?');
    expect(server.requests.map(({ messages }) => messages.map(({ role }) => role))).toEqual([
      ['system', 'user'],
      ['user'],
    ]);
    expect(server.requests[1]?.messages[0]?.content).toContain('You are Mira');
    // What was learnt of it holds for each further question.
    expect(await said(reasoner)).toBe('Which day?');
    expect(server.requests).toHaveLength(3);
  });

  it('keeps its tools', async () => {
    const reasoner = reasonerFor({
      type: 'without-system',
      error: errors[0] ?? '',
      text: '{"action": 0}\nHi.',
    });
    const tools = { choosing: [tool('look up')], engaging: [] };
    const steps = reasoner.engage(situation(), askDay, tools);
    while ((await steps.next([])).done !== true);
    expect(server.requests.map((request) => request.tools?.length)).toEqual([1, 1]);
  });
});

describe('a choice in the words of the graph', () => {
  it.each([
    ['{"action": "Explain the opening hours"}\nWe open at nine.', 'We open at nine.'],
    ['explain_opening_hours: We open at nine.', 'We open at nine.'],
    ['{"exit": "The user named a day"}', ''],
  ])('is understood at once: %s', async (text, message) => {
    const spoken = await said(reasonerFor({ type: 'speak', deltas: [text] }));
    expect(spoken).toContain(message);
    expect(server.requests).toHaveLength(1);
  });
});
