/** Situations to put before the language-model reasoner, and a model that answers as it is told. */
import type { ChatModel, ChatPart, ChatRequest } from '../../../src/agent/language-model/chat/port.ts';
import { startPosition } from '../../../src/agent/position.ts';
import type { Situation, ToolCandidate } from '../../../src/agent/reasoner.ts';
import { UsageMeter } from '../../../src/agent/usage.ts';
import type { ActionState, ContextGraph, DecisionState } from '../../../src/registry/graph.ts';
import { streamOfReads } from './read-stream.ts';

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

const ENDING: readonly ChatPart[] = [
  { type: 'end', reason: 'stop' },
  { type: 'usage', usage: { input_tokens: 10, output_tokens: 5 } },
];

/** A model that gives these answers, one a call, and keeps what it was asked. */
export function scriptedModel(answers: readonly Answer[]) {
  const asked: ChatRequest[] = [];
  const next = (request: ChatRequest): ChatPart[] => {
    asked.push(structuredClone(request));
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new Error('The script is at its end.');
    return answer.map((part, index) =>
      typeof part === 'string'
        ? { type: 'text', text: part }
        : { type: 'tool-call', id: `call-${index}`, name: part.tool, input: part.input },
    );
  };
  const model: ChatModel = {
    id: 'scripted',
    complete: async (request) => [...next(request), ...ENDING],
    stream: async (request) => streamOfReads([...next(request).map((part) => [part]), ENDING]),
  };
  return { asked, models: () => [{ name: 'scripted', model, params: {} }] };
}
