/** The picture of a graph and the way through it: the page's pure parts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentAction } from '../../src/contract/agent-actions.ts';
import type { ContextGraph, State } from '../../src/registry/graph.ts';
import { formatAddress, parseAddress } from '../../workbench/address.ts';
import { linesOf, pictureOf } from '../../workbench/graph-layout.ts';
import { edgeKey, modelOf } from '../../workbench/graph-model.ts';
import { extended, litOf, pathsOf, type Place } from '../../workbench/path.ts';
import { curveThrough } from '../../workbench/shapes.ts';
import type { RecordedTurn } from '../../src/contract/workbench.ts';
import clinic from '../../seed/riverside-clinic.json' with { type: 'json' };
import { actionState } from '../support/organization.ts';
import { graphOf } from '../support/scripted-turn.ts';

const INNER = graphOf([actionState('ask', ['Ask.'], [['Done', 'done']]), actionState('done', ['-'], [])], {
  id: 'e'.repeat(24),
  name: 'Inner',
});

const call: State = {
  ...actionState('start', ['Greet: "Hello."'], []),
  exit_conditions: [
    { description: 'They want in', next_state: ['inner.ask', 'after'] },
    { description: 'They want out', next_state: 'end' },
    { description: 'They give up', next_state: 'end' },
  ],
};
const note: State = { type: 'annotation', name: 'after', inner_thought: 'Back.', next_state: 'end' };
const ROOT = graphOf([call, note, actionState('end', ['Bye.'], [])], {
  references: { inner: [INNER.id, 1] },
});
const ROOT_KEY = `${ROOT.id}:1`;
const INNER_KEY = `${INNER.id}:1`;

const root = (state: string): Place => ({ graph: ROOT_KEY, state });
const inner = (state: string): Place => ({ graph: INNER_KEY, state });

describe('the model of a graph', () => {
  const model = modelOf(ROOT);

  it('has a node for each state and for each reference', () => {
    expect(model.nodes.map(({ id, kind }) => [id, kind])).toEqual([
      ['start', 'action'],
      ['after', 'annotation'],
      ['end', 'action'],
      ['inner.ask', 'reference'],
    ]);
    expect(model.nodes[3]?.refersTo).toEqual({ graph: INNER_KEY, state: 'ask' });
  });

  it('leads through a reference and back', () => {
    const edges = new Map(model.edges.map(({ from, to, conditions }) => [edgeKey(from, to), conditions]));
    expect(Object.fromEntries(edges)).toEqual({
      'start>inner.ask': ['They want in'],
      'inner.ask>after': [],
      'start>end': ['They want out', 'They give up'],
      'after>end': [],
    });
  });

  it('knows where it begins and ends', () => {
    expect(model.nodes.map(({ beginsFor, isTerminal }) => [beginsFor, isTerminal]).slice(0, 3)).toEqual([
      ['everybody', false],
      [null, false],
      [null, true],
    ]);
    const apart = modelOf({ ...ROOT, returning_user_initial_state: 'after' });
    expect(apart.nodes.map(({ beginsFor }) => beginsFor)).toEqual([
      'new users',
      'returning users',
      null,
      null,
    ]);
  });

  it('knows the states that a correction reopens, and those whose answer cannot be corrected', () => {
    const ask = actionState('ask', ['Ask: "Which size?"'], [['a size', 'confirm']]);
    const confirm = actionState('confirm', ['Say: "Right?"'], [['yes', 'end']]);
    const end = actionState('end', ['Say goodbye.'], []);
    const signs = (states: State[]) =>
      modelOf(graphOf(states)).nodes.map(({ id, isReopened, isFinal }) => [id, isReopened, isFinal]);
    expect(signs([ask, confirm, end])[0]).toEqual(['ask', false, true]);
    expect(signs([{ ...ask, revisit: true }, confirm, end])).toEqual([
      ['ask', true, false],
      ['confirm', false, false],
      ['end', false, false],
    ]);
  });

  it('draws a reference that leads nowhere, and leads nowhere', () => {
    expect(modelOf({ ...ROOT, references: {} }).nodes[3]?.refersTo).toBeNull();
  });
});

describe('the picture', () => {
  const graphs = clinic.graphs as unknown as ContextGraph[];

  it.each(graphs.map((graph) => [graph.name, graph] as const))(
    'holds every state of %s, none on another',
    (_name, graph) => {
      const { nodes, width, height, edges } = pictureOf(modelOf(graph));
      expect(nodes).toHaveLength(modelOf(graph).nodes.length);
      expect(edges).toHaveLength(modelOf(graph).edges.length);
      for (const a of nodes) {
        expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width / 2).toBeLessThanOrEqual(width);
        expect(a.y + a.height / 2).toBeLessThanOrEqual(height);
        for (const b of nodes) {
          if (a === b) continue;
          const apart =
            Math.abs(a.x - b.x) >= (a.width + b.width) / 2 ||
            Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
          expect(apart, `${a.node.id} on ${b.node.id}`).toBe(true);
        }
      }
    },
  );

  it('stays narrow enough to read when many ways lead to the same state', () => {
    const [line] = graphs;
    expect(pictureOf(modelOf(line!)).width).toBeLessThan(720);
  });

  it('draws the way from a state to itself beside it', () => {
    const loop = graphOf([actionState('again', ['x'], [['More', 'again']]), actionState('end', ['x'], [])]);
    const edge = pictureOf(modelOf(loop)).edges.find(({ edge: { from, to } }) => from === to);
    expect(edge?.points).toHaveLength(4);
    expect(curveThrough(edge?.points ?? [])).not.toContain('NaN');
  });

  it('breaks names into lines without losing a word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1 }), (names) => {
        expect(linesOf(names.join(' ')).join(' ')).toBe(names.join(' '));
      }),
    );
  });
});

/** A turn of which only its moves matter. */
function turn(number: number, moves: [Place, Place][]): RecordedTurn {
  const info = ({ graph }: Place): [string, number] => [graph.split(':')[0] ?? '', 1];
  return {
    number,
    insights: {
      state_transition_logs: moves.map(([from, to]) => ({
        type: 'action',
        previous_state: from.state,
        previous_service_hierarchical_state_machine_version_info: info(from),
        next_state: to.state,
        next_service_hierarchical_state_machine_version_info: info(to),
        previous_state_exit_condition_description: 'x',
        tool_call_logs: [],
      })),
    },
  } as unknown as RecordedTurn;
}

