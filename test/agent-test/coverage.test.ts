import { describe, expect, it } from 'vitest';
import { chartGraph } from '../../scripts/agent-test/charts.ts';
import { coverageLines, coverageOf, percentCovered } from '../../scripts/agent-test/coverage.ts';
import type { StateTransitionLog } from '../../src/contract/insights.ts';
import type { VersionInfo } from '../../src/contract/versions.ts';
import { CHART } from './chart.ts';

const GRAPH = chartGraph(CHART);
/** A graph with the same names of states, which the first one refers to. */
const REFERENCED = { ...chartGraph(CHART), id: 'f'.repeat(24), name: 'Inner' };

function transition(graph: VersionInfo, exit: string): StateTransitionLog {
  return {
    type: 'action',
    previous_state: 'ask',
    previous_service_hierarchical_state_machine_version_info: graph,
    next_state: 'confirm',
    next_service_hierarchical_state_machine_version_info: graph,
    previous_state_exit_condition_description: exit,
    tool_call_logs: [],
  };
}

/** A turn from `ask` to `confirm` of a graph. */
function turnIn(id: string) {
  return {
    graph: id,
    log: { state: 'confirm', transitions: [transition([id, 1], 'The user answers that today')] },
  };
}

describe('the coverage of a graph', () => {
  it('lists the visited states and the taken exits', () => {
    expect(coverageOf([{ graphs: [GRAPH], turns: [turnIn(GRAPH.id)] }])).toEqual({
      states: [
        { name: 'ask', visited: true },
        { name: 'confirm', visited: true },
        { name: 'end', visited: false },
      ],
      exits: [
        { from: 'ask', description: 'The user answers that today', taken: true },
        { from: 'ask', description: 'The user answers that never', taken: false },
        { from: 'confirm', description: 'The user has no more to say, or says goodbye', taken: false },
      ],
    });
  });

  it('keeps states of the same name apart when they are in different graphs', () => {
    const { states } = coverageOf([{ graphs: [GRAPH, REFERENCED], turns: [turnIn(REFERENCED.id)] }]);
    const visited = states.filter((state) => state.visited).map(({ name }) => name);
    expect(visited).toEqual(['Inner / ask', 'Inner / confirm']);
    expect(states).toHaveLength(6);
  });

  it('is a share of all states and exits together, rounded down', () => {
    expect(percentCovered(coverageOf([{ graphs: [GRAPH], turns: [turnIn(GRAPH.id)] }]))).toBe(50);
    expect(percentCovered(coverageOf([{ graphs: [GRAPH], turns: [] }]))).toBe(0);
    expect(coverageLines(coverageOf([{ graphs: [GRAPH], turns: [] }]))).toContain('  never visited: ask');
  });
});
