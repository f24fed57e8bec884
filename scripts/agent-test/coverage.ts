/** Finds the states and exits that dialogues reached. Pure. */
import type { TurnLog } from '../../src/agent/turn-log.ts';
import { revisitDescription } from '../../src/agent/revisits.ts';
import type { ActionState, ContextGraph } from '../../src/registry/graph.ts';

/**
 * States and exits of the graphs of a service, and those of them that the dialogues reached. A state that a correction
 * can reopen counts as a further exit. A state of a referenced graph has the name of its graph in front:
 * `Identification / ask_name`.
 */
export interface Coverage {
  states: { name: string; visited: boolean }[];
  exits: { from: string; description: string; taken: boolean }[];
}

/** A dialogue that was played, as far as its coverage needs it. */
interface Covering {
  /** The graphs of the service, its own graph first. */
  graphs: readonly ContextGraph[];
  /** `graph` is the identifier of the graph in which the agent spoke. */
  turns: readonly { graph: string; log: Pick<TurnLog, 'state' | 'transitions'> }[];
}

/** States and exits by the identifiers of their graphs. */
class Reached {
  readonly #states = new Set<string>();
  readonly #exits = new Set<string>();
  readonly #revisits = new Set<string>();

  constructor(turns: Covering['turns']) {
    for (const { graph, log } of turns) {
      this.#states.add(`${graph} ${log.state}`);
      for (const transition of log.transitions) {
        const [from] = transition.previous_service_hierarchical_state_machine_version_info;
        const [to] = transition.next_service_hierarchical_state_machine_version_info;
        this.#states.add(`${from} ${transition.previous_state}`).add(`${to} ${transition.next_state}`);
        if (!('previous_state_exit_condition_description' in transition)) continue;
        const exit = transition.previous_state_exit_condition_description;
        this.#exits.add(`${from} ${transition.previous_state} ${exit}`);
        this.#revisits.add(`${to} ${transition.next_state} ${exit}`);
      }
    }
  }

  state({ id }: ContextGraph, name: string): boolean {
    return this.#states.has(`${id} ${name}`);
  }

  exit({ id }: ContextGraph, name: string, description: string): boolean {
    return this.#exits.has(`${id} ${name} ${description}`);
  }

  /** Returns true if a correction reopened a state, from whichever state. */
  revisit({ id }: ContextGraph, state: ActionState): boolean {
    return this.#revisits.has(`${id} ${state.name} ${revisitDescription(state)}`);
  }
}

/** Returns the coverage of the graphs of the first dialogue's service by all of the dialogues. */
export function coverageOf(played: readonly Covering[]): Coverage {
  const graphs = played[0]?.graphs ?? [];
  const reached = new Reached(played.flatMap(({ turns }) => turns));
  const coverage: Coverage = { states: [], exits: [] };
  graphs.forEach((graph, index) => {
    for (const state of graph.states) {
      const name = index === 0 ? state.name : `${graph.name} / ${state.name}`;
      coverage.states.push({ name, visited: reached.state(graph, state.name) });
      if (!('exit_conditions' in state)) continue;
      for (const { description } of state.exit_conditions) {
        coverage.exits.push({ from: name, description, taken: reached.exit(graph, state.name, description) });
      }
      if (state.type !== 'action' || state.revisit !== true) continue;
      const description = 'a correction reopens it';
      coverage.exits.push({ from: name, description, taken: reached.revisit(graph, state) });
    }
  });
  return coverage;
}

/** Returns how many states and exits of a coverage were reached, in percent of all of them, rounded down. */
export function percentCovered({ states, exits }: Coverage): number {
  const reached = [...states.map(({ visited }) => visited), ...exits.map(({ taken }) => taken)];
  if (reached.length === 0) return 100;
  return Math.floor((100 * reached.filter(Boolean).length) / reached.length);
}

/** Returns the lines that tell about a coverage: the counts, then what was never reached. */
export function coverageLines(coverage: Coverage): string[] {
  const { states, exits } = coverage;
  const visited = states.filter((state) => state.visited).length;
  const taken = exits.filter((exit) => exit.taken).length;
  return [
    `states visited: ${visited} of ${states.length}`,
    `exits taken:    ${taken} of ${exits.length}`,
    `covered:        ${percentCovered(coverage)} %`,
    ...states.filter((state) => !state.visited).map(({ name }) => `  never visited: ${name}`),
    ...exits
      .filter((exit) => !exit.taken)
      .map(({ from, description }) => `  never taken: ${from}: ${description}`),
  ];
}

/** Coverage of services, and the services that have less than is demanded. */
export interface CoverageDemand {
  lines: string[];
  /** One sentence for each service that has too little. */
  unmet: string[];
}

/** Compares the coverage of each service with the least share in percent; null demands nothing. */
export function demandCoverage(
  played: readonly (Covering & { service: string })[],
  percent: number | null,
): CoverageDemand {
  const demand: CoverageDemand = { lines: [], unmet: [] };
  const services = [...new Set(played.map(({ service }) => service))];
  for (const service of services) {
    const coverage = coverageOf(played.filter((each) => each.service === service));
    const covered = percentCovered(coverage);
    demand.lines.push(`  ${service}`, ...coverageLines(coverage).map((line) => `    ${line}`));
    if (percent !== null && covered < percent) {
      demand.unmet.push(
        `${service}: ${covered} % of its states and exits are reached, and ${percent} % demanded`,
      );
    }
  }
  return demand;
}
