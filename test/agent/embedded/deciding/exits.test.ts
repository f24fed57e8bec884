/// <reference types="vite/types/importMeta.d.ts" />
/** Exits that answers lead to, on charts and graphs with reversed exits, added fillers and other wordings. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartGraph, parseChartFile, type ChartFile } from '../../../../scripts/agent-test/charts.ts';
import { chooseInActionState } from '../../../../src/agent/embedded/choosing.ts';
import type { Choice } from '../../../../src/agent/reasoner.ts';
import type { ContextGraph } from '../../../../src/registry/graph.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';

const FILES = import.meta.glob<object>(
  '../../../dialogues/{plain-charts,charts/{dev,practice,played,played-2,scripted}}/*.json',
  {
    eager: true,
    import: 'default',
  },
);
/** Every chart that may be looked at, and those in plain sentences. */
const ALL_CHARTS = Object.values(FILES).map(parseChartFile);
const CHARTS = Object.entries(FILES)
  .filter(([path]) => path.includes('/plain-charts/'))
  .map(([, input]) => parseChartFile(input));

function chosen(graph: ContextGraph, name: string, said: string): Choice {
  const state = graph.states.find((candidate) => candidate.name === name);
  if (state?.type !== 'action') throw new Error(`"${name}" is not an action state.`);
  const situation = situationAt(graph, name, { input: userSays(said) });
  return chooseInActionState({ ...situation, position: { ...situation.position, performed: [0] } }, state)
    .choice;
}

/** Returns the state that a message leads to: the next state of the chosen exit, or the state itself. */
function leadsTo(graph: ContextGraph, name: string, said: string): string {
  const choice = chosen(graph, name, said);
  const state = graph.states.find((candidate) => candidate.name === name);
  if (choice.kind === 'action' || state === undefined || !('exit_conditions' in state)) return name;
  return String(state.exit_conditions[choice.index]?.next_state);
}

function withExits(graph: ContextGraph, change: <T>(exits: T[]) => T[]): ContextGraph {
  return {
    ...graph,
    states: graph.states.map((state) =>
      state.type === 'action' ? { ...state, exit_conditions: change([...state.exit_conditions]) } : state,
    ),
  };
}

describe('the exits of a state', () => {
  it('are chosen independently of their order', () => {
    for (const chart of ALL_CHARTS) {
      const graph = chartGraph(chart);
      const reversed = withExits(graph, (exits) => exits.reverse());
      for (const { node, say } of chart.free_answers)
        expect([say, leadsTo(reversed, node, say)]).toEqual([say, leadsTo(graph, node, say)]);
    }
  });

  it('are chosen independently of filler words before the answer', () => {
    const filler = fc.constantFrom('Well, ', 'So, ', 'Um, ', 'Okay so, ', 'Hmm, ');
    fc.assert(
      fc.property(filler, fc.constantFrom('it is loose', 'it is tight', "it isn't tight"), (lead, answer) => {
        const graph = loose();
        expect(leadsTo(graph, 'ask', lead + answer)).toBe(leadsTo(graph, 'ask', answer));
      }),
    );
  });

  it('are chosen independently of the length of their descriptions', () => {
    const padding = ' at the moment, as it seems, and whatever the reason of that may be';
    for (const answer of ['it is loose', "it isn't loose", 'tight', 'yes', 'no'])
      expect(leadsTo(loose(padding), 'ask', answer)).toBe(leadsTo(loose(), 'ask', answer));
  });

  it.each(['the cable is red', 'my cat is asleep', 'Guten Abend', 'why?', 'hmm', 'xyzzy'])(
    'are left alone when nothing tells them apart: %j',
    (said) => {
      expect(leadsTo(loose(), 'ask', said)).toBe('ask');
    },
  );
});

function loose(padding = ''): ContextGraph {
  return graphOf([
    actionState(
      'ask',
      ['Ask: "Is the cable tight?"', 'If the answer is not clear, ask again: "Tight or loose?"'],
      [
        ['The cable is tight', 'tight'],
        [`The cable is loose${padding}`, 'loose'],
      ],
    ),
    actionState('tight', ['Good.'], [['The user says goodbye', 'end']]),
    actionState('loose', ['Bad.'], [['The user says goodbye', 'end']]),
    actionState('end', ['Say: "Bye!"'], []),
  ]);
}

describe('the exit that ends a conversation', () => {
  const graph = graphOf([
    actionState(
      'ask',
      ['Ask: "What can I do for you?"'],
      [
        ['The user wants a table', 'table'],
        ['The user wants to stop or says goodbye', 'end'],
      ],
    ),
    actionState('table', ['Say: "For how many?"'], [['The user says goodbye', 'end']]),
    actionState('end', ['Say: "Bye!"'], []),
  ]);

  it.each([
    'Hello, I would like some help please.',
    'let me think',
    'I think it is my knee',
    'I think so',
    'the bus stop is far away',
    'no',
    'thanks',
    'Guten Abend',
    'bicycle',
    'what is a goodbye party?',
  ])('is not taken after %j', (said) => {
    expect(leadsTo(graph, 'ask', said)).toBe('ask');
  });

  it.each(['goodbye', 'bye', 'nothing, that is all', 'I want to stop', 'never mind'])(
    'is taken after %j',
    (said) => {
      expect(leadsTo(graph, 'ask', said)).toBe('end');
    },
  );
});

function answers({ nodes }: ChartFile, node: string): string[] {
  return nodes.find(({ id }) => id === node)?.answers.map(({ next }) => next) ?? [];
}

describe('charts in plain sentences', () => {
  const right = (sayings: { chart: ChartFile; node: string; say: string; expected: number | null }[]) =>
    sayings.filter(({ chart, node, say, expected }) => {
      const wanted = expected === null ? node : answers(chart, node)[expected];
      return leadsTo(chartGraph(chart), node, say) === wanted;
    }).length / sayings.length;

  it('are understood in at least nine of ten answers', () => {
    const sayings = CHARTS.flatMap((chart) =>
      chart.free_answers.map(({ node, say, expected_answer_index: expected }) => ({
        chart,
        node,
        say,
        expected,
      })),
    );
    expect(right(sayings)).toBeGreaterThanOrEqual(0.9);
  });

  it('stay in the state at every question, and understand at least nine of ten answers after it', () => {
    const asked = CHARTS.flatMap((chart) =>
      chart.digressions.map(({ node, ask }) => ({ chart, node, say: ask, expected: null })),
    );
    const answered = CHARTS.flatMap((chart) =>
      chart.digressions.map(({ node, answer }) => ({
        chart,
        node,
        say: answer.say,
        expected: answer.expected_answer_index,
      })),
    );
    expect(right(asked)).toBe(1);
    expect(right(answered)).toBeGreaterThanOrEqual(0.9);
  });
});
