/** The spans of model calls: one for each call, with names of the conventions and no text. */
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatPart } from '../../../src/agent/language-model/chat/port.ts';
import { languageModelReasoner } from '../../../src/agent/language-model/language-model.ts';
import { UsageMeter } from '../../../src/agent/usage.ts';
import { ProviderFailure } from '../../../src/provider-failure.ts';
import { RecordingTracer } from '../../support/recording-tracer.ts';
import { askDay, situation } from './situations.ts';
import { streamOfReads } from './read-stream.ts';

type Answer = readonly ChatPart[] | ProviderFailure;

const END: ChatPart = { type: 'end', reason: 'stop' };
const USAGE: ChatPart = {
  type: 'usage',
  usage: { input_tokens: 30, output_tokens: 5, cached_input_tokens: 20 },
};

function modelOf(answers: Answer[]): ChatModel {
  const next = () => {
    const answer = answers.shift() ?? new ProviderFailure('failed');
    if (answer instanceof ProviderFailure) throw answer;
    return answer;
  };
  return {
    id: 'provider/model-1',
    complete: async () => next(),
    stream: async () => streamOfReads(next().map((part) => [part])),
  };
}

function reasonerOf(answers: Answer[]) {
  const tracer = new RecordingTracer();
  const choice = {
    name: 'fast',
    model: modelOf(answers),
    params: { max_output_tokens: 99, temperature: 0.5, seed: 1 },
  };
  const reasoner = languageModelReasoner({
    models: () => [choice],
    timing: { retryMs: 1 },
    tracing: { tracer, provider: 'openai-compatible' },
  });
  return { tracer, reasoner };
}

async function engaged(answers: Answer[]): Promise<RecordingTracer> {
  const { tracer, reasoner } = reasonerOf(answers);
  const at = situation({ meter: new UsageMeter() });
  const steps = reasoner.engage(at, askDay, { choosing: [], engaging: [] });
  try {
    for (let step = await steps.next([]); step.done !== true;) step = await steps.next([]);
  } catch {
    // A failed call is in its span.
  }
  return tracer;
}

const SPOKEN: ChatPart = { type: 'text', text: '1\nWhich swordfish?' };

describe('the span of a streamed call', () => {
  it('has the names of the conventions, the parameters, and the usage as the provider counts it', async () => {
    const { spans } = await engaged([[SPOKEN, END, USAGE]]);
    expect(spans).toMatchObject([
      {
        name: 'chat provider/model-1',
        ended: 1,
        failure: null,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai-compatible',
          'gen_ai.request.model': 'provider/model-1',
          'gen_ai.request.max_tokens': 99,
          'gen_ai.request.temperature': 0.5,
          'gen_ai.output.type': 'text',
          'gen_ai.usage.input_tokens': 30,
          'gen_ai.usage.output_tokens': 5,
          'gen_ai.usage.cache_read.input_tokens': 20,
          'conversation_api.interaction': 'EngageUser',
          'conversation_api.model_name': 'fast',
        },
      },
    ]);
    expect(JSON.stringify(spans)).not.toContain('swordfish');
  });

  it('names the kind of a failure, and the call that is made again has its own', async () => {
    const { spans } = await engaged([new ProviderFailure('rate-limited'), [SPOKEN, END]]);
    expect(spans.map(({ failure, ended }) => [failure, ended])).toEqual([
      ['rate-limited', 1],
      [null, 1],
    ]);
  });

  it('ends where an answer is given up in the middle', async () => {
    const { tracer, reasoner } = reasonerOf([[SPOKEN, SPOKEN, SPOKEN, END]]);
    const at = situation({ meter: new UsageMeter() });
    const steps = reasoner.engage(at, askDay, { choosing: [], engaging: [] });
    await steps.next([]);
    await steps.next([]);
    await steps.return(undefined);
    expect(tracer.spans.map(({ ended }) => ended)).toEqual([1]);
  });
});

describe('the span of a call that answers in one piece', () => {
  it.each<[string, Answer[], [string | null, number][]]>([
    ['ends with its answer', [[{ type: 'text', text: '["a"]' }, END, USAGE]], [[null, 1]]],
    [
      'ends with each failure',
      [new ProviderFailure('not-ready'), new ProviderFailure('failed')],
      [
        ['not-ready', 1],
        ['failed', 1],
      ],
    ],
  ])('%s, once', async (_what, answers, expected) => {
    const { tracer, reasoner } = reasonerOf(answers);
    await reasoner.recallQueries(situation({ meter: new UsageMeter() }), 'the day').catch(() => undefined);
    const seen = tracer.spans.map(({ failure, ended }) => [failure, ended]);
    expect(seen.slice(0, expected.length)).toEqual(expected);
    expect(seen.every(([, ended]) => ended === 1)).toBe(true);
  });
});
