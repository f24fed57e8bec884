/** Whatever a caller, a graph, a tool or a model says, a prompt is no longer than a model can read, and holds whole characters. */
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../src/agent/language-model/chat/port.ts';
import * as prompts from '../../../src/agent/language-model/prompts.ts';
import { OfferedTools, readCalls } from '../../../src/agent/language-model/tools.ts';
import {
  estimateEscaped,
  estimateTokens,
  shorten,
  windowOf,
} from '../../../src/agent/language-model/window.ts';
import type { Situation, ToolCandidate, Utterance } from '../../../src/agent/reasoner.ts';
import type { ActionState } from '../../../src/registry/graph.ts';
import { askDay, graph, situation, triage } from './situations.ts';

/** The longest prompt, in tokens, that the models of every provider read. */
const MAX_PROMPT_TOKENS = 80_000;
/** Larger than anything may be, in characters that cost much: of two units, and escaped in JSON. */
const LONG = '🎉<"語'.repeat(15_000);
const MANY = Array.from({ length: 3_000 }, (_, index) => `${index} ${'🎉<"'.repeat(50)}`);

const said: Utterance[] = MANY.map((text) => ({ by: 'user', text: text + LONG.slice(0, 6_000) }));

const hugeState: ActionState = {
  ...askDay,
  name: LONG,
  objective: LONG,
  actions: MANY,
  intra_state_navigation_guidelines: MANY,
  action_guidelines: MANY,
  boundary_constraints: MANY,
  exit_conditions: MANY.map((description) => ({ description, next_state: 'end' })),
};

const hugeTool: ToolCandidate = {
  id: 'e'.repeat(24),
  name: LONG,
  version: '1',
  description: LONG,
  instruction: LONG,
  input_schema: { type: 'object', description: LONG },
};

const base = situation();
const huge: Situation = {
  ...base,
  graph: { ...graph, name: LONG, description: LONG },
  agent: {
    ...base.agent,
    name: LONG,
    role: LONG,
    developed_by: LONG,
    background: LONG,
    behaviors: MANY,
    communication_patterns: MANY,
  },
  user: { name: LONG, model: LONG },
  position: {
    ...base.position,
    performed: MANY.map((_text, index) => index),
    answers: Object.fromEntries(MANY.map((text, index) => [`${index}${LONG.slice(0, 5_000)}`, text])),
  },
  history: said,
  input: said,
  workingMemory: MANY.map((content) => ({ content, context: LONG })),
  thoughts: MANY,
  toolResults: MANY.map((output) => ({ tool_name: LONG, input: { text: LONG }, output })),
  behavior: { instructions: MANY, overriding: false },
};

const finished = { user: huge.user, transcript: [], models: {}, signal: huge.signal };
const transcript = windowOf(
  said.map(({ text }, id) => ({ id: String(id), by: 'user' as const, text })),
  { tokens: 12_000, entryTokens: 1_000 },
).kept;

/** Every prompt there is: a new one cannot be left out. */
const PROMPTS: { [Name in keyof typeof prompts]: () => ChatMessage[] } = {
  choiceRepair: () => prompts.choiceRepair(LONG, { kind: 'action', value: LONG }, hugeState),
  summaryPrompt: () => prompts.summaryPrompt(LONG, transcript),
  engagePrompt: () => prompts.engagePrompt(huge, hugeState),
  speakRequest: () => prompts.speakRequest(LONG, LONG),
  repairRequest: () => prompts.repairRequest(LONG, LONG),
  decidePrompt: () =>
    prompts.decidePrompt(huge, {
      ...triage,
      objective: LONG,
      decision_guidelines: MANY,
      exit_conditions: hugeState.exit_conditions,
    }),
  reflectPrompt: () =>
    prompts.reflectPrompt(huge, {
      type: 'reflection',
      name: 'think',
      problem: LONG,
      word_limit: 20,
      next_state: 'end',
      tool_call_specs: [],
      audio_fillers: [],
      audio_filler_triggered_after: 1,
    }),
  toolInputPrompt: () =>
    prompts.toolInputPrompt(
      huge,
      {
        type: 'tool-call',
        name: 'call',
        next_state: 'end',
        designated_tool: {} as never,
        designated_tool_call_params_generation_audio_fillers: [],
        designated_tool_call_params_generation_audio_filler_triggered_after: 1,
        designated_tool_call_objective: LONG,
        designated_tool_call_context: LONG,
        designated_tool_call_guidances: MANY,
        designated_tool_call_validations: MANY,
        tool_call_specs: [],
      },
      hugeTool,
    ),
  recallQueriesPrompt: () => prompts.recallQueriesPrompt(huge, LONG),
  selectBehaviorPrompt: () =>
    prompts.selectBehaviorPrompt(
      huge,
      MANY.map((name) => ({ name, triggers: [LONG.slice(0, 3_000)] })),
    ),
  recommendPrompt: () => prompts.recommendPrompt(huge, hugeState, LONG),
  startersPrompt: () =>
    prompts.startersPrompt({
      graph: { ...huge.graph, states: [{ ...hugeState, name: 'ask_day' }] },
      initialState: 'ask_day',
      facets: [LONG, ...MANY],
      minCount: 1,
      maxCount: 10,
      instructions: LONG,
      models: {},
      userModel: LONG,
      signal: huge.signal,
    }),
  memoriesPrompt: () => prompts.memoriesPrompt(finished, transcript),
  userModelPrompt: () => prompts.userModelPrompt(finished, transcript),
  metricPrompt: () =>
    prompts.metricPrompt(
      {
        id: 'f'.repeat(24),
        name: LONG,
        description: LONG,
        type: 'categorical',
        computed: null,
        categories: MANY,
      },
      transcript,
    ),
};

