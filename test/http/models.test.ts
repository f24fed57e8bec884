/** The language-model reasoner against an OpenAI-compatible server over real HTTP, in all its moods. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallReport } from '../../src/agent/language-model/call.ts';
import { languageModelReasoner } from '../../src/agent/language-model/language-model.ts';
import { modelSource } from '../../src/agent/language-model/providers.ts';
import type { ActionTools, EngageStep, Situation } from '../../src/agent/reasoner.ts';
import { MAX_MODEL_CALLS_PER_TURN, UsageMeter } from '../../src/agent/usage.ts';
import { ProblemError } from '../../src/problems.ts';
import { askDay, situation, tool, triage } from '../agent/language-model/situations.ts';
import { ModelServer, PROVIDER_SECRET, type Behavior } from './model-server.ts';

const server = new ModelServer();
let baseUrl = '';

beforeAll(async () => {
  baseUrl = await server.start();
});
afterAll(() => server.stop());

/** Long enough for a machine that is busy, short enough to wait for. */
const TIMING = { firstTokenMs: 400, idleMs: 400, answerMs: 400, retryMs: 1 };

const REGISTRY = [
  { name: 'preferred', model: 'first', fallback: 'spare', params: { temperature: 0.3, effort: 'low' } },
  { name: 'spare', model: 'second', fallback: null, params: {} },
];
/** Preferences of the version set with a model that has a fallback. */
const PREFERRED = {
  EngageUser: { llm_name: 'preferred', params: { verbosity: 'low' } },
  SelectNextActionForDecisionState: { llm_name: 'preferred', params: {} },
};

function setUp(scripts: Record<string, Behavior[]>) {
  server.script(scripts);
  const reports: CallReport[] = [];
  const reasoner = languageModelReasoner({
    models: modelSource(
      { provider: 'openai-compatible', baseUrl, apiKey: 'key', defaultModel: 'plain' },
      REGISTRY,
    ),
    timing: TIMING,
    report: (failure) => reports.push(failure),
  });
  return { reasoner, reports };
}

/** An engagement to its end: what it yields, and how it fails. Tools answer with their names. */
async function engage(
  scripts: Record<string, Behavior[]>,
  changes: Partial<Situation> = {},
  tools: ActionTools = { choosing: [], engaging: [] },
) {
  const { reasoner, reports } = setUp(scripts);
  const at = situation(changes);
  const steps = reasoner.engage(at, askDay, tools);
  const yielded: EngageStep[] = [];
  let error: unknown = null;
  try {
    let step = await steps.next([]);
    while (step.done !== true) {
      yielded.push(step.value);
      const outputs = step.value.type === 'tool-round' ? step.value.calls.map((call) => call.tool.name) : [];
      step = await steps.next(outputs);
    }
  } catch (thrown) {
    error = thrown;
  }
  const message = yielded.map((step) => (step.type === 'piece' ? step.text : '')).join('');
  const final = yielded.at(-1);
  return {
    choice: yielded.find((step) => step.type === 'choice')?.choice ?? null,
    message,
    ended: final?.type === 'piece' && final.final,
    yielded,
    error,
    code: error instanceof ProblemError ? error.problem.code : null,
    calls: at.meter.calls,
    failures: reports.map(({ model, kind, status }) => [model, kind, status]),
    asked: server.requests.map(({ model }) => model),
  };
}

const ACTION = { kind: 'action', index: 0 };
const ANSWER: Behavior = { type: 'speak', deltas: ['{"action"', ': 0}', '\nWhich', ' day?'] };
const BROKEN: Behavior = { type: 'status', status: 500 };

/** Nothing of what the provider said is anywhere in an error. */
function leaks(error: unknown): boolean {
  const { message, stack, cause } = error as Error;
  const shown = JSON.stringify([error, message, stack, String(cause), Object.entries(error as object)]);
  return shown.includes(PROVIDER_SECRET) || shown.includes('127.0.0.1');
}

