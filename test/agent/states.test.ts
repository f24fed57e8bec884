/** Tests of the engine with every kind of state, references, memory, behavior, tools and fillers. */
import { describe, expect, it } from 'vitest';
import { keepToolResult, recordQueries, startPosition, unaskedQueries } from '../../src/agent/position.ts';
import { MAX_MOVES_PER_TURN } from '../../src/agent/walk.ts';
import { AgentAction } from '../../src/contract/agent-actions.ts';
import type { Reasoner } from '../../src/agent/reasoner.ts';
import type { BehaviorSet } from '../../src/registry/capabilities.ts';
import type { State, ToolCallSpec } from '../../src/registry/graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { ECHO_TOOLS, graphOf, runTurn, scripted } from '../support/scripted-turn.ts';
import { turnAt, userSays, wholeTurn } from './support.ts';

const GRAPH = ['d'.repeat(24), 1] as const;
const SPEC: ToolCallSpec = {
  tool_id: 'a'.repeat(24),
  version_constraint: '>=1',
  additional_instruction: 'Use it.',
  audio_fillers: [],
  audio_filler_triggered_after: 1,
  result_persistence: 'persisted',
};
const start = actionState('start', ['Begin'], [['The user goes on', 'pass']]);
const end = actionState('end', ['Say goodbye'], []);
const leave = { choices: [{ kind: 'exit' as const, index: 0 }] };

/** Actions of the move from `start` to `pass`. `SPEAK` has those of the message in `end`. */
const INTO = [
  'check-if-active-memory-needed-completed',
  'navigate-state-machine-exit-condition-selected',
  'navigate-state-machine-state-transitioned',
];
const SPEAK = [
  'navigate-state-machine-state-transitioned',
  'navigate-state-machine-action-state-action-selected',
  'engage-user-message-fragment-generated',
];

const transition = (previous_state: string, next_state: string) => ({
  previous_state,
  previous_service_hierarchical_state_machine_version_info: [...GRAPH],
  next_state,
  next_service_hierarchical_state_machine_version_info: [...GRAPH],
});

describe('a recall state', () => {
  const recall = (changes: object): State => ({
    type: 'recall',
    name: 'pass',
    queries: null,
    requested_information: null,
    next_state: 'end',
    ...changes,
  });

  it('sends its own queries to memory', async () => {
    const graph = graphOf([start, recall({ queries: ['pets', 'food'] }), end]);
    const { actions, result } = await runTurn([graph], leave);
    expect(actions).toEqual([
      ...INTO,
      'navigate-state-machine-recall-state-static-queries-retrieved',
      'navigate-state-machine-recall-state-active-memory-retrieved',
      ...SPEAK,
    ]);
    expect(result.log.transitions[1]).toEqual({
      ...transition('pass', 'end'),
      type: 'recall',
      performed_queries: ['pets', 'food'],
    });
    expect(result.log.working_memory).toEqual([
      { context: 'pets', content: 'About pets' },
      { context: 'food', content: 'About food' },
    ]);
    expect(result.completed).toBe(true);
  });

  it('makes queries from the requested information, and does not repeat a query of the conversation', async () => {
    const graph = graphOf([start, recall({ requested_information: 'their pets' }), end]);
    const position = recordQueries(startPosition([...GRAPH], 'start'), ['Any  PETS']);
    const script = { ...leave, recallQueries: ['any pets', 'their cat'] };
    const { events, result } = await runTurn([graph], script, { position });
    expect(events.map((event) => (event.type === 'action' ? event.action : null))).toContainEqual({
      type: 'navigate-state-machine-recall-state-dynamic-queries-generated',
      dynamic_queries: ['any pets', 'their cat'],
      requested_information: 'their pets',
    });
    expect(result.log.transitions[1]).toMatchObject({ type: 'recall', performed_queries: ['their cat'] });
    expect(result.position.asked).toEqual(['Any  PETS', 'their cat']);
  });
});

