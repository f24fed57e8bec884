/** Tests of corrections that reopen a state, with scripted choices. */
import { describe, expect, it } from 'vitest';
import { startPosition, type PassedState, type Position } from '../../src/agent/position.ts';
import type { Choice, Reasoner, Situation } from '../../src/agent/reasoner.ts';
import { MAX_MOVES_PER_TURN, type TurnInput } from '../../src/agent/walk.ts';
import type { ActionState, ContextGraph } from '../../src/registry/graph.ts';
import { actionState } from '../support/organization.ts';
import { graphOf, scripted } from '../support/scripted-turn.ts';
import { turnAt, userSays, wholeTurn } from './support.ts';

const reopened = (state: ActionState): ActionState => ({ ...state, revisit: true });

const GRAPH = graphOf([
  reopened(actionState('size', ['Which size?'], [['a size', 'address']])),
  actionState('address', ['Which address?'], [['an address', 'confirm']]),
  actionState('confirm', ['Is it right?'], [['yes', 'end']]),
  actionState('end', ['Goodbye.'], []),
]);
const INFO: [string, number] = [GRAPH.id, GRAPH.version];

const exit = (index: number): Choice => ({ kind: 'exit', index });
const speak: Choice = { kind: 'action', index: 0 };

const passed = (state: string, more: Partial<PassedState> = {}): PassedState => ({
  graph: INFO,
  state,
  returns: [],
  exit: 0,
  ...more,
});

/** Takes a turn with scripted choices. Returns its result, and what each choice was made from. */
async function turn(choices: Choice[], input: TurnInput) {
  const seen: Situation[] = [];
  const left = [...choices];
  const reasoner: Reasoner = {
    ...scripted({}),
    async *engage(situation) {
      seen.push(situation);
      const choice = left.shift() ?? speak;
      yield await Promise.resolve({ type: 'choice' as const, choice });
      if (choice.kind === 'action') yield { type: 'piece', text: 'Said.', final: true };
    },
  };
  const { events, result } = await wholeTurn(input, reasoner);
  return { seen, events, result };
}

function at(state: string, changes: Partial<Position>, said = 'wait, large', graph: ContextGraph = GRAPH) {
  const position = { ...startPosition([graph.id, graph.version], state), ...changes };
  return turnAt(graph, state, { position, input: said === '' ? [] : userSays(said) });
}

const offered = (situation: Situation | undefined) => situation?.revisits?.map(({ state }) => state.name);
const PAST = { passed: [passed('size'), passed('address')], answers: { size: 'small', address: 'Main 1' } };

describe('the states that a turn passes', () => {
  it('are stored with their exits, the newest last and each once', async () => {
    const first = await turn([exit(0), exit(0)], at('size', {}));
    expect(first.result.position.passed).toEqual([passed('size'), passed('address')]);
    const again = await turn([exit(0)], at('size', { passed: [passed('size'), passed('address')] }));
    expect(again.result.position.passed).toEqual([passed('address'), passed('size')]);
  });

  it('are not stored where no graph has a state to reopen', async () => {
    const plain = {
      ...GRAPH,
      states: GRAPH.states.map((state) => ({ ...state, revisit: false }) as ActionState),
    };
    const { result } = await turn([exit(0)], at('size', {}, 'small', plain));
    expect(result.position).not.toHaveProperty('passed');
  });

  it('are bounded, also in graphs that call one another', async () => {
    const many = Array.from({ length: 60 }, (_, index) => passed(`s${index}`));
    const { result } = await turn([exit(0)], at('size', { passed: many }));
    expect(result.position.passed).toHaveLength(40);
    const returns = Array.from({ length: 4 }, () => ({ graph: INFO, state: 'confirm' }));
    const deep = await turn([exit(0)], at('size', { returns }));
    expect(deep.result.position.passed).toBeUndefined();
  });
});

describe('the states that a correction can reopen', () => {
  it('are those passed that opt in, other than the present one', async () => {
    expect(offered((await turn([speak], at('confirm', PAST))).seen[0])).toEqual(['size']);
    expect(offered((await turn([speak], at('size', PAST))).seen[0])).toEqual([]);
    expect(offered((await turn([speak], at('confirm', {}))).seen[0])).toEqual([]);
  });

  it('are offered only for words of the user, and only in the state in which the turn begins', async () => {
    expect(offered((await turn([speak], at('confirm', PAST, ''))).seen[0])).toEqual([]);
    const { seen } = await turn([exit(0), speak], at('address', PAST));
    expect(seen.map(offered)).toEqual([['size'], []]);
  });
});

