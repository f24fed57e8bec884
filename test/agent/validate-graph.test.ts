import { describe, expect, it } from 'vitest';
import type { Tool } from '../../src/registry/capabilities.ts';
import type { ContextGraph, NextState, State, ToolCallSpec } from '../../src/registry/graph.ts';
import { validateGraph, type GraphSurroundings } from '../../src/registry/validate-graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { graphOf, TEST_GRAPH } from './support.ts';

const GREET = actionState('greet', ['Hello.'], [['on', 'end']]);
const END = actionState('end', ['Bye.'], []);
const ALONE: GraphSurroundings = { graphs: [], tools: [] };

/** A graph with these states between its greeting, which leads to each of them, and its end. */
function between(...states: State[]): ContextGraph {
  return graphOf([
    actionState(
      'greet',
      ['Hello.'],
      [...states, END].map(({ name }) => ['on', name]),
    ),
    ...states,
    END,
  ]);
}

function recall(queries: string[] | null, requested_information: string | null): State {
  return { type: 'recall', name: 'recall', queries, requested_information, next_state: 'end' };
}

function problemsOf(graph: ContextGraph, surroundings: GraphSurroundings): [path: string, message: string][] {
  return validateGraph(graph, surroundings).map(({ path, message }) => [path.join('.'), message]);
}

describe('a graph', () => {
  it('is valid when every state is reachable and leads to the end', () => {
    expect(validateGraph(TEST_GRAPH, ALONE)).toEqual([]);
    expect(validateGraph(graphOf([GREET, END]), ALONE)).toEqual([]);
  });

  it.each<[string, ContextGraph, [path: string, message: string][]]>([
    [
      'a named state that is not there',
      { ...graphOf([GREET, END]), new_user_initial_state: 'nobody' },
      [['new_user_initial_state', 'must name an action state of this graph, not "nobody"']],
    ],
    [
      'a named state that is a decision',
      { ...between(decisionState('which', [['on', 'end']])), returning_user_initial_state: 'which' },
      [['returning_user_initial_state', 'must name an action state of this graph, not "which"']],
    ],
    [
      'a terminal state with two actions',
      graphOf([GREET, actionState('end', ['Bye.', 'Really, bye.'], [])]),
      [['states.1.actions', 'the terminal state must have exactly one action']],
    ],
    [
      'a terminal state with an exit',
      graphOf([GREET, actionState('end', ['Bye.'], [['back', 'greet']])]),
      [['states.1.exit_conditions', 'the terminal state must have no exit']],
    ],
    [
      'a terminal state that a correction reopens',
      graphOf([GREET, { ...END, revisit: true }]),
      [['states.1.revisit', 'the terminal state cannot be reopened']],
    ],
    [
      'two states of one name',
      between(actionState('ask', ['A?'], [['on', 'end']]), actionState('ask', ['B?'], [['on', 'end']])),
      [['states.2.name', 'another state is already named "ask"']],
    ],
    [
      'a decision without an exit',
      between(decisionState('which', [])),
      [
        ['states.1.exit_conditions', 'a decision state must have an exit'],
        ['states.1', 'from "which" the terminal state cannot be reached'],
      ],
    ],
    [
      'an exit to a state that is not there',
      between(
        actionState(
          'ask',
          ['A?'],
          [
            ['on', 'end'],
            ['off', 'nowhere'],
          ],
        ),
      ),
      [['states.1.exit_conditions.1.next_state', 'there is no state named "nowhere"']],
    ],
    [
      'an action state without an exit',
      between(actionState('ask', ['A?'], [])),
      [
        ['states.1.exit_conditions', 'a dead end: the state has no exit'],
        ['states.1', 'from "ask" the terminal state cannot be reached'],
      ],
    ],
    [
      'a state that nothing leads to',
      graphOf([GREET, actionState('island', ['A?'], [['on', 'end']]), END]),
      [['states.1', 'the state "island" cannot be reached']],
    ],
    [
      'states that lead to one another alone',
      between(actionState('a', ['A?'], [['on', 'b']]), actionState('b', ['B?'], [['on', 'a']])),
      [
        ['states.1', 'from "a" the terminal state cannot be reached'],
        ['states.2', 'from "b" the terminal state cannot be reached'],
      ],
    ],
    [
      'a passing state that leads to a state that is not there',
      between({ type: 'annotation', name: 'note', inner_thought: 'Hm.', next_state: 'nowhere' }),
      [
        ['states.1.next_state', 'there is no state named "nowhere"'],
        ['states.1', 'from "note" the terminal state cannot be reached'],
      ],
    ],
    [
      'a recall of nothing',
      between(recall(null, null)),
      [['states.1.queries', 'must have either queries or requested_information, and not both']],
    ],
    [
      'a recall of both',
      between(recall(['pets'], 'their pets')),
      [['states.1.queries', 'must have either queries or requested_information, and not both']],
    ],
  ])('is refused for %s', (_name, graph, errors) => {
    expect(problemsOf(graph, ALONE)).toEqual(errors);
  });

  it('is valid with a recall state of queries or of requested information', () => {
    expect(validateGraph(between(recall(['pets'], null)), ALONE)).toEqual([]);
    expect(validateGraph(between(recall(null, 'their pets')), ALONE)).toEqual([]);
  });
});