describe('thoughts', () => {
  it('are stored as a message in an annotation state', async () => {
    const annotation: State = {
      type: 'annotation',
      name: 'pass',
      inner_thought: 'Be brief.',
      next_state: 'end',
    };
    const { actions, thoughts, result } = await runTurn([graphOf([start, annotation, end])], leave);
    expect(actions).toEqual([
      ...INTO,
      'navigate-state-machine-annotation-state-annotation-retrieved',
      ...SPEAK,
    ]);
    expect(thoughts).toEqual(['Be brief.']);
    expect(result.log.transitions[1]).toEqual({
      ...transition('pass', 'end'),
      type: 'annotation',
      inner_thought_message_id: 'thought-1',
    });
    expect(result.log.reflections).toEqual([]);
  });

  it('are stored as a message and a reflection in a reflection state, cut to the limit of words', async () => {
    const reflection: State = {
      type: 'reflection',
      name: 'pass',
      problem: 'What do they want?',
      word_limit: 3,
      next_state: 'end',
      tool_call_specs: [],
      audio_fillers: [],
      audio_filler_triggered_after: 1,
    };
    const script = { ...leave, reflection: 'They want a lot of things' };
    const { events, thoughts, result } = await runTurn([graphOf([start, reflection, end])], script);
    expect(thoughts).toEqual(['They want a…']);
    expect(result.log.reflections).toEqual([{ message_id: 'thought-1', text: 'They want a…' }]);
    expect(events).toContainEqual({
      type: 'action',
      action: {
        type: 'navigate-state-machine-reflection-state-reflection-generated',
        reflection: 'They want a…',
      },
    });
    expect(result.log.transitions[1]).toMatchObject({
      type: 'reflection',
      inner_thought_message_id: 'thought-1',
      tool_call_logs: [],
    });
  });
});

describe('a tool-call state', () => {
  const toolCall = (spec: Partial<ToolCallSpec> = {}): State => ({
    type: 'tool-call',
    name: 'pass',
    next_state: 'end',
    designated_tool: { ...SPEC, ...spec },
    designated_tool_call_params_generation_audio_fillers: [],
    designated_tool_call_params_generation_audio_filler_triggered_after: 1,
    designated_tool_call_objective: 'Ask it.',
    designated_tool_call_context: 'None.',
    designated_tool_call_guidances: [],
    designated_tool_call_validations: [],
    tool_call_specs: [],
  });

  it('calls its tool, yields the events of the call, and stores the result', async () => {
    const { actions, events, result } = await runTurn([graphOf([start, toolCall(), end])], {
      ...leave,
      toolInput: { day: 'Monday' },
    });
    expect(actions).toEqual([
      ...INTO,
      'designated-tool-retrieved',
      'designated-tool-call-params-generated',
      'tool-call-started',
      'tool-call-ended',
      'navigate-state-machine-tool-call-state-tool-output-available',
      ...SPEAK,
    ]);
    const log = {
      tool_name: 'echo',
      tool_id: SPEC.tool_id,
      tool_version: '1.0',
      input: { day: 'Monday' },
      output: '{"day":"Monday"}',
      duration: 0.5,
    };
    expect(result.log.transitions[1]).toEqual({
      ...transition('pass', 'end'),
      type: 'tool-call',
      tool_call_logs: [],
      designated_tool_call_log: log,
    });
    expect(result.position.tool_results).toEqual([
      { tool_name: 'echo', input: { day: 'Monday' }, output: '{"day":"Monday"}' },
    ]);
    for (const event of events)
      if (event.type === 'action') expect(AgentAction.parse(event.action)).toEqual(event.action);
  });

  it.each([
    ['ephemeral', 10, null, 0],
    ['persisted-preferred', 4_999, 4_999, 1],
    ['persisted-preferred', 5_000, null, 0],
    ['persisted', 4_999, 4_999, 1],
  ] as const)(
    'keeps a %s result of %i characters as %s',
    async (result_persistence, length, kept, results) => {
      const tools = {
        ...ECHO_TOOLS,
        call: () => Promise.resolve({ output: 'x'.repeat(length), duration: 1 }),
      };
      const { result } = await runTurn([graphOf([start, toolCall({ result_persistence }), end])], leave, {
        tools,
      });
      const [, passed] = result.log.transitions;
      const output = passed?.type === 'tool-call' ? passed.designated_tool_call_log.output : undefined;
      expect(output?.length ?? null).toBe(kept);
      expect(result.position.tool_results).toHaveLength(results);
    },
  );

  it('gives the agent an error when a persisted result is too long to be stored', async () => {
    const tools = { ...ECHO_TOOLS, call: () => Promise.resolve({ output: 'x'.repeat(5_000), duration: 1 }) };
    const { events } = await runTurn(
      [graphOf([start, toolCall({ result_persistence: 'persisted' }), end])],
      leave,
      { tools },
    );
    expect(JSON.stringify(events)).toContain('Error: the result has 5000 characters');
  });

  it('yields one filler, with the event of the call, when the tool takes long', async () => {
    const tools = {
      ...ECHO_TOOLS,
      call: () =>
        new Promise<{ output: string; duration: number }>((resolve) => {
          setTimeout(() => resolve({ output: 'late', duration: 0.05 }), 50);
        }),
    };
    const spec = { audio_fillers: ['One moment.', 'Nearly.'], audio_filler_triggered_after: 0.005 };
    const { events, actions } = await runTurn([graphOf([start, toolCall(spec), end])], leave, { tools });
    expect(actions.filter((type) => type === 'action-too-long')).toHaveLength(1);
    expect(events).toContainEqual({
      type: 'action',
      action: {
        type: 'action-too-long',
        filler: 'One moment.',
        previously_started_event: {
          type: 'tool-call-started',
          tool_round_index: 0,
          tool_id: SPEC.tool_id,
          tool_version: '1.0',
          input_params: {},
        },
      },
    });
  });
});

