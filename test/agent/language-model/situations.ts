/** Situations to put before the language-model reasoner, and a model that answers as it is told. */
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { startPosition } from '../../../src/agent/position.ts';
import type { Situation, ToolCandidate } from '../../../src/agent/reasoner.ts';
import { UsageMeter } from '../../../src/agent/usage.ts';
import type { ActionState, ContextGraph, DecisionState } from '../../../src/registry/graph.ts';

export const askDay: ActionState = {
  type: 'action',
  name: 'ask_day',
  objective: 'Find a day for the visit.',
  actions: ['Ask for the day', 'Explain the opening hours'],
  intra_state_navigation_guidelines: ['Explain only when asked'],
  action_guidelines: ['One question at a time'],
  boundary_constraints: ['Give no medical advice'],
  exit_conditions: [{ description: 'The user named a day', next_state: 'end' }],
  action_tool_call_specs: [],
  exit_condition_tool_call_specs: [],
  skip_active_memory_retrieval: false,
};

export const goodbye: ActionState = {
  ...askDay,
  name: 'end',
  objective: 'Part as friends.',
  actions: ['Say goodbye'],
  exit_conditions: [],
};

export const triage: DecisionState = {
  type: 'decision',
  name: 'triage',
  objective: 'Find out how urgent it is.',
  decision_guidelines: ['When in doubt, it is urgent'],
  exit_conditions: [
    { description: 'It is urgent', next_state: 'end' },
    { description: 'It can wait', next_state: 'ask_day' },
  ],
  tool_call_specs: [],
  audio_fillers: [],
  audio_filler_triggered_after: 1,
};

export const graph: ContextGraph = {
  id: 'd'.repeat(24),
  version: 1,
  name: 'Visits',
  description: 'Books visits to the clinic.',
  states: [askDay, triage, goodbye],
  new_user_initial_state: 'ask_day',
  returning_user_initial_state: 'ask_day',
  terminal_state: 'end',
  references: {},
  global_intra_state_navigation_guidelines: [],
  global_action_guidelines: [],
  global_boundary_constraints: [],
};

export function situation(changes: Partial<Situation> = {}): Situation {
  return {
    graph,
    agent: {
      id: 'a'.repeat(24),
      version: 1,
      name: 'Mira',
      role: 'a receptionist',
      developed_by: 'Clinic Works',
      default_spoken_language: 'eng',
      background: 'You know the clinic well.',
      behaviors: ['You are patient'],
      communication_patterns: ['You speak in short sentences'],
      voice_config: null,
    },
    user: { name: 'Ada', model: null },
    position: startPosition([graph.id, 1], 'ask_day'),
    history: [],
    input: [{ by: 'user', text: 'Friday, please.' }],
    arrived: false,
    workingMemory: [],
    thoughts: [],
    toolResults: [],
    behavior: null,
    models: {},
    meter: new UsageMeter(),
    signal: new AbortController().signal,
    ...changes,
  };
}

export function tool(name: string, id = name): ToolCandidate {
  return {
    id,
    name,
    version: '1',
    description: `Does ${name}.`,
    input_schema: { type: 'object', properties: { day: { type: 'string' } } },
    instruction: 'Use it sparingly.',
  };
}

/** Deltas of text, and calls of tools by name. */
export type Answer = readonly (string | { tool: string; input: string })[];

const usage = {
  inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 5, text: 5, reasoning: undefined },
};

/** A model that gives these answers, one a call, and keeps what it was asked. */
export function scriptedModel(answers: readonly Answer[]) {
  const asked: LanguageModelV4CallOptions[] = [];
  const next = (options: LanguageModelV4CallOptions): Answer => {
    const { abortSignal: _signal, ...rest } = options;
    asked.push(structuredClone(rest));
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new Error('The script is at its end.');
    return answer;
  };
  const call = (part: Exclude<Answer[number], string>, index: number) =>
    ({ type: 'tool-call', toolCallId: `call-${index}`, toolName: part.tool, input: part.input }) as const;
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'scripted.chat',
    modelId: 'scripted',
    supportedUrls: {},
    doGenerate: async (options) => ({
      content: next(options).map((part, index) =>
        typeof part === 'string' ? { type: 'text' as const, text: part } : call(part, index),
      ),
      finishReason: { unified: 'stop', raw: 'stop' },
      usage,
      warnings: [],
    }),
    doStream: async (options) => {
      const parts = next(options);
      return {
        stream: new ReadableStream({
          start(controller) {
            for (const [index, part] of parts.entries()) {
              controller.enqueue(
                typeof part === 'string' ? { type: 'text-delta', id: '0', delta: part } : call(part, index),
              );
            }
            controller.enqueue({ type: 'finish', usage, finishReason: { unified: 'stop', raw: 'stop' } });
            controller.close();
          },
        }),
      };
    },
  };
  return { asked, models: () => [{ name: 'scripted', model, params: {} }] };
}
