/** The spans of turns, and the platform's tracing behind them. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ToolPort } from '../../../src/agent/ports.ts';
import type { ToolCandidate } from '../../../src/agent/reasoner.ts';
import { platformTracer } from '../../../src/conversation/turns/spans.ts';
import { inAgentSpan, tracedTools } from '../../../src/conversation/turns/turn-spans.ts';
import { TurnFigures } from '../../../src/conversation/turns/turn-figures.ts';
import { problem } from '../../../src/problems.ts';
import { RecordingTracer } from '../../support/recording-tracer.ts';

let tracer = new RecordingTracer();

beforeEach(() => {
  tracer = new RecordingTracer();
});

/** Runs the agent's part of a turn. */
function invoked(work: () => Promise<unknown>): Promise<unknown> {
  const live = {
    turn: { interactionId: 'i'.repeat(24), runs: 2 },
    record: {
      identity: {
        organization: 'org',
        id: 'c'.repeat(24),
        service_id: 's'.repeat(24),
        versions: { agent: ['a'.repeat(24), 7] },
      },
    },
    figures: new TurnFigures(0, 0),
  } as unknown as Parameters<typeof inAgentSpan>[1];
  const input = { agent: { name: 'Robin' } } as unknown as Parameters<typeof inAgentSpan>[2];
  return inAgentSpan({ tracer, provider: 'workers-ai' }, live, input, work);
}

describe('the span of the agent', () => {
  it('names the agent, its version, the conversation and the run', async () => {
    expect(await invoked(() => Promise.resolve('done'))).toBe('done');
    expect(tracer.spans).toMatchObject([
      {
        name: 'invoke_agent Robin',
        ended: 1,
        failure: null,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.id': 'a'.repeat(24),
          'gen_ai.agent.version': '7',
          'gen_ai.conversation.id': 'c'.repeat(24),
          'gen_ai.provider.name': 'workers-ai',
          'conversation_api.attempt': 2,
        },
      },
    ]);
  });

  it.each([
    ['a problem', problem('turn_deadline_exceeded', 'swordfish'), 'turn_deadline_exceeded'],
    ['another error', new Error('swordfish'), 'turn_failed'],
  ])('has the code of %s, and never its words', async (_name, error, code) => {
    await expect(invoked(() => Promise.reject(error))).rejects.toBe(error);
    expect(tracer.spans).toMatchObject([{ failure: code, ended: 1 }]);
    expect(JSON.stringify(tracer.spans)).not.toContain('swordfish');
  });
});

describe('the span of a tool', () => {
  const tool = { id: '7'.repeat(24), name: 'order_fruit', version: '1.2' } as ToolCandidate;
  const tools = (output: string): ToolPort => ({
    candidate: () => tool,
    call: () => Promise.resolve({ output, duration: 1 }),
  });

  it.each([
    ['swordfish', null],
    ['Error: the tool answered with status 500.', 'tool_failed'],
  ])('names the tool and its version, and that it failed: %s', async (output, failure) => {
    const traced = tracedTools(tracer, tools(output));
    await traced.call(tool, { word: 'swordfish' }, new AbortController().signal);
    expect(tracer.spans).toMatchObject([
      {
        name: 'execute_tool order_fruit',
        failure,
        ended: 1,
        attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'order_fruit' },
      },
    ]);
    expect(JSON.stringify(tracer.spans)).not.toContain('swordfish');
  });
});

describe('the tracer of the platform', () => {
  it('runs the work inside a span of the runtime, which ends once', async () => {
    const answer = await platformTracer().span('chat model', { 'gen_ai.operation.name': 'chat' }, (span) => {
      span.set({ 'gen_ai.usage.input_tokens': 1, 'gen_ai.request.model': undefined });
      span.fail('failed');
      span.end();
      span.end();
      span.set({ late: true });
      return Promise.resolve('answer');
    });
    expect(answer).toBe('answer');
  });

  it('lets no fault of the tracing reach the work', () => {
    const broken = () => {
      throw new Error('no tracing');
    };
    const span = { setAttributes: broken, setStatus: broken, end: broken };
    const platform = { startActiveSpan: <T>(_name: string, work: (made: typeof span) => T) => work(span) };
    const done = platformTracer(platform).span('a', { b: 1 }, (made) => {
      made.fail('failed');
      made.end();
      return 'done';
    });
    expect(done).toBe('done');
  });
});