describe('tools in an action state', () => {
  it('are called before the choice and before the message, and logged separately', async () => {
    const state = {
      ...actionState('only', ['Speak'], []),
      action_tool_call_specs: [SPEC],
      exit_condition_tool_call_specs: [SPEC],
    };
    const { actions, result } = await runTurn([graphOf([state])], {
      choosingTools: true,
      engagingTools: true,
    });
    expect(actions).toEqual([
      'check-if-active-memory-needed-completed',
      'tool-call-started',
      'tool-call-ended',
      'navigate-state-machine-action-state-action-selected',
      'tool-call-started',
      'tool-call-ended',
      'engage-user-message-fragment-generated',
    ]);
    expect(result.log.select_next_action_tool_calls).toHaveLength(1);
    expect(result.log.engage_user_tool_calls).toHaveLength(1);
    expect(result.message).toBe('Said.{"q":"x"}');
  });
});

describe('a reference', () => {
  const other = graphOf(
    [
      actionState('inner', ['Ask inside'], [['Done', 'inner_end']]),
      actionState('inner_end', ['Never said'], []),
    ],
    { id: 'e'.repeat(24), version: 3 },
  );
  const outer = graphOf(
    [
      {
        ...actionState('start', ['Begin'], []),
        exit_conditions: [{ description: 'Go inside', next_state: ['other.inner', 'end'] }],
      },
      end,
    ],
    { references: { other: [other.id, other.version] } },
  );

  it('leads into its graph, and back when that graph ends', async () => {
    const first = await runTurn([outer, other], leave);
    expect(first.result.log.state).toBe('inner');
    expect(first.result.completed).toBe(false);
    expect(first.result.position).toMatchObject({
      graph: [other.id, 3],
      state: 'inner',
      returns: [{ graph: [...GRAPH], state: 'end' }],
    });
    expect(first.result.log.transitions).toEqual([
      {
        ...transition('start', 'inner'),
        next_service_hierarchical_state_machine_version_info: [other.id, 3],
        type: 'action',
        previous_state_exit_condition_description: 'Go inside',
        tool_call_logs: [],
      },
    ]);
    const second = await runTurn([outer, other], leave, { position: first.result.position });
    expect(
      second.result.log.transitions.map(({ type, previous_state, next_state }) => [
        type,
        previous_state,
        next_state,
      ]),
    ).toEqual([
      ['action', 'inner', 'inner_end'],
      ['jumpback', 'inner_end', 'end'],
    ]);
    expect(second.result).toMatchObject({
      completed: true,
      position: { graph: [...GRAPH], state: 'end', returns: [] },
    });
  });
});

describe('the memory check', () => {
  it('sends each query of the reasoner to memory once in a conversation', async () => {
    const graph = graphOf([end]);
    const first = await runTurn([graph], { memoryQueries: ['the cat'] });
    expect(first.actions.slice(0, 2)).toEqual([
      'check-if-active-memory-needed-completed',
      'extract-active-memories-completed',
    ]);
    expect(first.result.log.working_memory).toEqual([{ context: 'the cat', content: 'About the cat' }]);
    const second = await runTurn(
      [graph],
      { memoryQueries: ['The cat'] },
      { position: first.result.position },
    );
    expect(second.actions.slice(0, 2)).toEqual([
      'check-if-active-memory-needed-completed',
      'navigate-state-machine-action-state-action-selected',
    ]);
  });

  it('is skipped in a state that disables it', async () => {
    const graph = graphOf([{ ...end, skip_active_memory_retrieval: true }]);
    expect((await runTurn([graph], { memoryQueries: ['x'] })).actions[0]).toBe(
      'navigate-state-machine-action-state-action-selected',
    );
  });
});

