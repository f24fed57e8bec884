import type { ContextGraph, NextState, State } from './graph.ts';

/** One thing that is wrong with a graph: where, as a path into the document, and what. */
export interface GraphError {
  path: (string | number)[];
  message: string;
}

/** The kinds of state that the engine walks. A graph with another kind is refused rather than half-walked. */
const WALKED_KINDS = new Set<State['type']>(['action', 'decision']);

/** The states that a state names as its next ones, each with its path inside the state. */
function nextStates(state: State): { path: (string | number)[]; next: NextState }[] {
  if (state.type === 'action' || state.type === 'decision') {
    return state.exit_conditions.map((exit, index) => ({
      path: ['exit_conditions', index, 'next_state'],
      next: exit.next_state,
    }));
  }
  return [{ path: ['next_state'], next: state.next_state }];
}

/** The state of this graph in which the walk goes on: of a call of another graph, the state it comes back to. */
function continuation(next: NextState): string {
  return typeof next === 'string' ? next : next[1];
}

function validateNamedStates(graph: ContextGraph, states: ReadonlyMap<string, State>): GraphError[] {
  const errors: GraphError[] = [];
  for (const role of ['new_user_initial_state', 'returning_user_initial_state', 'terminal_state'] as const) {
    const state = states.get(graph[role]);
    if (state?.type !== 'action') {
      errors.push({ path: [role], message: `must name an action state of this graph, not "${graph[role]}"` });
    }
  }
  const terminal = states.get(graph.terminal_state);
  if (terminal?.type === 'action') {
    const path = ['states', graph.states.indexOf(terminal)];
    if (terminal.actions.length !== 1) {
      errors.push({ path: [...path, 'actions'], message: 'the terminal state must have exactly one action' });
    }
    if (terminal.exit_conditions.length > 0) {
      errors.push({ path: [...path, 'exit_conditions'], message: 'the terminal state must have no exit' });
    }
  }
  return errors;
}

function validateState(
  state: State,
  index: number,
  graph: ContextGraph,
  states: ReadonlyMap<string, State>,
): GraphError[] {
  const path: GraphError['path'] = ['states', index];
  const errors: GraphError[] = [];
  if (!WALKED_KINDS.has(state.type)) {
    errors.push({ path: [...path, 'type'], message: `states of kind "${state.type}" are not supported` });
  }
  if (states.get(state.name) !== state) {
    errors.push({ path: [...path, 'name'], message: `another state is already named "${state.name}"` });
  }
  if (state.type === 'decision' && state.exit_conditions.length === 0) {
    errors.push({ path: [...path, 'exit_conditions'], message: 'a decision state must have an exit' });
  }
  for (const { path: nextPath, next } of nextStates(state)) {
    const at = [...path, ...nextPath];
    if (typeof next !== 'string') {
      errors.push({ path: at, message: 'references to other graphs are not supported' });
    } else if (!states.has(next)) {
      errors.push({ path: at, message: `there is no state named "${next}"` });
    }
  }
  return [...errors, ...deadEnd(state, index, graph)];
}

/** An action state without an exit can never be left, so only the terminal state may be one. */
function deadEnd(state: State, index: number, graph: ContextGraph): GraphError[] {
  const stuck =
    state.type === 'action' && state.exit_conditions.length === 0 && state.name !== graph.terminal_state;
  return stuck
    ? [{ path: ['states', index, 'exit_conditions'], message: 'a dead end: the state has no exit' }]
    : [];
}

function unreachable(graph: ContextGraph, states: ReadonlyMap<string, State>): GraphError[] {
  const reached = new Set<string>();
  const open = [graph.new_user_initial_state, graph.returning_user_initial_state];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...nextStates(state).map(({ next }) => continuation(next)));
  }
  return graph.states.flatMap((state, index) =>
    reached.has(state.name)
      ? []
      : [{ path: ['states', index], message: `the state "${state.name}" cannot be reached` }],
  );
}

/** A state from which no path leads to the terminal state keeps its user forever. */
function endless(graph: ContextGraph, states: ReadonlyMap<string, State>): GraphError[] {
  const ending = new Set([graph.terminal_state]);
  for (let before = 0; before !== ending.size;) {
    before = ending.size;
    for (const state of states.values()) {
      if (nextStates(state).some(({ next }) => ending.has(continuation(next)))) ending.add(state.name);
    }
  }
  return graph.states.flatMap((state, index) =>
    ending.has(state.name)
      ? []
      : [{ path: ['states', index], message: `from "${state.name}" the terminal state cannot be reached` }],
  );
}

/** Everything that is wrong with the sense of a graph whose form is right. An empty list means it can be walked. */
export function validateGraph(graph: ContextGraph): GraphError[] {
  const states = new Map<string, State>();
  for (const state of graph.states) if (!states.has(state.name)) states.set(state.name, state);
  return [
    ...validateNamedStates(graph, states),
    ...graph.states.flatMap((state, index) => validateState(state, index, graph, states)),
    ...unreachable(graph, states),
    ...endless(graph, states),
  ];
}
