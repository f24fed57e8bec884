import { describe, expect, it } from 'vitest';
import { performAction, startPosition } from '../../src/agent/position.ts';
import type { Choice, EngageStep, Reasoner, Situation } from '../../src/agent/reasoner.ts';
import type { ActionState } from '../../src/registry/graph.ts';
import { actionState, decisionState } from '../support/organization.ts';
import { scripted } from '../support/scripted-turn.ts';
import { graphOf, TEST_GRAPH, turnAt, userSays, wholeTurn } from './support.ts';

const INFO = [TEST_GRAPH.id, TEST_GRAPH.version];
const CHECKED = {
  type: 'action',
  action: { type: 'check-if-active-memory-needed-completed', queries: [] },
};

/** Returns a reasoner that makes one of the given choices in each state and sends the given pieces, and its calls. */
function following(choices: (Choice | number)[], pieces: EngageStep[] = [piece('Done.', true)]) {
  const seen: { situation: Situation; state: ActionState }[] = [];
  const left = [...choices];
  const next = (): Choice => {
    const choice = left.shift();
    if (typeof choice !== 'object') throw new Error('An action state was not expected here.');
    return choice;
  };
  const reasoner: Reasoner = {
    ...scripted({}),
    async *engage(situation, state) {
      seen.push({ situation, state });
      const choice = next();
      yield { type: 'choice', choice };
      if (choice.kind === 'action') yield* pieces;
    },
    async *decide() {
      yield* [];
      const choice = left.shift();
      if (typeof choice !== 'number') throw new Error('A decision was not expected here.');
      return await Promise.resolve(choice);
    },
  };
  return { reasoner, seen };
}

function piece(text: string, final: boolean): EngageStep {
  return { type: 'piece', text, final };
}

const exit = (index: number): Choice => ({ kind: 'exit', index });
const act = (index: number): Choice => ({ kind: 'action', index });

describe('the events of a turn', () => {
  it('come in order: choice, pieces, and each sentence when it is complete', async () => {
    const { reasoner } = following([act(0)], [piece('Hello. Apples ', false), piece('or pears?', true)]);
    const { events, result } = await wholeTurn(turnAt(TEST_GRAPH, 'greet'), reasoner);
    expect(events).toEqual([
      CHECKED,
      {
        type: 'action',
        action: {
          type: 'navigate-state-machine-action-state-action-selected',
          action: 'Greet: "Hello. Would you like apples or pears?"',
        },
      },
      {
        type: 'action',
        action: {
          type: 'engage-user-message-fragment-generated',
          index: 0,
          fragment: 'Hello. ',
          is_final: false,
        },
      },
      { type: 'piece', text: 'Hello. Apples ', final: false },
      {
        type: 'action',
        action: {
          type: 'engage-user-message-fragment-generated',
          index: 1,
          fragment: 'Apples or pears?',
          is_final: true,
        },
      },
      { type: 'piece', text: 'or pears?', final: true },
    ]);
    expect(result).toEqual({
      message: 'Hello. Apples or pears?',
      position: performAction(startPosition([TEST_GRAPH.id, TEST_GRAPH.version], 'greet'), 0),
      log: {
        state: 'greet',
        action: 'Greet: "Hello. Would you like apples or pears?"',
        objective: 'The objective of greet.',
        transitions: [],
        working_memory: [],
        reflections: [],
        behavior: null,
        select_next_action_tool_calls: [],
        engage_user_tool_calls: [],
        model_calls: [],
      },
      completed: false,
      stopped: false,
    });
  });

  it('include every exit and every decision of the turn', async () => {
    const { reasoner } = following([exit(0), 0, act(0)]);
    const input = userSays('Apples, please');
    const { events, result } = await wholeTurn(turnAt(TEST_GRAPH, 'greet', { input }), reasoner);
    const wish = 'The user wants to buy fruit, such as "I would like apples" or "Pears, please"';
    expect(events.map((event) => (event.type === 'action' ? event.action : event))).toEqual([
      CHECKED.action,
      {
        type: 'navigate-state-machine-exit-condition-selected',
        exit_condition: wish,
        next_state_state_machine_version_info: INFO,
        next_state_name: 'choose',
      },
      {
        type: 'navigate-state-machine-state-transitioned',
        prev_state: 'greet',
        prev_state_state_machine_version_info: INFO,
        next_state: 'choose',
        next_state_state_machine_version_info: INFO,
      },
      { type: 'navigate-state-machine-decision-state-decision-started' },
      {
        type: 'navigate-state-machine-exit-condition-selected',
        exit_condition: 'The user wants apples',
        next_state_state_machine_version_info: INFO,
        next_state_name: 'sell_apples',
      },
      {
        type: 'navigate-state-machine-state-transitioned',
        prev_state: 'choose',
        prev_state_state_machine_version_info: INFO,
        next_state: 'sell_apples',
        next_state_state_machine_version_info: INFO,
      },
      { type: 'navigate-state-machine-action-state-action-selected', action: 'Ask: "How many apples?"' },
      { type: 'engage-user-message-fragment-generated', index: 0, fragment: 'Done.', is_final: true },
      { type: 'piece', text: 'Done.', final: true },
    ]);
    const transition = {
      previous_service_hierarchical_state_machine_version_info: INFO,
      next_service_hierarchical_state_machine_version_info: INFO,
      tool_call_logs: [],
    };
    expect(result.log.transitions).toEqual([
      {
        ...transition,
        type: 'action',
        previous_state: 'greet',
        next_state: 'choose',
        previous_state_exit_condition_description: wish,
      },
      {
        ...transition,
        type: 'decision',
        previous_state: 'choose',
        next_state: 'sell_apples',
        previous_state_exit_condition_description: 'The user wants apples',
      },
    ]);
    expect(result.position).toMatchObject({
      graph: INFO,
      state: 'sell_apples',
      performed: [0],
      answers: { greet: 'Apples, please' },
    });
  });

  it('complete the conversation when the terminal state speaks', async () => {
    const { reasoner } = following([exit(1), act(0)]);
    const { result } = await wholeTurn(turnAt(TEST_GRAPH, 'greet'), reasoner);
    expect([result.position.state, result.completed]).toEqual(['goodbye', true]);
  });
});

