/**
 * Checks the sense of context graphs whose form is right: whether each can be walked from its initial states to its
 * terminal state.
 */
import type { Tool } from './capabilities.ts';
import { bracketMessages, type NamedStates } from './checks/brackets.ts';
import { walkReferences } from './checks/circles.ts';
import type { DraftGraph } from './checks/draft.ts';
import { enteredStates, reachIssues } from './checks/graph-reach.ts';
import type { Issue } from './checks/issues.ts';
import { toolSpecMessage } from './checks/tool-specs.ts';
import type { NextState, State } from './graph.ts';
import { calledState, nextStates, textsOf, toolSpecs } from './graph-ways.ts';
import { versionKey } from './primitives.ts';

/** The other graphs and the tools of an organization, to which graphs may refer. */
export interface GraphSurroundings {
  graphs: readonly DraftGraph[];
  tools: readonly Tool[];
  /** Names and identifiers of entries whose form is wrong. References to them get no issue. */
  unread?: ReadonlySet<string>;
}

const NOTHING_UNREAD: ReadonlySet<string> = new Set();

/** Checks graphs together. It indexes their surroundings once for all of them. */
class GraphCheck {
  readonly #graphs: ReadonlyMap<string, DraftGraph>;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #unread: ReadonlySet<string>;
  readonly #entered: ReadonlyMap<string, string[]>;
  readonly #everyState: ReadonlySet<string>;
  /** A circle of references by the graphs in it. */
  readonly #circles: ReadonlyMap<string, readonly string[]>;