function textOf(messages: readonly ChatMessage[]): string {
  return messages.map(({ content }) => content ?? '').join('');
}

describe('a prompt', () => {
  it.each(Object.entries(PROMPTS))(
    '%s has at most a bound of tokens, and no half characters',
    (_name, make) => {
      const text = textOf(make());
      expect(estimateTokens(text)).toBeLessThan(MAX_PROMPT_TOKENS);
      expect(text.isWellFormed()).toBe(true);
    },
  );

  it('is made by a function that is measured here', () => {
    const names = Object.keys(prompts);
    expect(Object.keys(PROMPTS).sort()).toEqual(names.sort());
  });

  it('keeps every entry that can be chosen, shortened to what all of them can have', () => {
    const actions = Array.from({ length: 40 }, (_, index) => `action ${index} ${'word '.repeat(400)}`);
    const [system] = prompts.engagePrompt(base, { ...askDay, actions });
    const lines = (system?.content ?? '').split('\n').filter((line) => /^\d+\. action/.test(line));
    expect(lines).toHaveLength(40);
  });

  it('shows short texts of a graph whole', () => {
    const text = textOf(prompts.recommendPrompt(base, askDay, 'A patient in a hurry.'));
    expect(text).toContain('A patient in a hurry.');
    expect(text).toContain(askDay.objective);
  });
});

describe('the tools of a model', () => {
  it('are bounded, each and together', () => {
    const offered = new OfferedTools(
      Array.from({ length: 500 }, (_, index) => ({ ...hugeTool, id: `${index}`, name: `tool ${index}` })),
    );
    expect(offered.definitions.length).toBeLessThanOrEqual(64);
    expect(estimateTokens(JSON.stringify(offered.definitions[0]))).toBeLessThan(4_000);
  });

  it('give back outputs of one round that a model can read', () => {
    const tool = { ...hugeTool, name: 'look_up' };
    const calls = Array.from({ length: 100 }, (_, index) => ({
      id: `call ${index}`,
      name: 'look_up',
      input: JSON.stringify({ text: LONG }),
    }));
    const read = readCalls(LONG, calls, () => tool);
    const outputs = (read.round?.calls ?? []).map(() => LONG);
    expect(outputs.length).toBeLessThanOrEqual(8);
    expect(estimateTokens(JSON.stringify(read.messages(outputs)))).toBeLessThan(MAX_PROMPT_TOKENS);
  });
});

describe('a shortened text', () => {
  it.each([
    ['letters around others', `${'語'.repeat(500)}${'a'.repeat(9_000)}${'語'.repeat(500)}`],
    ['emoji', '🎉'.repeat(2_000)],
    ['one word', 'x'.repeat(10_000)],
  ])('has no more tokens than it may, and whole characters: %s', (_name, text) => {
    for (const tokens of [10, 33, 100, 334]) {
      const shortened = shorten(text, tokens);
      expect(estimateTokens(shortened)).toBeLessThanOrEqual(tokens);
      expect(shortened.isWellFormed()).toBe(true);
    }
  });

  it('is counted as it is escaped in a line of data', () => {
    expect(estimateEscaped(shorten('<'.repeat(9_000), 100, estimateEscaped))).toBeLessThanOrEqual(100);
  });
});