describe('the input of the reasoner', () => {
  it('contains the global guidelines, and says if the agent came to the state in this turn', async () => {
    const graph = {
      ...TEST_GRAPH,
      global_action_guidelines: ['Be kind.'],
      global_boundary_constraints: ['Never haggle.'],
      global_intra_state_navigation_guidelines: ['Follow the user.'],
    };
    const { reasoner, seen } = following([exit(1), act(0)]);
    await wholeTurn(turnAt(graph, 'sell_apples', { input: userSays('pears') }), reasoner);
    expect(seen.map(({ situation, state }) => [state.name, situation.arrived])).toEqual([
      ['sell_apples', false],
      ['sell_pears', true],
    ]);
    expect(seen[1]?.state).toMatchObject({
      action_guidelines: ['Be kind.'],
      boundary_constraints: ['Never haggle.'],
      intra_state_navigation_guidelines: ['Follow the user.'],
    });
  });

  it('contains the answer of the user in the position, but no external event', async () => {
    const event = { by: 'event' as const, text: 'The shop closes.' };
    const { reasoner, seen } = following([act(0), act(0)]);
    await wholeTurn(turnAt(TEST_GRAPH, 'greet', { input: [event] }), reasoner);
    await wholeTurn(turnAt(TEST_GRAPH, 'greet', { input: [event, ...userSays('Hi')] }), reasoner);
    expect(seen.map(({ situation }) => situation.position.answers)).toEqual([{}, { greet: 'Hi' }]);
  });

  it('contains the actions performed in the state since it was last entered', async () => {
    const graph = graphOf([
      actionState('ask', ['A?', 'B?'], [['again', 'ask']]),
      actionState('end', ['Bye.'], []),
    ]);
    const position = performAction(startPosition([graph.id, 1], 'ask'), 0);
    const { reasoner, seen } = following([exit(0), act(1)]);
    const { result } = await wholeTurn(turnAt(graph, 'ask', { position }), reasoner);
    expect(seen.map(({ situation }) => situation.position.performed)).toEqual([[0], []]);
    expect(result.position.performed).toEqual([1]);
  });
});

describe('a turn that cannot go on', () => {
  const broken = graphOf([
    actionState('a', ['A.'], [['on', 'nowhere']]),
    decisionState('d', [['on', 'a']]),
    actionState('end', ['Bye.'], []),
  ]);

  it.each<[string, string, (Choice | number)[], EngageStep[] | undefined, string]>([
    ['a negative exit', 'a', [exit(-1)], undefined, 'The agent chose an exit that the state does not have.'],
    [
      'a decision that does not exist',
      'd',
      [7],
      undefined,
      'The agent chose an exit that the state does not have.',
    ],
    [
      'a message without an end',
      'a',
      [act(0)],
      [piece('Half a', false)],
      'The agent stopped in the middle of its message.',
    ],
    ['no message', 'a', [act(0)], [], 'The agent stopped in the middle of its message.'],
    ['a state that is not there', 'a', [exit(0)], undefined, 'The context graph has no state "nowhere".'],
  ])('fails with %s', async (_name, state, choices, pieces, detail) => {
    const { reasoner } = following(choices, pieces);
    await expect(wholeTurn(turnAt(broken, state), reasoner)).rejects.toMatchObject({
      problem: { code: 'turn_failed', detail },
    });
  });

  it.each<[string, EngageStep[]]>([
    ['nothing', []],
    ['a piece', [piece('Hello', true)]],
  ])('fails when the reasoner begins with %s', async (_name, steps) => {
    const reasoner: Reasoner = {
      ...following([]).reasoner,
      async *engage() {
        yield* steps;
      },
    };
    await expect(wholeTurn(turnAt(TEST_GRAPH, 'greet'), reasoner)).rejects.toMatchObject({
      problem: { code: 'turn_failed', detail: 'The agent spoke without choosing what to do.' },
    });
  });

  it('throws the error of the reasoner', async () => {
    const { reasoner } = following([]);
    await expect(wholeTurn(turnAt(TEST_GRAPH, 'greet'), reasoner)).rejects.toThrow(
      'An action state was not expected here.',
    );
  });

  it('closes the stream of a reasoner that chose an exit', async () => {
    let closed = 0;
    const { reasoner } = following([]);
    const leaving: Reasoner = {
      ...reasoner,
      async *engage(_situation, state) {
        try {
          yield { type: 'choice', choice: state.name === 'greet' ? exit(1) : act(0) };
          yield piece('Bye.', true);
        } finally {
          closed += 1;
        }
      },
    };
    const { result } = await wholeTurn(turnAt(TEST_GRAPH, 'greet'), leaving);
    expect([result.message, closed]).toEqual(['Bye.', 1]);
  });
});