describe('a graph that refers to another', () => {
  const inner = graphOf(
    [
      GREET,
      actionState('side_door', ['Psst.'], [['on', 'hall']]),
      actionState('hall', ['Hi.'], [['on', 'end']]),
      END,
    ],
    { id: 'e'.repeat(24), version: 3 },
  );
  const outer = (next: NextState, references: ContextGraph['references']) =>
    graphOf(
      [
        {
          ...actionState('greet', ['Hello.'], []),
          exit_conditions: [{ description: 'in', next_state: next }],
        },
        END,
      ],
      { references },
    );
  const surroundings = { graphs: [inner], tools: [] };
  const known: ContextGraph['references'] = { inner: [inner.id, 3] };

  it('is valid when its reference names a state to enter and a state to return to', () => {
    expect(validateGraph(outer(['inner.side_door', 'end'], known), surroundings)).toEqual([]);
  });

  it.each<[string, ContextGraph, [path: string, message: string][]]>([
    [
      'a reference that it does not name',
      outer(['other.side_door', 'end'], known),
      [['states.0.exit_conditions.0.next_state', 'there is no reference named "other"']],
    ],
    [
      'an unknown graph',
      outer(['inner.side_door', 'end'], { inner: ['f'.repeat(24), 3] }),
      [['references.inner', `there is no version 3 of a graph ${'f'.repeat(24)}`]],
    ],
    [
      'an unknown version',
      outer(['inner.side_door', 'end'], { inner: [inner.id, 4] }),
      [['references.inner', `there is no version 4 of a graph ${inner.id}`]],
    ],
    [
      'a state that the other graph does not have',
      outer(['inner.cellar', 'end'], known),
      [
        [
          'states.0.exit_conditions.0.next_state',
          'the graph of reference "inner" has no state named "cellar"',
        ],
      ],
    ],
    [
      'an unknown state to return to',
      outer(['inner.side_door', 'nowhere'], known),
      [
        ['states.0.exit_conditions.0.next_state', 'there is no state named "nowhere" to come back to'],
        ['states.1', 'the state "end" cannot be reached'],
        ['states.0', 'from "greet" the terminal state cannot be reached'],
      ],
    ],
  ])('is refused for %s', (_name, graph, errors) => {
    expect(problemsOf(graph, surroundings)).toEqual(errors);
  });

  it('makes the states of the other graph reachable that it enters, and the states after them', () => {
    expect(problemsOf(inner, ALONE)).toEqual([
      ['states.1', 'the state "side_door" cannot be reached'],
      ['states.2', 'the state "hall" cannot be reached'],
    ]);
    expect(
      problemsOf(inner, { graphs: [outer(['inner.side_door', 'end'], known), inner], tools: [] }),
    ).toEqual([]);
    const older = outer(['inner.side_door', 'end'], { inner: [inner.id, 2] });
    expect(problemsOf(inner, { graphs: [older, inner], tools: [] })).toHaveLength(2);
  });
});

describe('the tools of a graph', () => {
  const TOOL: Tool = {
    id: 'a'.repeat(24),
    name: 'echo',
    versions: ['1.0', '1.4', '2.0'].map((version) => ({
      version,
      description: 'Echoes.',
      input_schema: { type: 'object' },
      url: 'https://tools.example/',
      headers: {},
      timeout_ms: 1000,
    })),
  };
  const spec = (tool_id: string, version_constraint: string): ToolCallSpec => ({
    tool_id,
    version_constraint,
    additional_instruction: 'Use it.',
    audio_fillers: [],
    audio_filler_triggered_after: 1,
    result_persistence: 'ephemeral',
  });
  const calling = (designated_tool: ToolCallSpec): State => ({
    type: 'tool-call',
    name: 'call',
    next_state: 'end',
    designated_tool,
    designated_tool_call_params_generation_audio_fillers: [],
    designated_tool_call_params_generation_audio_filler_triggered_after: 1,
    designated_tool_call_objective: 'Ask it.',
    designated_tool_call_context: 'None.',
    designated_tool_call_guidances: [],
    designated_tool_call_validations: [],
    tool_call_specs: [spec(TOOL.id, '~=1.2')],
  });
  const withTools = (spec_: ToolCallSpec): State => ({
    ...actionState('ask', ['A?'], [['on', 'end']]),
    action_tool_call_specs: [spec(TOOL.id, ''), spec_],
    exit_condition_tool_call_specs: [spec_],
  });
  const surroundings = { graphs: [], tools: [TOOL] };

  it.each(['', '~=1.2', '>=1,<2', '==2.0'])('are found by the constraint %j', (constraint) => {
    expect(validateGraph(between(calling(spec(TOOL.id, constraint))), surroundings)).toEqual([]);
    expect(validateGraph(between(withTools(spec(TOOL.id, constraint))), surroundings)).toEqual([]);
  });

  it('are refused when they are unknown, in every place that names them', () => {
    const unknown = spec('b'.repeat(24), '');
    const message = `there is no tool ${unknown.tool_id}`;
    expect(problemsOf(between(calling(unknown)), surroundings)).toEqual([
      ['states.1.designated_tool.tool_id', message],
    ]);
    expect(problemsOf(between(withTools(unknown)), surroundings)).toEqual([
      ['states.1.action_tool_call_specs.1.tool_id', message],
      ['states.1.exit_condition_tool_call_specs.0.tool_id', message],
    ]);
    const decision = { ...decisionState('which', [['on', 'end']]), tool_call_specs: [unknown] };
    expect(problemsOf(between(decision), surroundings)).toEqual([
      ['states.1.tool_call_specs.0.tool_id', message],
    ]);
  });

  it.each(['>=3', '==1.1', 'the newest'])('are refused for the constraint %j', (constraint) => {
    expect(problemsOf(between(calling(spec(TOOL.id, constraint))), surroundings)).toEqual([
      ['states.1.designated_tool.version_constraint', `no version of the tool satisfies "${constraint}"`],
    ]);
  });
});