  constructor({ graphs, tools, unread = NOTHING_UNREAD }: GraphSurroundings, checked: readonly DraftGraph[]) {
    const all = [...graphs, ...checked];
    this.#graphs = new Map(all.map((graph) => [versionKey([graph.id, graph.version]), graph]));
    this.#tools = new Map(tools.map((tool) => [tool.id, tool]));
    this.#unread = unread;
    this.#entered = enteredStates([...this.#graphs.values()]);
    this.#everyState = new Set(
      all.flatMap(({ states }) => states.flatMap((state) => (state === null ? [] : [state.name]))),
    );
    const references = new Map(
      [...this.#graphs].map(([key, graph]) => [key, Object.values(graph.references).map(versionKey)]),
    );
    this.#circles = new Map(
      walkReferences(references).circles.flatMap((circle) => circle.map((key) => [key, circle] as const)),
    );
  }

  /** Returns the issues of one graph. */
  issues(graph: DraftGraph): Issue[] {
    const states = new Map<string, State>();
    for (const state of graph.states) {
      if (state !== null && !states.has(state.name)) states.set(state.name, state);
    }
    return [
      ...this.#namedStates(graph, states),
      ...this.#references(graph),
      ...graph.states.flatMap((state, index) =>
        (state === null ? [] : this.#state(state, graph, states)).map(({ path, message }) => ({
          path: ['states', index, ...path],
          message,
        })),
      ),
      ...this.#globalTexts(graph, states),
      ...reachIssues(graph, this.#entered.get(versionKey([graph.id, graph.version])) ?? []),
    ];
  }

  #namedStates(graph: DraftGraph, states: ReadonlyMap<string, State>): Issue[] {
    const issues: Issue[] = [];
    for (const role of [
      'new_user_initial_state',
      'returning_user_initial_state',
      'terminal_state',
    ] as const) {
      const state = states.get(graph[role]);
      if (state?.type === 'action' || this.#unread.has(graph[role])) continue;
      issues.push({ path: [role], message: `must name an action state of this graph, not "${graph[role]}"` });
    }
    const terminal = states.get(graph.terminal_state);
    if (terminal?.type !== 'action') return issues;
    const path = ['states', graph.states.indexOf(terminal)];
    if (terminal.actions.length !== 1) {
      issues.push({ path: [...path, 'actions'], message: 'the terminal state must have exactly one action' });
    }
    if (terminal.exit_conditions.length > 0) {
      issues.push({ path: [...path, 'exit_conditions'], message: 'the terminal state must have no exit' });
    }
    if (terminal.revisit === true) {
      issues.push({ path: [...path, 'revisit'], message: 'the terminal state cannot be reopened' });
    }
    return issues;
  }

  #references(graph: DraftGraph): Issue[] {
    const circle = this.#circles.get(versionKey([graph.id, graph.version]));
    return Object.entries(graph.references).flatMap(([name, info]) => {
      const path = ['references', name];
      const key = versionKey(info);
      if (!this.#graphs.has(key)) {
        const message = `there is no version ${info[1]} of a graph ${info[0]}`;
        return this.#unread.has(info[0]) ? [] : [{ path, message }];
      }
      if (circle?.includes(key) !== true) return [];
      const names = [...circle, ...circle.slice(0, 1)].map((each) => this.#graphs.get(each)?.name ?? each);
      return [{ path, message: `graphs refer to each other in a circle: ${names.join(' → ')}` }];
    });
  }

  #state(state: State, graph: DraftGraph, states: ReadonlyMap<string, State>): Issue[] {
    const named = this.#namedIn(graph, states);
    const issues: Issue[] = [
      ...recallIssues(state),
      ...toolSpecs(state).flatMap(({ path, spec }) => {
        const wrong = toolSpecMessage(spec, this.#tools, this.#unread);
        return wrong === null ? [] : [{ path: [...path, wrong.field], message: wrong.message }];
      }),
      ...exitIssues(state, graph.terminal_state),
      ...textsOf(state).flatMap(({ path, text }) =>
        bracketMessages(text, named).map((message) => ({ path, message })),
      ),
    ];
    if (states.get(state.name) !== state) {
      issues.push({ path: ['name'], message: `another state is already named "${state.name}"` });
    }
    for (const { path, next } of nextStates(state)) {
      const message = next === state.name ? 'leads to its own state' : this.#nextMessage(next, graph, states);
      if (message !== null) issues.push({ path, message });
    }
    return issues;
  }

  /** Returns the error of a next state that does not exist, or null. */
  #nextMessage(next: NextState, graph: DraftGraph, states: ReadonlyMap<string, State>): string | null {
    const isHere = (name: string) => states.has(name) || this.#unread.has(name);
    const called = calledState(next);
    if (called === null) return isHere(String(next)) ? null : `there is no state named "${String(next)}"`;
    const { reference, state } = called;
    const info = Object.hasOwn(graph.references, reference) ? graph.references[reference] : undefined;
    if (info === undefined) return `there is no reference named "${reference}"`;
    const referenced = this.#graphs.get(versionKey(info));
    if (referenced === undefined) return null;
    if (!this.#hasState(referenced, state)) {
      return `the graph of reference "${reference}" has no state named "${state}"`;
    }
    return isHere(next[1] ?? '') ? null : `there is no state named "${next[1] ?? ''}" to come back to`;
  }

  #hasState(graph: DraftGraph, name: string): boolean {
    return this.#unread.has(name) || graph.states.some((state) => state?.name === name);
  }

  #namedIn(graph: DraftGraph, states: ReadonlyMap<string, State>): NamedStates {
    return {
      has: (name) => states.has(name) || this.#unread.has(name),
      refers: (reference, name) => {
        const info = Object.hasOwn(graph.references, reference) ? graph.references[reference] : undefined;
        if (info === undefined) return false;
        const referenced = this.#graphs.get(versionKey(info));
        return referenced === undefined || this.#hasState(referenced, name);
      },
      isAnywhere: (name) => this.#everyState.has(name) || this.#unread.has(name),
    };
  }

  #globalTexts(graph: DraftGraph, states: ReadonlyMap<string, State>): Issue[] {
    const named = this.#namedIn(graph, states);
    const fields = [
      'global_intra_state_navigation_guidelines',
      'global_action_guidelines',
      'global_boundary_constraints',
    ] as const;
    return fields.flatMap((field) =>
      graph[field].flatMap((text, index) =>
        bracketMessages(text, named).map((message) => ({ path: [field, index], message })),
      ),
    );
  }
}

function recallIssues(state: State): Issue[] {
  if (state.type !== 'recall' || (state.queries === null) !== (state.requested_information === null))
    return [];
  return [{ path: ['queries'], message: 'must have either queries or requested_information, and not both' }];
}

/**
 * Returns the issues of exits. An action state without an exit cannot be left, so only the terminal state may have
 * none.
 */
function exitIssues(state: State, terminal: string): Issue[] {
  if (state.type !== 'action' && state.type !== 'decision') return [];
  const path = ['exit_conditions'];
  if (state.exit_conditions.length > 0) return [];
  if (state.type === 'decision') return [{ path, message: 'a decision state must have an exit' }];
  return state.name === terminal ? [] : [{ path, message: 'a dead end: the state has no exit' }];
}

/** Returns the issues of each graph, in the order of the graphs. */
export function validateGraphs(graphs: readonly DraftGraph[], surroundings: GraphSurroundings): Issue[][] {
  const check = new GraphCheck(surroundings, graphs);
  return graphs.map((graph) => check.issues(graph));
}

/** Returns the issues of a graph. An empty list means that it can be walked. */
export function validateGraph(graph: DraftGraph, surroundings: GraphSurroundings): Issue[] {
  return validateGraphs([graph], surroundings)[0] ?? [];
}