describe('the paths of turns', () => {
  it('are told for turns that moved and for those that stayed', () => {
    const turns = [
      turn(4, []),
      turn(3, [
        [inner('ask'), inner('done')],
        [inner('done'), root('after')],
        [root('after'), root('end')],
      ]),
      turn(2, [[root('start'), inner('ask')]]),
      turn(1, []),
    ];
    expect(pathsOf(turns, root('end'))).toEqual([
      [root('end')],
      [inner('ask'), inner('done'), root('after'), root('end')],
      [root('start'), inner('ask')],
      [root('start')],
    ]);
  });

  it('light the reference while the way leads through another graph', () => {
    const path = [root('start'), inner('ask'), inner('done'), root('after'), root('end')];
    const outer = litOf(modelOf(ROOT), path);
    expect(Object.fromEntries(outer.steps)).toEqual({ start: [1], 'inner.ask': [2], after: [4], end: [5] });
    expect([...outer.edges]).toEqual(['start>inner.ask', 'inner.ask>after', 'after>end']);
    expect(outer.current).toBe('end');
    const within = litOf(modelOf(INNER), path);
    expect(Object.fromEntries(within.steps)).toEqual({ ask: [2], done: [3] });
    expect(within.current).toBeNull();
  });

  it('light the reference of a turn that began in the other graph', () => {
    const outer = litOf(modelOf(ROOT), [inner('ask'), inner('done'), root('after')]);
    expect(outer.current).toBe('after');
    expect([...outer.edges]).toEqual(['inner.ask>after']);
    expect(litOf(modelOf(ROOT), [inner('ask')]).current).toBe('inner.ask');
  });

  it('number a state once for each time it was come to', () => {
    const lit = litOf(modelOf(ROOT), [root('start'), root('end'), root('start')]);
    expect(lit.steps.get('start')).toEqual([1, 3]);
  });

  it('light nothing of no path', () => {
    expect(litOf(modelOf(ROOT), [])).toEqual({ steps: new Map(), edges: new Set(), current: null });
  });
});

describe('a path that is watched', () => {
  const transition: AgentAction = {
    type: 'navigate-state-machine-state-transitioned',
    prev_state: 'start',
    prev_state_state_machine_version_info: [ROOT.id, 1],
    next_state: 'end',
    next_state_state_machine_version_info: [ROOT.id, 1],
  };

  it('grows with each transition', () => {
    expect(extended([root('start')], transition, ROOT)).toEqual([root('start'), root('end')]);
    expect(extended([], transition, ROOT)).toEqual([root('start'), root('end')]);
  });

  it('begins where the first action is one of an initial state', () => {
    const chosen = (action: string): AgentAction => ({
      type: 'navigate-state-machine-action-state-action-selected',
      action,
    });
    expect(extended([], chosen('Greet: "Hello."'), ROOT)).toEqual([root('start')]);
    expect(extended([], chosen('Bye.'), ROOT)).toEqual([]);
    expect(extended([root('end')], chosen('Greet: "Hello."'), ROOT)).toEqual([root('end')]);
  });
});

describe('the address', () => {
  it('tells back what it was told', () => {
    const part = fc.string();
    const address = fc.record({
      organization: part,
      service: part,
      versions: part,
      user: part,
      conversation: part,
      interaction: part,
    });
    fc.assert(
      fc.property(address, (told) => {
        expect(parseAddress(formatAddress(told))).toEqual(told);
      }),
    );
  });
});
