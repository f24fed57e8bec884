import { describe, expect, it } from 'vitest';
import file from '../../../seed/riverside-clinic.json';
import { makeStarters, recommendResponses } from '../../../src/agent/embedded/suggestions.ts';
import type { StarterRequest, Utterance } from '../../../src/agent/reasoner.ts';
import type { ContextGraph } from '../../../src/registry/graph.ts';
import { parseOrganizationFile } from '../../../src/registry/publish.ts';
import { actionState, decisionState } from '../../support/organization.ts';
import { graphOf, userSays } from '../support.ts';

const GRAPH = graphOf([
  actionState(
    'greet',
    ['Hello.', 'If the guest asks about the sea, such as "Is the sea warm?", answer: "It is."'],
    [
      ['The guest says what they want, such as "I am here for the first time"', 'route'],
      ['The guest says goodbye, such as "Goodbye"', 'end'],
    ],
  ),
  decisionState('route', [
    ['The guest wants a room, such as "A room, please" or "Do you have a room with a view?"', 'ask_day'],
    ['The guest wants to have dinner', 'end'],
    ['The guest is back, such as "Hello again"', 'greet'],
  ]),
  actionState(
    'ask_day',
    ['Which day?', 'If the guest asks about prices, such as "What does a room cost?", answer: "Ten."'],
    [
      ['The guest withdraws, such as "Never mind"', 'greet'],
      ['The guest has said the day, such as "Monday", "Next week" or "Any day"', 'end'],
    ],
  ),
  actionState('end', ['Bye.'], []),
]);

function recommended(
  state: string,
  history: Utterance[] = [],
  context = '',
  graph: ContextGraph = GRAPH,
): string[] {
  const found = graph.states.find(({ name }) => name === state);
  if (found?.type !== 'action') throw new Error(`"${state}" is not an action state.`);
  return recommendResponses(graph, found, history, context);
}

describe('recommended responses', () => {
  it('are examples of the exits, one of each exit', () => {
    expect(recommended('greet')).toEqual([
      'I am here for the first time',
      'A room, please',
      'I would like to have dinner.',
    ]);
  });

  it('begin with two answers when the state asks a question', () => {
    expect(recommended('ask_day')).toEqual(['Monday', 'Next week', 'Never mind']);
  });

  it.each<[string, string[], string[]]>([
    [
      'in these words',
      ['a room, please'],
      ['I am here for the first time', 'I would like to have dinner.', 'Goodbye'],
    ],
    [
      'in more words',
      ['We are here for the very first time and would have dinner'],
      ['A room, please', 'I would like to have dinner.', 'Goodbye'],
    ],
  ])('leave out what the user has said %s', (_name, said, expected) => {
    expect(recommended('greet', said.flatMap(userSays))).toEqual(expected);
  });

  it('include what only the agent has said', () => {
    expect(recommended('ask_day', [{ by: 'agent', text: 'Monday' }])[0]).toBe('Monday');
  });

  it('are ordered by the context', () => {
    expect(recommended('greet', [], 'asks for a view')[0]).toBe('Do you have a room with a view?');
    expect(recommended('ask_day', [], 'cost')[0]).toBe('What does a room cost?');
  });

  it('contain a general question when the state offers nothing', () => {
    expect(recommended('end')).toEqual(['What can you help me with?']);
    expect(recommended('end', userSays('Hello'))).toEqual(['Could you explain that again, please?']);
  });
});

function starters(more: Partial<StarterRequest>) {
  return makeStarters({
    graph: GRAPH,
    initialState: 'greet',
    facets: ['room'],
    minCount: 1,
    maxCount: 3,
    instructions: 'Be brief.',
    models: {},
    userModel: null,
    signal: new AbortController().signal,
    ...more,
  });
}

describe('starters', () => {
  it('come from the examples of the initial state and of the states after it', () => {
    expect(starters({})).toEqual([
      { prompt: 'A room, please', facets: ['room'] },
      { prompt: 'What does a room cost?', facets: ['room'] },
      { prompt: 'Do you have a room with a view?', facets: ['room'] },
    ]);
  });

  it('name every requested facet that fits them', () => {
    expect(starters({ facets: ['Rooms', 'costs', 'warm sea', 'dinner'], maxCount: 10 })).toEqual([
      { prompt: 'A room, please', facets: ['Rooms'] },
      { prompt: 'What does a room cost?', facets: ['Rooms', 'costs'] },
      { prompt: 'Is the sea warm?', facets: ['warm sea'] },
      { prompt: 'I would like to have dinner.', facets: ['dinner'] },
      { prompt: 'Do you have a room with a view?', facets: ['Rooms'] },
    ]);
  });

  it('are general questions when the graph has nothing about a facet', () => {
    expect(starters({ facets: ['dragons', 'price $& list'], minCount: 3, maxCount: 5 })).toEqual([
      { prompt: 'Can you help me with dragons?', facets: ['dragons'] },
      { prompt: 'Can you help me with price $& list?', facets: ['price $& list'] },
      { prompt: 'What should I know about dragons?', facets: ['dragons'] },
    ]);
  });

  it.each<[facets: string[], min: number, max: number, count: number]>([
    [['room'], 1, 1, 1],
    [['room'], 1, 10, 3],
    [['room'], 5, 10, 5],
    [['dragons'], 10, 10, 10],
    [['of it'], 10, 10, 10],
    [['dragons', 'dragons', 'DRAGONS'], 10, 10, 10],
  ])('about %j with a count from %i to %i are %i', (facets, minCount, maxCount, count) => {
    const made = starters({ facets, minCount, maxCount });
    expect(made.length).toBe(count);
    expect(new Set(made.map(({ prompt }) => prompt)).size).toBe(count);
    for (const starter of made) {
      expect(starter.facets.length).toBeGreaterThan(0);
      expect(facets).toEqual(expect.arrayContaining(starter.facets));
    }
  });

  it('are made for an unknown initial state', () => {
    expect(starters({ initialState: 'nowhere' })).toEqual([
      { prompt: 'Can you help me with room?', facets: ['room'] },
    ]);
  });
});

describe('on the appointment line', () => {
  const [graph] = parseOrganizationFile(file).graphs;
  if (graph === undefined) throw new Error('The clinic has a graph.');

  it.each<[string, string[]]>([
    ['ask_visit_time', ['Tuesday at ten', 'Any morning next week', 'Never mind']],
    ['confirm_time', ['Yes, please book it', 'Could we make it a day later?', 'Never mind']],
    [
      'ask_callback_number',
      ['You can call me at 555 0142', 'My mobile is 555 0187', 'I would rather book an appointment now'],
    ],
  ])('the responses at %s fit the state', (state, expected) => {
    expect(recommended(state, [], '', graph)).toEqual(expected);
  });

  it('new and returning patients get different starters', () => {
    const request = { graph, facets: ['appointments', 'parking'], minCount: 2, maxCount: 2 };
    expect(starters({ ...request, initialState: graph.new_user_initial_state })).toEqual([
      { prompt: 'I am a new patient and would like to book a first appointment', facets: ['appointments'] },
      { prompt: 'Is there parking?', facets: ['parking'] },
    ]);
    expect(starters({ ...request, initialState: graph.returning_user_initial_state })).toEqual([
      { prompt: 'I would like a follow-up appointment', facets: ['appointments'] },
      { prompt: 'Is there parking?', facets: ['parking'] },
    ]);
  });
});
