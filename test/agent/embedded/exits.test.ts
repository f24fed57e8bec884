import { describe, expect, it } from 'vitest';
import { decidedBehind, targetOf } from '../../../src/agent/embedded/exits.ts';
import type { ExitCondition, NextState, State } from '../../../src/registry/graph.ts';
import { actionState, decisionState } from '../../support/organization.ts';
import { graphOf } from '../support.ts';

const note = (name: string, next_state: NextState): State => ({
  type: 'annotation',
  name,
  inner_thought: 'Hm.',
  next_state,
});
const GRAPH = graphOf([
  actionState('greet', ['Hello.'], [['On', 'first']]),
  note('first', 'second'),
  { type: 'recall', name: 'second', queries: ['x'], requested_information: null, next_state: 'route' },
  decisionState('route', [['Out', 'end']]),
  note('outside', ['other.start', 'route']),
  note('round', 'about'),
  note('about', 'round'),
  actionState('end', ['Bye.'], []),
]);

const to = (next_state: NextState): ExitCondition => ({ description: 'On', next_state });
const behind = (next: NextState) => decidedBehind(GRAPH, to(next)).map(({ description }) => description);

describe('the target of an exit', () => {
  it.each<[NextState, string | undefined]>([
    ['end', 'end'],
    ['first', 'route'],
    ['second', 'route'],
    [['other.start', 'end'], 'end'],
    [['other.start', 'first'], 'route'],
    ['outside', 'route'],
    ['nowhere', undefined],
    ['round', undefined],
  ])('%j is %j', (next, name) => {
    expect(targetOf(GRAPH, to(next))?.name).toBe(name);
  });
});

describe('the exits behind an exit', () => {
  it('are those of the decision state, also behind states that the turn passes through', () => {
    expect(behind('route')).toEqual(['Out']);
    expect(behind('first')).toEqual(['Out']);
    expect(behind('end')).toEqual([]);
  });

  it('are none when the exit leads into another graph or to an action state', () => {
    expect(behind(['other.start', 'route'])).toEqual([]);
    expect(behind('outside')).toEqual([]);
  });
});
