/** Decisions by a tool output, a thought or a memory. */
import { describe, expect, it } from 'vitest';
import { chooseInDecisionState } from '../../../../src/agent/embedded/deciding/decision-states.ts';
import type { Situation } from '../../../../src/agent/reasoner.ts';
import { actionState, decisionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

function decided(exits: string[], more: Partial<Situation>): string {
  const state = decisionState(
    'decide',
    exits.map((description): [string, string] => [description, 'end']),
  );
  const graph = graphOf([
    actionState('start', ['Hi.'], [['On', 'decide']]),
    state,
    actionState('end', ['Bye.'], []),
  ]);
  if (state.type !== 'decision') throw new Error('It is a decision state.');
  return exits[chooseInDecisionState(situationAt(graph, 'decide', { arrived: true, ...more }), state)] ?? '';
}

const tool = (output: string) => ({
  toolResults: [{ tool_name: 'tool', input: {}, output }],
  input: userSays('yes'),
});

const TABLE = [
  'The book said that a table is free',
  'The book said that there is no table at that time',
  'The book could not be read',
];
const AREA = [
  'The tool said that it is too far away',
  'The tool said that it is within reach, or the tool failed',
];
const ORDER = [
  'The tool found no order with this number',
  'The tool failed',
  'The tool said where the order is',
];

describe('a decision by the output of a tool', () => {
  it.each<[exits: string[], output: string, chosen: number]>([
    [TABLE, 'A table is free.', 0],
    [TABLE, 'There is no table at 20:00. Free at 18:00 and 21:30.', 1],
    [TABLE, 'Error: the tool did not answer in time.', 2],
    [AREA, '2.1 km: within reach.', 1],
    [AREA, '9 km: too far.', 0],
    [AREA, 'Error: status 500.', 1],
    [ORDER, 'Shipped on Monday.', 2],
    [ORDER, 'Error 404: no order with this number.', 0],
    [ORDER, 'Error: the tool cannot be reached.', 1],
  ])('chooses between %j by %j', (exits, output, chosen) => {
    expect(decided(exits, tool(output))).toBe(exits[chosen]);
    // The order of the exits makes no difference.
    expect(decided([...exits].reverse(), tool(output))).toBe(exits[chosen]);
  });
});

describe('a decision without a tool', () => {
  const URGENT = ['The matter is urgent', 'The matter can wait'];

  it('uses thoughts and memories', () => {
    expect(decided(URGENT, { thoughts: ['The matter is urgent, because of the fever.'] })).toBe(URGENT[0]);
    expect(
      decided(URGENT, { workingMemory: [{ content: 'Said that the matter can wait.', context: 'when' }] }),
    ).toBe(URGENT[1]);
  });

  it('takes the exit for all other cases when nothing fits another exit', () => {
    const exits = ['Otherwise', 'The user wants a room', 'The user wants a meal'];
    expect(decided(exits, { input: userSays('my bicycle squeaks') })).toBe('Otherwise');
  });
});

describe('a decision without any evidence', () => {
  it.each([
    'It is something else',
    'The guest wants something different',
    'It cannot be told which of them it is',
    'None of those',
    'Otherwise',
  ])('takes the exit for everything else, wherever it stands: %j', (otherwise) => {
    const exits = ['It is about a lamp', otherwise, 'It is about a carpet'];
    expect(decided(exits, { input: userSays('my budgie sings') })).toBe(otherwise);
  });

  it('goes back to the question that was answered rather than to a guess', () => {
    const graph = graphOf([
      actionState('start', ['Ask: "What is it about?"'], [['The guest says what it is about', 'decide']]),
      decisionState('decide', [
        ['It is about a lamp', 'end'],
        ['The guest asks again', 'start'],
        ['It is about a carpet', 'end'],
      ]),
      actionState('end', ['Bye.'], []),
    ]);
    const state = graph.states[1];
    if (state?.type !== 'decision') throw new Error('It is a decision state.');
    const at = situationAt(graph, 'decide', { arrived: true, input: userSays('my budgie sings') });
    const answered = { ...at, position: { ...at.position, answers: { start: 'my budgie sings' } } };
    expect(chooseInDecisionState(answered, state)).toBe(1);
    expect(chooseInDecisionState({ ...answered, input: userSays('a carpet') }, state)).toBe(2);
  });
});
