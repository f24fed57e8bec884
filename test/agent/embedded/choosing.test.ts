import { describe, expect, it } from 'vitest';
import { chooseInActionState } from '../../../src/agent/embedded/choosing.ts';
import type { Chosen } from '../../../src/agent/embedded/deciding/moment.ts';
import { chooseInDecisionState } from '../../../src/agent/embedded/deciding/decision-states.ts';
import type { Situation } from '../../../src/agent/reasoner.ts';
import type { ContextGraph } from '../../../src/registry/graph.ts';
import { actionState, decisionState } from '../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../support.ts';

const GRAPH = graphOf([
  actionState(
    'greet',
    [
      'Greet the guest: "Hello, what can I do?"',
      'If the guest asks about the sea, such as "Is the sea warm?", answer: "It is."',
      'If it is not clear what the guest wants, say: "Rooms or meals?"',
    ],
    [
      ['The guest says what they want', 'route'],
      ['The guest declines or says goodbye', 'end'],
    ],
  ),
  decisionState('route', [
    ['The guest wants a room, such as "Do you have a room?"', 'ask_day'],
    ['The guest wants a meal, such as "I am hungry"', 'ask_dish'],
    ['The guest wants something else', 'greet'],
  ]),
  actionState(
    'ask_day',
    [
      'Ask for the day: "Which day?"',
      'If the guest asks about the sea, such as "Is the sea warm?", answer: "It is. So, which day?"',
      'If the guest accepts, say: "Gladly."',
    ],
    [
      ['The guest has said which day suits them', 'ask_name'],
      ['The guest would rather have a meal, such as "Dinner instead"', 'ask_dish'],
      ['The guest declines or withdraws', 'greet'],
    ],
  ),
  actionState(
    'ask_name',
    ['Ask for the name: "What is your name?"'],
    [['The guest has given a name', 'end']],
  ),
  actionState(
    'ask_dish',
    ['Ask for the dish: "Which dish?"', 'Ask for the drink: "Which drink?"'],
    [['The guest is served', 'end']],
  ),
  actionState('end', ['Say: "Goodbye!"'], []),
]);

const exit = (index: number): Chosen => ({ choice: { kind: 'exit', index }, missed: false });
const act = (index: number): Chosen => ({ choice: { kind: 'action', index }, missed: false });
const missed = (index: number): Chosen => ({ choice: { kind: 'action', index }, missed: true });

/** Returns the choice in a state after the actions `performed` and the message `said`; null stands for no message. */
function chosen(
  name: string,
  performed: number[],
  said: string | null,
  more: Partial<Situation> = {},
  graph: ContextGraph = GRAPH,
): Chosen {
  const state = graph.states.find((candidate) => candidate.name === name);
  if (state?.type !== 'action') throw new Error(`"${name}" is not an action state.`);
  const input = said === null ? [] : userSays(said);
  const situation = situationAt(graph, name, { input, ...more });
  return chooseInActionState({ ...situation, position: { ...situation.position, performed } }, state);
}

describe('where a behavior set says its own words alone', () => {
  const behavior = { instructions: ['Say: "Please leave the house."'], overriding: true };

  it('the agent stays, because the question behind an exit would never be asked', () => {
    expect(chosen('ask_day', [0], 'Friday, and there is smoke in here', { behavior })).toEqual(act(0));
    expect(chosen('ask_name', [0], 'I smell gas', { behavior })).toEqual(act(0));
  });

  it('an explicit answer still leads on, and so does one beside added words', () => {
    expect(chosen('greet', [0], 'no', { behavior })).toEqual(exit(1));
    const added = { ...behavior, overriding: false };
    expect(chosen('ask_day', [0], 'Friday, and there is smoke in here', { behavior: added })).toEqual(
      exit(0),
    );
  });
});

