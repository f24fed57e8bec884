import { describe, expect, it } from 'vitest';
import { codeEvidence } from '../../../../src/agent/embedded/deciding/named-codes.ts';
import { comparisonOf } from '../../../../src/agent/embedded/facts/quantities.ts';
import { understandMessage } from '../../../../src/agent/embedded/language/message.ts';
import { readState } from '../../../../src/agent/embedded/reading/states.ts';
import type { ActionState, ContextGraph } from '../../../../src/registry/graph.ts';

function exitsOf(descriptions: readonly string[]) {
  const state: ActionState = {
    type: 'action',
    name: 'code',
    objective: 'Learn the code.',
    actions: ['Ask: "Which code is it?"'],
    intra_state_navigation_guidelines: [],
    action_guidelines: [],
    boundary_constraints: [],
    exit_conditions: descriptions.map((description) => ({ description, next_state: 'end' })),
    action_tool_call_specs: [],
    exit_condition_tool_call_specs: [],
    skip_active_memory_retrieval: true,
  };
  const graph: ContextGraph = {
    id: '000000000000000000000001',
    version: 1,
    name: 'Codes',
    description: 'Codes.',
    states: [state],
    new_user_initial_state: 'code',
    returning_user_initial_state: 'code',
    terminal_state: 'end',
    references: {},
    global_intra_state_navigation_guidelines: [],
    global_action_guidelines: [],
    global_boundary_constraints: [],
  };
  return readState(graph, state).exits;
}

/** Returns the index of the exit that a message takes by its code; -1 when it takes none. */
function taken(descriptions: readonly string[], text: string): number {
  const evidence = codeEvidence(exitsOf(descriptions), understandMessage(text));
  return evidence.findIndex((each) => each > 0);
}

const LETTERS = ['The code is P4', 'The code is P9', 'The code is another one'];
const NUMBERS = ['It shows the number 112', 'It shows the number 230', 'It shows a different number'];

describe('exits that name codes, with one for every other code', () => {
  it.each<[string, number]>([
    ['P4', 0],
    ['p 9', 1],
    ['it says P nine', 1],
    ['the four', 0],
    ['P7', 2],
    ['neither of them', 2],
    ['a different one', 2],
    ['some letter that I cannot read', -1],
    ['that one', -1],
    ['what is a code?', -1],
  ])('take a code as it is said: %j takes exit %i', (text, expected) => {
    expect(taken(LETTERS, text)).toBe(expected);
  });

  it.each<[string, number]>([
    ['one one two', 0],
    ['a hundred and twelve', 0],
    ['two hundred thirty', 1],
    ["it's 230", 1],
    ['999', 2],
    ['none of those', 2],
  ])('take a number as it is said: %j takes exit %i', (text, expected) => {
    expect(taken(NUMBERS, text)).toBe(expected);
  });

  it('give no evidence at exits that wait for any code', () => {
    const exits = ['The user has given a code, such as "P4"', 'The user has no other code'];
    expect(taken(exits, 'P9')).toBe(-1);
  });

  it('give no evidence without an exit for every other code', () => {
    expect(taken(LETTERS.slice(0, 2), 'P4')).toBe(-1);
  });
});

describe('the comparison of an answer with a limit', () => {
  it.each<[string, string, 1 | -1 | null]>([
    ['The tyre has between 3 and 4 bar', '3.5', 1],
    ['The tyre has between 3 and 4 bar', 'three and a half', 1],
    ['The tyre has between 3 and 4 bar', 'two point nine', -1],
    ['The tyre has between 3 and 4 bar', 'under three', -1],
    ['The tyre has between 3 and 4 bar', 'over four', -1],
    ['The tyre has between 3 and 4 bar', 'no idea', null],
    ['It takes between 10 and 20 minutes', 'a quarter of a mile', null],
    ['It takes between 10 and 20 minutes', '15 minutes', 1],
    ['It takes between 10 and 20 minutes', 'an hour', -1],
    ['The oil is colder than 5 degrees or under 5 degrees', 'it is under 5', 1],
    ['Is it above 5 degrees?', 'below 5', -1],
    ['Is it above 5 degrees?', 'over 5', 1],
  ])('%j, %j is %s', (limit, answer, expected) => {
    expect(comparisonOf(limit, answer)).toBe(expected);
  });
});