describe('dynamic behavior', () => {
  const set: BehaviorSet = {
    id: 'b'.repeat(24),
    version: 2,
    name: 'Storm',
    service_ids: [],
    triggers: ['The user talks about a storm'],
    actions: [
      { type: 'inject-instruction', instruction: 'Warn them.', overrides_instructions: true },
      { type: 'change-tool-candidates', tool_call_specs: [SPEC], overrides_tools: false },
    ],
  };
  const info = [set.id, set.version];

  it('is selected first by relevance and then by the reasoner, with events for both', async () => {
    const { actions, events, result } = await runTurn(
      [graphOf([end])],
      { behavior: 0, engagingTools: true },
      {
        said: 'There is a storm outside',
        behaviors: [set],
      },
    );
    expect(actions.slice(1)).toEqual([
      'select-dynamic-behavior-relevance-retrieval-completed',
      'select-dynamic-behavior-completed',
      'navigate-state-machine-dynamic-behavior-override',
      'navigate-state-machine-action-state-action-selected',
      'engage-user-dynamic-behavior-override',
      'tool-call-started',
      'tool-call-ended',
      'engage-user-message-fragment-generated',
    ]);
    expect(events).toContainEqual({
      type: 'action',
      action: {
        type: 'select-dynamic-behavior-completed',
        selected_dynamic_behavior_set_version_info: info,
        previous_selected_dynamic_behavior_set_version_info: null,
      },
    });
    expect(events).toContainEqual({
      type: 'action',
      action: {
        type: 'navigate-state-machine-dynamic-behavior-override',
        overriding_instructions: true,
        overriding_tool_candidates: false,
      },
    });
    expect(result.log.behavior).toEqual(info);
    expect(result.position.behavior).toEqual(info);
  });

  it('is not selected without relevance, even if the reasoner would select it', async () => {
    const { actions, result } = await runTurn(
      [graphOf([end])],
      { behavior: 0 },
      { said: 'Good morning', behaviors: [set] },
    );
    expect(actions).not.toContain('navigate-state-machine-dynamic-behavior-override');
    expect(result.log.behavior).toBeNull();
  });

  it('tells that a vector was generated, when the reasoner compares by vectors', async () => {
    const reasoner = { ...scripted({}), behaviorVectors: () => Promise.resolve(true) };
    const typesOf = async (each: Reasoner, behaviors: BehaviorSet[]) => {
      const input = { ...turnAt(graphOf([end]), 'end'), input: userSays('a storm'), behaviors };
      return (await wholeTurn(input, each)).events.flatMap((event) =>
        event.type === 'action' && event.action.type.startsWith('select-') ? [event.action.type] : [],
      );
    };
    const found = [
      'select-dynamic-behavior-relevance-retrieval-completed',
      'select-dynamic-behavior-completed',
    ];
    expect(await typesOf(reasoner, [set])).toEqual(['select-dynamic-behavior-vector-generated', ...found]);
    expect(await typesOf({ ...reasoner, behaviorVectors: () => Promise.resolve(false) }, [set])).toEqual(
      found,
    );
    expect(await typesOf(reasoner, [])).toEqual([]);
  });

  it('yields no events when there are no sets', async () => {
    const { actions } = await runTurn([graphOf([end])], {}, { said: 'There is a storm' });
    expect(actions.some((type) => type.startsWith('select-dynamic-behavior'))).toBe(false);
  });
});

describe('a turn that cannot go on', () => {
  it('fails after 32 moves', async () => {
    const circle = graphOf([
      actionState('start', ['Begin'], [['On', 'a']]),
      decisionState('a', [
        ['To b', 'b'],
        ['End', 'end'],
      ]),
      decisionState('b', [['To a', 'a']]),
      end,
    ]);
    await expect(runTurn([circle], leave)).rejects.toMatchObject({ problem: { code: 'too_many_steps' } });
    expect(MAX_MOVES_PER_TURN).toBe(32);
  });

  it.each([
    ['an unknown exit', { choices: [{ kind: 'exit' as const, index: 7 }] }],
    ['an unknown action', { choices: [{ kind: 'action' as const, index: 7 }] }],
  ])('fails when the reasoner chooses %s', async (_name, script) => {
    await expect(runTurn([graphOf([start, end])], script)).rejects.toMatchObject({
      problem: { code: 'turn_failed' },
    });
  });
});

describe('the stored queries and tool results of a position', () => {
  it('are limited to 100 queries and 5 results', () => {
    let position = startPosition([...GRAPH], 'start');
    for (let index = 0; index < 300; index += 1) {
      position = recordQueries(position, [`query ${index}`]);
      position = keepToolResult(position, { tool_name: 't', input: {}, output: String(index) });
    }
    expect(position.asked).toHaveLength(100);
    expect(position.tool_results.map(({ output }) => output)).toEqual(['295', '296', '297', '298', '299']);
    expect(unaskedQueries(position, ['query 299', ' QUERY  299', 'new', 'New', ''])).toEqual(['new']);
  });
});