describe('in an action state', () => {
  it.each<[state: string, performed: number[], said: string | null, Chosen]>([
    // The user has said nothing: the plain actions in their order, the last one again.
    ['greet', [], null, act(0)],
    ['ask_dish', [], null, act(0)],
    ['ask_dish', [0], null, act(1)],
    ['ask_dish', [0, 1], null, act(1)],
    // The conversation begins with a message.
    ['greet', [], 'Hello', act(0)],
    ['greet', [], 'I would like a room', exit(0)],
    ['greet', [], 'Is the sea warm?', act(1)],
    // An exit into a decision state stands for the exits of that state.
    ['greet', [0], 'a room', exit(0)],
    ['greet', [0], 'I am so hungry', exit(0)],
    ['greet', [0], 'bye', exit(1)],
    ['greet', [0], 'no', exit(1)],
    // Questions are answered, more than once.
    ['greet', [0, 1], 'is the sea warm today?', act(1)],
    // The agent asks again after a message that it does not understand.
    ['greet', [0], 'xyzzy', missed(2)],
    ['greet', [0], 'what is the capital of France?', missed(2)],
    // An answer of the right kind leads on; another one, or none, does not.
    ['ask_day', [0], 'Monday', exit(0)],
    ['ask_day', [0], 'whenever', exit(0)],
    ['ask_day', [0], 'how about Monday?', exit(0)],
    ['ask_day', [0], 'are you open on Monday?', missed(0)],
    ['ask_day', [0], 'my cat', missed(0)],
    ['ask_day', [0], 'hmm', missed(0)],
    ['ask_day', [0], 'yes', act(2)],
    ['ask_day', [0], 'is the sea warm on Mondays?', act(1)],
    ['ask_day', [0], 'dinner instead', exit(1)],
    ['ask_day', [0], 'no', exit(2)],
    ['ask_day', [0], 'no, Tuesday', exit(0)],
    ['ask_day', [0], 'never mind', exit(2)],
    ['ask_name', [0], 'Maya', exit(0)],
    ['ask_name', [0], 'why?', missed(0)],
    ['ask_name', [0], 'sdfgh', missed(0)],
    // Without an exit to take, an answer goes on to the next action.
    ['ask_dish', [0], 'soup', act(1)],
    ['ask_dish', [0], 'hmm', missed(0)],
    ['ask_dish', [0, 1], 'soup', missed(1)],
    ['end', [], 'bye', act(0)],
  ])(
    'chooses in the state %s, after the actions %j, for the message %j: %j',
    (state, performed, said, expected) => {
      expect(chosen(state, performed, said)).toEqual(expected);
    },
  );

  it.each<[state: string, said: string, Chosen]>([
    ['ask_day', 'I would like a room', act(0)],
    ['ask_day', 'I would like a room on Monday', exit(0)],
    ['ask_day', 'a room, and is the sea warm?', act(1)],
    // The "yes" answered the question of another state.
    ['ask_day', 'yes', act(0)],
    ['ask_name', 'Monday', act(0)],
    ['ask_dish', 'I am hungry', act(0)],
    ['end', 'Monday', act(0)],
  ])('chooses in the state %s, just entered by the message %j: %j', (state, said, expected) => {
    expect(chosen(state, [], said, { arrived: true })).toEqual(expected);
  });

  it('chooses an action when an exit would lead in a circle', () => {
    const circle = graphOf([
      actionState('a', ['Ask for the day: "Which day?"'], [['The guest has said the day', 'b']]),
      actionState('b', ['Ask when: "When?"'], [['The guest has said when', 'a']]),
      actionState('end', ['Bye.'], []),
    ]);
    expect(chosen('a', [], 'Monday', { arrived: true }, circle)).toEqual(act(0));
    expect(chosen('b', [], 'Monday', { arrived: true }, circle)).toEqual(act(0));
  });

  it('takes a question for an answer when an example of the exit is such a question', () => {
    const shop = graphOf([
      actionState(
        'ask',
        ['Ask for the title: "Which one?"'],
        [['The guest has named a title, such as "Do you have Emma?"', 'end']],
      ),
      actionState('end', ['Bye.'], []),
    ]);
    expect(chosen('ask', [0], 'do you have Persuasion?', {}, shop)).toEqual(exit(0));
    expect(chosen('ask', [0], 'what is the time?', {}, shop)).toEqual(missed(0));
  });

  it('reads the first 4,000 characters of a message', () => {
    const long = `${'la '.repeat(1333)}la`;
    expect(long.length).toBe(4001);
    expect(chosen('greet', [0], `${long} a room`)).toEqual(missed(2));
    expect(chosen('greet', [0], `a room ${long}`)).toEqual(exit(0));
  });
});

describe('in a decision state', () => {
  const [, route] = GRAPH.states;
  if (route?.type !== 'decision') throw new Error('The second state is the decision.');

  it.each<[Partial<Situation>, number]>([
    [{ input: userSays('a room') }, 0],
    [{ input: userSays("I'm hungry") }, 1],
    [{ input: userSays('xyzzy') }, 2],
    [{ history: [...userSays('a meal'), { by: 'agent', text: 'A room?' }] }, 1],
    [{}, 2],
  ])('%j: %j', (more, expected) => {
    expect(chooseInDecisionState(situationAt(GRAPH, 'route', more), route)).toBe(expected);
  });
});
