import { describe, expect, it } from 'vitest';
import type { Reasoner } from '../../src/agent/reasoner.ts';
import { validateGraph } from '../../src/registry/validate-graph.ts';
import { playChart } from '../../scripts/agent-test/chart-runs.ts';
import {
  answerSentence,
  chartGraph,
  chartOrganization,
  parseChartFile,
  targetOf,
  type ChartFile,
} from '../../scripts/agent-test/charts.ts';

const LAMP: ChartFile = {
  name: 'Lamp',
  nodes: [
    {
      id: 'plugged',
      question: 'Is the lamp plugged in?',
      help: 'Follow the cable to the wall.',
      answers: [
        { text: 'yes', next: 'bulb' },
        { text: 'no', next: 'plug_in' },
      ],
    },
    {
      id: 'bulb',
      question: 'What does the bulb look like?',
      answers: [
        { text: 'the bulb is black', next: 'new_bulb' },
        { text: 'the bulb is clear', next: 'repair' },
      ],
    },
  ],
  conclusions: [
    { id: 'plug_in', text: 'Plug it in.' },
    { id: 'new_bulb', text: 'Buy a new bulb.' },
    { id: 'repair', text: 'Bring it to us.' },
  ],
  free_answers: [],
  digressions: [],
  paths: [],
};

/** Takes the exit that the user names by its index, and otherwise performs the state's last action. */
const BY_INDEX = {
  async *engage(situation, state) {
    const said = situation.arrived ? undefined : situation.input.at(-1)?.text;
    const index = Number(said);
    if (said !== undefined && Number.isInteger(index))
      yield { type: 'choice', choice: { kind: 'exit', index } };
    yield { type: 'choice', choice: { kind: 'action', index: state.actions.length - 1 } };
    yield { type: 'piece', text: 'Well.', final: true };
  },
  memoryQueries: () => Promise.resolve([]),
} as Partial<Reasoner> as Reasoner;

const says = (say: string, expected_answer_index: number | null) => ({ say, expected_answer_index });

describe('a chart as a context graph', () => {
  it('has a state for every node and conclusion, and one more for the end', () => {
    expect(chartGraph(LAMP).states.map(({ name }) => name)).toEqual([
      'plugged',
      'bulb',
      'plug_in',
      'new_bulb',
      'repair',
      'end',
    ]);
  });

  it('begins with the first node and is a valid graph', () => {
    const graph = chartGraph(LAMP);
    expect([graph.new_user_initial_state, graph.returning_user_initial_state]).toEqual([
      'plugged',
      'plugged',
    ]);
    expect(validateGraph(graph, { graphs: [graph], tools: [] })).toEqual([]);
  });

  it('asks the question of a node in quotes and explains its help text', () => {
    expect(chartGraph(LAMP).states[0]).toMatchObject({
      actions: [
        'Ask: "Is the lamp plugged in?"',
        'If the user asks a question or does not know how to check, explain: "Follow the cable to the wall."',
      ],
      exit_conditions: [
        { description: 'The user answers yes', next_state: 'bulb' },
        { description: 'The user answers no', next_state: 'plug_in' },
      ],
    });
  });

  it('has an action for questions of the user when a node has no help text', () => {
    expect(chartGraph(LAMP).states[1]).toMatchObject({
      actions: [
        'Ask: "What does the bulb look like?"',
        'If the user asks a question, answer it briefly and ask again.',
      ],
    });
  });

  it.each([
    ['yes', 'The user answers yes'],
    ['No', 'The user answers no'],
    ['nothing happens', 'The user answers that nothing happens'],
    ['yesterday was the last time', 'The user answers that yesterday was the last time'],
  ])('makes a sentence of the answer "%s"', (text, sentence) => {
    expect(answerSentence(text)).toBe(sentence);
  });

  it('refuses a chart with a node that no answer leads to', () => {
    const lost = { ...LAMP.nodes[1], id: 'lost' } as (typeof LAMP.nodes)[0];
    const { free_answers: _free, digressions: _asked, paths: _paths, ...chart } = LAMP;
    expect(() => chartOrganization({ ...chart, nodes: [...chart.nodes, lost] })).toThrow(
      'the state "lost" cannot be reached',
    );
  });

  it('has the target of an answer, or null for an unknown answer', () => {
    expect([
      targetOf(LAMP, 'bulb', 1),
      targetOf(LAMP, 'bulb', 2),
      targetOf(LAMP, 'bulb', null),
      targetOf(LAMP, 'cable', 0),
    ]).toEqual(['repair', null, null, null]);
  });
});

describe('the file of a chart', () => {
  it('is accepted when every saying fits its node', () => {
    const file = { ...LAMP, paths: [[says('it is', 0), says('hm', null), says('black', 0)]] };
    expect(parseChartFile(file)).toEqual(file);
  });

  it('is refused with an error for every saying that fits no node', () => {
    const file = {
      ...LAMP,
      free_answers: [{ node: 'cable', ...says('It is', 0) }],
      digressions: [{ node: 'bulb', ask: 'Which bulb?', answer: says('Green', 2) }],
      paths: [[says('It is', 0)]],
    };
    expect(() => parseChartFile(file)).toThrow(
      [
        '"It is": there is no node "cable"',
        '"Green": the node "bulb" has no answer 2',
        'path 0 ends in "bulb", which is no conclusion',
      ].join('\n'),
    );
  });

  it('is refused when a question contains quotation marks', () => {
    const [first, ...others] = LAMP.nodes;
    const file = { ...LAMP, nodes: [{ ...first, question: 'Is it "on"?' }, ...others] };
    expect(() => parseChartFile(file)).toThrow('must not hold quotation marks');
  });
});

describe('a chart that is played', () => {
  it('counts right answers, kept states and whole paths', async () => {
    const result = await playChart(
      {
        ...LAMP,
        free_answers: [
          { node: 'plugged', ...says('0', 0) },
          { node: 'bulb', ...says('1', 1) },
          { node: 'bulb', ...says('1', 0) },
          { node: 'bulb', ...says('let me see', null) },
        ],
        digressions: [
          { node: 'bulb', ask: 'Which bulb?', answer: says('0', 0) },
          { node: 'plugged', ask: '1', answer: says('0', 0) },
          { node: 'plugged', ask: 'Which plug?', answer: says('1', 0) },
        ],
        paths: [
          [says('0', 0), says('1', 1)],
          [says('0', 0), says('let me see', null), says('0', 0)],
          [says('0', 0), says('let me see', 1)],
          [says('1', 0), says('0', 0)],
        ],
      },
      BY_INDEX,
    );
    expect(result).toMatchObject({
      transitions: { right: 3, of: 4 },
      kept: { right: 2, of: 3 },
      resumed: { right: 1, of: 3 },
      paths: { right: 2, of: 4 },
    });
    expect(result.complaints).toEqual([
      'bulb: "1" is "the bulb is black", got "the bulb is clear"',
      'plugged: "1" is no answer, got "no"',
      'plugged: "1" is "yes", got "no"',
      'bulb: "let me see" is "the bulb is clear", got no answer',
      'plugged: "1" is "yes", got "no"',
    ]);
  });
});