describe('a turn with a model', () => {
  it('is one streamed call whose usage is stored', async () => {
    const turn = await engage({ plain: [ANSWER] });
    expect(turn).toMatchObject({ choice: ACTION, message: 'Which day?', ended: true, failures: [] });
    expect(turn.calls).toEqual([
      {
        interaction: 'EngageUser',
        model: 'plain',
        input_tokens: 120,
        output_tokens: 12,
        first_token_ms: expect.any(Number) as number,
      },
    ]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ stream: true, model: 'plain' });
    expect(server.requests[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(server.authorizations).toEqual(['Bearer key']);
  });

  it('goes to the preferred model with its parameters', async () => {
    const turn = await engage({ first: [ANSWER] }, { models: PREFERRED });
    expect(turn.message).toBe('Which day?');
    expect(server.requests[0]).toMatchObject({
      model: 'first',
      temperature: 0.3,
      reasoning_effort: 'low',
      verbosity: 'low',
    });
    expect(turn.calls[0]?.model).toBe('preferred');
  });

  it('sends the first piece before the model has finished', async () => {
    const { reasoner } = setUp({ plain: [{ type: 'stall', deltas: ['{"action": 0}\n', 'Which'] }] });
    const steps = reasoner.engage(situation(), askDay, { choosing: [], engaging: [] });
    expect((await steps.next([])).value).toEqual({ type: 'choice', choice: ACTION });
    expect((await steps.next([])).value).toEqual({ type: 'piece', text: 'Which', final: false, waits: true });
    await steps.return();
  });

  it('speaks in the present state if the model answers with plain text', async () => {
    const turn = await engage({ plain: [{ type: 'speak', deltas: ['Which', ' day?'] }] });
    expect(turn).toMatchObject({ choice: ACTION, message: 'Which day?', ended: true });
  });

  it('takes an exit, and ends the conversation', async () => {
    const turn = await engage({ plain: [{ type: 'stall', deltas: ['{"exit": 0}'] }] });
    expect(turn).toMatchObject({ choice: { kind: 'exit', index: 0 }, message: '', error: null });
    // The provider did not come to counting: what was kept is an estimate.
    expect(turn.calls[0]).toMatchObject({ interaction: 'SelectNextAction', output_tokens: 3 });
    expect(turn.calls[0]?.input_tokens).toBeGreaterThan(200);
    await expect.poll(() => server.aborted).toBe(1);
  });

  it('estimates the usage if the provider does not count it', async () => {
    const turn = await engage({ plain: [{ type: 'speak', deltas: ['Which day?'], usage: false }] });
    expect(turn.calls[0]).toMatchObject({ output_tokens: 3 });
  });

  it('calls tools before its answer', async () => {
    const call: Behavior = { type: 'speak', deltas: [{ tool: 'look_up', input: '{"day":"Fri"}' }] };
    const tools = { choosing: [tool('look up')], engaging: [] };
    const turn = await engage({ plain: [call, ANSWER] }, {}, tools);
    // How many pieces there are is for the network to say.
    const kinds = turn.yielded.map(({ type }) => type);
    expect(kinds.slice(0, 3)).toEqual(['tool-round', 'choice', 'piece']);
    expect(new Set(kinds.slice(3))).toEqual(new Set(['piece']));
    expect(turn).toMatchObject({ message: 'Which day?', ended: true });
    expect(turn.yielded[0]).toMatchObject({ calls: [{ input: { day: 'Fri' } }] });
    expect(server.requests[1]?.messages.slice(-1)).toEqual([
      { role: 'tool', tool_call_id: 'call_0', content: 'look up' },
    ]);
    expect(turn.calls.map(({ interaction }) => interaction)).toEqual(['EngageUser', 'EngageUser']);
  });

  it('accepts reasoning as progress, and does not send it to the user', async () => {
    const deltas = [{ reasoning: 'Hm.' }, '{"action": 0}\n', 'Which day?'];
    const turn = await engage({ plain: [{ type: 'speak', deltas }] });
    expect(turn).toMatchObject({ message: 'Which day?', failures: [] });
  });
});

describe('a model that is slow', () => {
  it('is replaced by its fallback', async () => {
    const turn = await engage({ first: [{ type: 'silence' }], second: [ANSWER] }, { models: PREFERRED });
    expect(turn).toMatchObject({ message: 'Which day?', asked: ['first', 'second'] });
    expect(turn.failures).toEqual([['preferred', 'deadline', null]]);
    expect(turn.calls.map(({ model }) => model)).toEqual(['spare']);
    await expect.poll(() => server.aborted).toBe(1);
  });

  it('is asked again if there is no fallback', async () => {
    const turn = await engage({ plain: [{ type: 'silence' }, ANSWER] });
    expect(turn).toMatchObject({ message: 'Which day?', asked: ['plain', 'plain'] });
  });

  it('ends the turn if it is slow again', async () => {
    const turn = await engage({ plain: [{ type: 'silence' }, { type: 'silence' }] });
    expect(turn).toMatchObject({ code: 'model_unavailable', yielded: [] });
  });

  it('ends the turn if it stops in the middle of a message', async () => {
    const turn = await engage({ plain: [{ type: 'stall', deltas: ['{"action": 0}\n', 'Which'] }, ANSWER] });
    expect(turn).toMatchObject({ code: 'model_unavailable', message: 'Which', asked: ['plain'] });
  });
});

describe('a model that fails', () => {
  it('is asked again, once', async () => {
    const turn = await engage({ plain: [BROKEN, ANSWER] });
    expect(turn).toMatchObject({ message: 'Which day?', failures: [['plain', 'failed', 500]] });
    expect(turn.calls).toHaveLength(1);
  });

  it('is a problem with a stable code and without its words if it fails again', async () => {
    const turn = await engage({ plain: [BROKEN, BROKEN, ANSWER] });
    expect(turn).toMatchObject({ code: 'model_unavailable', yielded: [], asked: ['plain', 'plain'] });
    expect((turn.error as ProblemError).problem).toEqual({
      code: 'model_unavailable',
      detail: 'The language model did not answer.',
    });
    expect(leaks(turn.error)).toBe(false);
  });

  it('is replaced by its fallback if it fails again', async () => {
    const turn = await engage({ first: [BROKEN, BROKEN], second: [ANSWER] }, { models: PREFERRED });
    expect(turn).toMatchObject({ message: 'Which day?', asked: ['first', 'first', 'second'] });
  });

  it('is not asked again after it rejects a request', async () => {
    for (const status of [400, 401, 404]) {
      const turn = await engage({ plain: [{ type: 'status', status }, ANSWER] });
      expect(turn).toMatchObject({ code: 'model_unavailable', asked: ['plain'] });
      expect(leaks(turn.error)).toBe(false);
    }
  });

  it('is asked again after the pause that it asks for', async () => {
    const limited: Behavior = { type: 'status', status: 429, headers: { 'retry-after': '0' } };
    const turn = await engage({ plain: [limited, ANSWER] });
    expect(turn).toMatchObject({ message: 'Which day?', failures: [['plain', 'rate-limited', 429]] });
    const twice = await engage({ plain: [limited, limited] });
    expect(twice).toMatchObject({ code: 'model_unavailable', asked: ['plain', 'plain'] });
  });

  it('is replaced at once if it is overloaded', async () => {
    const limited: Behavior = { type: 'status', status: 429, headers: { 'retry-after': '3600' } };
    const turn = await engage({ first: [limited], second: [ANSWER] }, { models: PREFERRED });
    expect(turn).toMatchObject({ message: 'Which day?', asked: ['first', 'second'] });
  });

  it.each([
    ['no JSON', 'data: {"choices": [{"delta": \n\n'],
    ['JSON of another form', `data: {"choices": "${PROVIDER_SECRET}"}\n\n`],
    ['an error in the stream', `data: {"error": {"message": "${PROVIDER_SECRET}"}}\n\ndata: [DONE]\n\n`],
    ['nothing', ''],
    ['an end without a word', 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'],
    ['a web page', `<html>${PROVIDER_SECRET}</html>`],
  ])('by sending %s is asked again, once', async (_name, body) => {
    const raw: Behavior = { type: 'raw', body };
    const turn = await engage({ plain: [raw, ANSWER] });
    expect(turn).toMatchObject({ message: 'Which day?', asked: ['plain', 'plain'] });
    const twice = await engage({ plain: [raw, raw] });
    expect(twice).toMatchObject({ code: 'model_unavailable', yielded: [] });
    expect(leaks(twice.error)).toBe(false);
  });

  it('after its choice, but before its first piece, is asked again', async () => {
    const turn = await engage({ plain: [{ type: 'cut', deltas: ['{"action": 1}\n'] }, ANSWER] });
    expect(turn).toMatchObject({ choice: ACTION, message: 'Which day?', ended: true });
  });

  it('in the middle of its message ends the turn', async () => {
    const turn = await engage({ plain: [{ type: 'cut', deltas: ['{"action": 0}\n', 'Which'] }, ANSWER] });
    expect(turn).toMatchObject({ code: 'model_unavailable', message: 'Which', ended: false });
    expect(turn.asked).toEqual(['plain']);
    expect(turn.calls).toHaveLength(1);
    expect(leaks(turn.error)).toBe(false);
  });

  it.each([301, 302, 307, 308])(
    'is refused if it redirects with %d, and the key is not sent on',
    async (status) => {
      const other = new ModelServer();
      const elsewhere = await other.start();
      other.script({ plain: [ANSWER] });
      const headers = { location: `${elsewhere}/chat/completions` };
      const turn = await engage({ plain: [{ type: 'status', status, headers }] });
      expect(turn).toMatchObject({ code: 'model_unavailable', failures: [['plain', 'rejected', status]] });
      expect(other.requests).toEqual([]);
      await other.stop();
    },
  );

  it('is a problem if it cannot be reached', async () => {
    const models = modelSource(
      { provider: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', defaultModel: 'plain' },
      [],
    );
    const reasoner = languageModelReasoner({ models, timing: TIMING });
    const steps = reasoner.engage(situation(), askDay, { choosing: [], engaging: [] });
    const error: unknown = await steps.next([]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: { code: 'model_unavailable' } });
    expect(leaks(error)).toBe(false);
  });
});

/** The chunks of a message that ends as it is told. */
function message(text: string, finish_reason: string | null, ending = 'data: [DONE]\n\n'): string {
  const chunk = (delta: object, reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  return chunk({ content: `{"action": 0}\n${text}` }, null) + chunk({}, finish_reason) + ending;
}

describe('an answer', () => {
  const ends = (text: string, reason: string | null, ending?: string) =>
    engage({ plain: [{ type: 'raw', body: message(text, reason, ending) }] });

  it.each<[string, string | null, string | undefined]>([
    ['with [DONE] alone', null, undefined],
    ['with its reason alone', 'stop', ''],
    ['with a reason that is unheard of', 'whatever', undefined],
  ])('is complete if it ends %s', async (_name, reason, ending) => {
    expect(await ends('Which day?', reason, ending)).toMatchObject({ message: 'Which day?', ended: true });
  });

  it('is marked as cut if the provider cuts it at its limit of tokens', async () => {
    expect(await ends('Which day would', 'length')).toMatchObject({
      message: 'Which day would…',
      ended: true,
    });
    expect(await ends('Which day?', 'length')).toMatchObject({ message: 'Which day?', ended: true });
  });

  it('is a separate problem if the provider withholds it', async () => {
    expect(await ends('Which day wou', 'content_filter')).toMatchObject({
      code: 'answer_filtered',
      ended: false,
    });
    const filtered: Behavior = {
      type: 'raw',
      body: 'data: {"choices":[{"delta":{},"finish_reason":"content_filter"}]}\n\ndata: [DONE]\n\n',
    };
    const before = await engage({ plain: [filtered] });
    expect(before).toMatchObject({ code: 'answer_filtered', yielded: [], asked: ['plain'] });
    const fallback = await engage({ first: [filtered], second: [ANSWER] }, { models: PREFERRED });
    expect(fallback).toMatchObject({ message: 'Which day?', asked: ['first', 'second'] });
  });

  it('ends at [DONE], even if the provider keeps its connection open', async () => {
    const open: Behavior = { type: 'raw', body: message('Which day?', 'stop'), keepOpen: true };
    const turn = await engage({ plain: [open] });
    expect(turn).toMatchObject({ message: 'Which day?', ended: true, failures: [] });
    await expect.poll(() => server.aborted).toBe(1);
  });

  it('ends soon after its finish reason, even without usage and [DONE]', async () => {
    const open: Behavior = { type: 'raw', body: message('Which day?', 'stop', ''), keepOpen: true };
    const turn = await engage({ plain: [open] });
    expect(turn).toMatchObject({ message: 'Which day?', ended: true, failures: [] });
  });

  it('is read from a server that does not stream', async () => {
    const choices = [{ message: { content: '{"action": 0}\nWhich day?' }, finish_reason: 'stop' }];
    const whole: Behavior = {
      type: 'raw',
      body: JSON.stringify({ choices }),
      contentType: 'application/json',
    };
    expect(await engage({ plain: [whole] })).toMatchObject({ message: 'Which day?', ended: true });
  });

  it('is a failure if it is an error as JSON with status 200', async () => {
    const body = JSON.stringify({ error: { message: PROVIDER_SECRET, code: 500 } });
    const error: Behavior = { type: 'raw', body, contentType: 'application/json' };
    expect(await engage({ plain: [error, ANSWER] })).toMatchObject({
      message: 'Which day?',
      failures: [['plain', 'failed', 500]],
    });
  });
});

describe('a turn', () => {
  it('makes no further call after its maximum of calls', async () => {
    const meter = new UsageMeter();
    for (let count = 1; count < MAX_MODEL_CALLS_PER_TURN; count += 1) meter.begin();
    const turn = await engage({ plain: [BROKEN, ANSWER] }, { meter });
    expect(turn).toMatchObject({ code: 'turn_budget_exceeded', asked: ['plain'] });
  });

  it('closes the connection to its model at its end', async () => {
    const { reasoner, reports } = setUp({ plain: [{ type: 'stall', deltas: ['{"action": 0}\n', 'Which'] }] });
    const turn = new AbortController();
    const steps = reasoner.engage(situation({ signal: turn.signal }), askDay, { choosing: [], engaging: [] });
    await steps.next([]);
    await steps.next([]);
    const next = steps.next([]);
    const reason = new Error('over');
    turn.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(reports).toEqual([]);
    await expect.poll(() => server.aborted).toBe(1);
  });
});

describe('an answer in JSON', () => {
  const speak = (text: string): Behavior => ({ type: 'speak', deltas: [text] });
  const decide = async (behaviors: Behavior[], script = 'plain', changes: Partial<Situation> = {}) => {
    const { reasoner, reports } = setUp({ [script]: behaviors, second: [speak('{"exit": 0}')] });
    const at = situation(changes);
    const step = await reasoner.decide(at, triage, []).next([]);
    return { exit: step.done === true ? step.value : null, calls: at.meter.calls, reports };
  };

  it('is requested as JSON', async () => {
    const { exit, calls } = await decide([speak('{"exit": 0}')]);
    expect(exit).toBe(0);
    expect(server.requests[0]?.response_format).toEqual({ type: 'json_object' });
    expect(calls).toMatchObject([{ interaction: 'SelectNextActionForDecisionState', input_tokens: 120 }]);
  });

  it('is repaired once', async () => {
    const { exit, calls } = await decide([speak('The first!'), speak('{"exit": 0}')]);
    expect(exit).toBe(0);
    expect(calls).toHaveLength(2);
    expect(server.requests[1]?.messages.slice(-2)).toMatchObject([
      { role: 'assistant', content: 'The first!' },
      { role: 'user', content: expect.stringContaining('It is not a JSON object.') as string },
    ]);
  });

  it('is requested by the prompt alone if the server does not support it', async () => {
    const refused: Behavior = { type: 'status', status: 400 };
    const { exit } = await decide([refused, speak('{"exit": 0}')]);
    expect(exit).toBe(0);
    expect(server.requests.map((request) => 'response_format' in request)).toEqual([true, false]);
  });

  it('comes from the fallback if the model is slow or its answer is malformed', async () => {
    for (const behaviors of [
      [{ type: 'silence' as const }],
      [
        { type: 'raw' as const, body: '{"choices":' },
        { type: 'raw' as const, body: '<html>' },
      ],
    ]) {
      expect((await decide(behaviors, 'first', { models: PREFERRED })).exit).toBe(0);
    }
  });
});

describe('an allowance', () => {
  /** Answers with so many words, one a piece, and without a count of tokens. */
  const words = (count: number): Behavior => ({
    type: 'speak',
    deltas: ['{"action": 0}\n', ...Array.from({ length: count }, () => 'word ')],
    usage: false,
  });

  it('ends an answer in its middle that a model goes on with: what was said is kept, and the call is counted', async () => {
    const exhausted: boolean[] = [];
    const allowance = { tokens: 2_000, micro_usd: null };
    const meter = new UsageMeter({ allowance, onExhausted: (refuses) => exhausted.push(refuses) });
    const turn = await engage({ plain: [words(20_000)] }, { meter });
    expect(turn.error).toBeNull();
    expect([turn.ended, exhausted]).toEqual([true, [false]]);
    expect(turn.message).toMatch(/^word word /);
    const [call, ...more] = turn.calls;
    expect(more).toEqual([]);
    expect(call?.estimated).toBe(true);
    const used = (call?.input_tokens ?? 0) + (call?.output_tokens ?? 0);
    expect(used).toBeGreaterThan(1_500);
    // It ends with the piece of the network in which the allowance was used up.
    expect(turn.message.length).toBeLessThan(20_000 * 'word '.length);
    // The provider is asked for no more than what is left.
    const asked = Number(server.requests[0]?.max_tokens);
    expect(asked).toBeGreaterThan(0);
    expect(asked + (call?.input_tokens ?? 0)).toBeLessThanOrEqual(allowance.tokens + 200);
  });

  it('begins no call when it is one token', async () => {
    const meter = new UsageMeter({ allowance: { tokens: 1, micro_usd: null } });
    const turn = await engage({ plain: [ANSWER] }, { meter });
    expect([turn.code, turn.asked]).toEqual(['budget_exhausted', []]);
  });

  it('is enlarged before a call that it does not suffice for', async () => {
    const wishes: number[] = [];
    const meter = new UsageMeter({
      allowance: { tokens: 10, micro_usd: null },
      further: async (_need, want) => {
        wishes.push(want.tokens);
        return { allowance: { tokens: want.tokens, micro_usd: null } };
      },
    });
    const turn = await engage({ plain: [ANSWER] }, { meter });
    expect([turn.error, turn.ended, wishes.length]).toEqual([null, true, 1]);
  });
});
