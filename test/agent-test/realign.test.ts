import { describe, expect, it } from 'vitest';
import { startPosition, type Position } from '../../src/agent/position.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { expectedState, realigned } from '../../scripts/agent-test/realign.ts';
import pharmacyFile from '../dialogues/agents/pharmacy.json';

const { graphs } = parseOrganizationFile(pharmacyFile);
const [main, identification] = graphs as [(typeof graphs)[0], (typeof graphs)[0]];
const MAIN: Position['graph'] = [main.id, main.version];
const IDENTIFICATION: Position['graph'] = [identification.id, identification.version];

describe('the expected last state of a turn', () => {
  it.each([
    [{ state: 'greet' }, 'greet'],
    [{ state: ['greet', 'order'] }, 'greet'],
    [{ path: ['order', 'ordered'] }, 'ordered'],
    [{ state: 'greet', path: [] }, 'greet'],
    [{}, null],
  ])('is for the expectation %o the state %s', (expected, state) => {
    expect(expectedState(expected)).toBe(state);
  });
});

describe('a conversation that is moved to the expected state', () => {
  const start: Position = { ...startPosition(MAIN, 'greet'), answers: { greet: 'Hello' }, performed: [0] };

  it('enters another state of the same graph and keeps the answers', () => {
    expect(realigned(start, 'ask_delivery', [], main, graphs)).toEqual({
      ...start,
      state: 'ask_delivery',
      performed: [],
    });
  });

  it('leaves a referenced graph', () => {
    const inside: Position = {
      ...start,
      graph: IDENTIFICATION,
      state: 'ask_postcode',
      returns: [{ graph: MAIN, state: 'ask_medicine' }],
    };
    expect(realigned(inside, 'ask_medicine', [], main, graphs)).toMatchObject({
      graph: MAIN,
      state: 'ask_medicine',
      returns: [],
    });
  });

  it('stays in the referenced graph with its return', () => {
    const returns = [{ graph: MAIN, state: 'find_delivery' }];
    const inside: Position = { ...start, graph: IDENTIFICATION, state: 'ask_postcode', returns };
    expect(realigned(inside, 'ask_birth_date', [], main, graphs)).toMatchObject({
      state: 'ask_birth_date',
      returns,
    });
  });

  it('enters a referenced graph with the return state of the expected path', () => {
    const path = ['need_prescription', 'hand_to_identification', 'ask_birth_date'];
    expect(realigned(start, 'ask_birth_date', path, main, graphs)).toMatchObject({
      graph: IDENTIFICATION,
      state: 'ask_birth_date',
      returns: [{ graph: MAIN, state: 'ask_medicine' }],
    });
    expect(realigned(start, 'ask_birth_date', ['ask_birth_date'], main, graphs)).toMatchObject({
      returns: [{ graph: MAIN, state: 'find_delivery' }],
    });
  });

  it('has no position in a state that no graph has', () => {
    expect(realigned(start, 'nowhere', [], main, graphs)).toBeNull();
  });
});