describe('a correction that reopens a state', () => {
  it('shows as the taking of an exit and a move, and the turn goes on from there', async () => {
    const { events, result, seen } = await turn([exit(1), exit(0), exit(0)], at('confirm', PAST));
    const description = seen[0]?.revisits?.[0]?.description;
    expect(description).toContain('"size"');
    const [taken] = events.flatMap((event) =>
      event.type === 'action' && event.action.type === 'navigate-state-machine-exit-condition-selected'
        ? [event.action]
        : [],
    );
    expect(taken).toMatchObject({ exit_condition: description, next_state_name: 'size' });
    expect(result.log.transitions.map(({ next_state }) => next_state)).toEqual([
      'size',
      'address',
      'confirm',
    ]);
    expect(result.log.transitions[0]).toMatchObject({
      type: 'action',
      previous_state: 'confirm',
      previous_state_exit_condition_description: description,
    });
    expect(result.position.state).toBe('confirm');
  });

  it('answers the reopened state, and leaves the answer to the present state as it was', async () => {
    const answers = { ...PAST.answers, confirm: 'not yet' };
    const { result } = await turn([exit(1)], at('confirm', { ...PAST, answers }));
    expect(result.position.answers).toEqual({ size: 'wait, large', address: 'Main 1', confirm: 'not yet' });
  });

  it('tells the reasoner which state it reopens, and by which exits the next ones were left', async () => {
    const { seen } = await turn([exit(1), exit(0), exit(0)], at('confirm', PAST));
    expect(seen.map(({ correction }) => correction)).toEqual([
      undefined,
      { reopens: true, exit: null },
      { reopens: false, exit: 0 },
      { reopens: false, exit: null },
    ]);
  });

  it('leads back into the graph that was called then, and from there on to its caller', async () => {
    const inner: ContextGraph = {
      ...graphOf([
        reopened(actionState('birth', ['When?'], [['a date', 'done']])),
        actionState('done', ['Done.'], []),
      ]),
      id: 'e'.repeat(24),
    };
    const outer = graphOf(
      [
        actionState('start', ['Hello.'], [['on', 'confirm']]),
        actionState('confirm', ['Is it right?'], [['yes', 'end']]),
        actionState('end', ['Goodbye.'], []),
      ],
      { references: { inner: [inner.id, 1] } },
    );
    const place = passed('birth', {
      graph: [inner.id, 1],
      returns: [{ graph: [outer.id, 1], state: 'confirm' }],
    });
    const input = at('confirm', { passed: [place] }, 'it was 1981', outer);
    const graphs = new Map([...input.graphs, [`${inner.id}:1`, inner]]);
    const versions = [...input.graphs.keys()];
    expect(versions).toHaveLength(1);
    const { result } = await turn([exit(1), exit(0), speak], {
      ...input,
      graphs: new Map(
        [...graphs].map(([key, graph]) => [
          key.includes(inner.id) ? (versions[0]?.replace(outer.id, inner.id) ?? key) : key,
          graph,
        ]),
      ),
    });
    expect(result.log.transitions.map(({ type, next_state }) => `${type} ${next_state}`)).toEqual([
      'action birth',
      'action done',
      'jumpback confirm',
    ]);
    expect(result.position).toMatchObject({ state: 'confirm', graph: [outer.id, 1], returns: [] });
  });

  it('offers no known exit a second time in a turn, so that a circle ends', async () => {
    const circle = graphOf([
      reopened(actionState('size', ['Which?'], [['a size', 'offer']])),
      actionState(
        'offer',
        ['This?'],
        [
          ['other', 'more'],
          ['yes', 'end'],
        ],
      ),
      actionState('more', ['More?'], [['back', 'offer']]),
      actionState('ask', ['Right?'], [['yes', 'end']]),
      actionState('end', ['Goodbye.'], []),
    ]);
    const places = ['size', 'offer', 'more'].map((state) => passed(state));
    const { seen } = await turn(
      [exit(1), exit(0), exit(0), exit(0)],
      at('ask', { passed: places }, 'wait, large', circle),
    );
    expect(seen.map(({ correction }) => correction?.exit)).toEqual([undefined, null, 0, 0, null]);
  });

  it('offers no known exit any more after half of the moves of a turn', async () => {
    const names = Array.from({ length: MAX_MOVES_PER_TURN + 5 }, (_, index) => `s${index}`);
    const states = names.map((name, index) =>
      reopened(actionState(name, ['Ask?'], [['on', names[index + 1] ?? 'end']])),
    );
    const long = graphOf([...states, actionState('end', ['Goodbye.'], [])]);
    const places = names.slice(0, -1).map((state) => passed(state));
    const input = at(names.at(-1) ?? '', { passed: places }, 'wait', long);
    const reasoner: Reasoner = {
      ...scripted({}),
      async *engage({ revisits = [], correction }, state) {
        const oldest = state.exit_conditions.length + revisits.length - 1;
        const known = correction?.reopens === true ? 0 : (correction?.exit ?? null);
        const choice = revisits.length > 0 ? exit(oldest) : known === null ? speak : exit(known);
        yield await Promise.resolve({ type: 'choice' as const, choice });
        if (choice.kind === 'action') yield { type: 'piece', text: 'Said.', final: true };
      },
    };
    const { result } = await wholeTurn(input, reasoner);
    expect(result.log.transitions.length).toBeLessThan(MAX_MOVES_PER_TURN);
  });

  it('stays known over several turns, until the agent is back or speaks in a state that is new', async () => {
    const asked = await turn([exit(1), speak], at('confirm', PAST, 'can I change the size?'));
    const stored = JSON.parse(JSON.stringify(asked.result.position)) as Position;
    expect(stored.reopening?.known.map(({ state }) => state)).toEqual(['size', 'address']);
    const answered = await turn([exit(0), exit(0)], { ...at('size', {}, 'large'), position: stored });
    expect(answered.seen.map(({ correction }) => correction?.exit)).toEqual([undefined, 0, null]);
    expect(answered.result.position.state).toBe('confirm');
    expect(answered.result.position).not.toHaveProperty('reopening');
  });

  it('leads back to where the first one was made, when another one interrupts it', async () => {
    const both = {
      ...GRAPH,
      states: GRAPH.states.map((each) => (each.name === 'address' ? reopened(each as ActionState) : each)),
    };
    const asked = await turn([exit(2), speak], at('confirm', PAST, 'the size', both));
    expect(asked.result.position.state).toBe('size');
    const other = await turn([exit(1), speak], {
      ...at('size', {}, 'the address', both),
      position: asked.result.position,
    });
    expect(other.result.position).toMatchObject({
      state: 'address',
      reopening: { from: { state: 'confirm' } },
    });
  });

  it('changes nothing of the position with which a turn began, so that a void turn leaves it', async () => {
    const input = at('confirm', PAST);
    const before = JSON.stringify(input.position);
    await turn([exit(1), exit(0), speak], input);
    expect(JSON.stringify(input.position)).toBe(before);
  });

  it('stands when the message is stopped behind it: the position is where the agent spoke', async () => {
    const stop = new AbortController();
    const reasoner: Reasoner = {
      ...scripted({}),
      async *engage({ revisits = [] }) {
        const choice = revisits.length > 0 ? exit(1) : speak;
        yield await Promise.resolve({ type: 'choice' as const, choice });
        if (choice.kind === 'exit') return;
        yield { type: 'piece', text: 'Which ', final: false };
        stop.abort();
        yield { type: 'piece', text: 'size?', final: true };
      },
    };
    const { result } = await wholeTurn({ ...at('confirm', PAST), stop: stop.signal }, reasoner);
    expect(result).toMatchObject({ stopped: true, completed: false, position: { state: 'size' } });
    expect(result.position.answers['size']).toBe('wait, large');
  });

  it('is an error where the reasoner names an exit behind the last revisit', async () => {
    await expect(turn([exit(2)], at('confirm', PAST))).rejects.toMatchObject({
      problem: { code: 'turn_failed' },
    });
  });
});
