import { describe, expect, it } from 'vitest';
import type { ContextGraph, State } from '../../src/registry/graph.ts';
import { validateGraph } from '../../src/registry/validate-graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { graphOf, TEST_GRAPH } from './support.ts';

const GREET = actionState('greet', ['Hello.'], [['on', 'end']]);
const END = actionState('end', ['Bye.'], []);
const annotation: State = { type: 'annotation', name: 'note', inner_thought: 'Hm.', next_state: 'end' };

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

describe('a graph', () => {
  it('is valid when it can be walked from its beginnings to its end', () => {
    expect(validateGraph(TEST_GRAPH)).toEqual([]);
    expect(validateGraph(graphOf([GREET, END]))).toEqual([]);
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
      'a kind of state that is not walked',
      between(annotation),
      [['states.1.type', 'states of kind "annotation" are not supported']],
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
      'an exit to a state of another graph',
      between({
        ...actionState('ask', ['A?'], []),
        exit_conditions: [{ description: 'on', next_state: ['other.start', 'end'] }],
      }),
      [['states.1.exit_conditions.0.next_state', 'references to other graphs are not supported']],
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
  ])('is refused for %s', (_name, graph, errors) => {
    expect(validateGraph(graph).map(({ path, message }) => [path.join('.'), message])).toEqual(errors);
  });
});
