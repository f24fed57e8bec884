import type { Tool } from './capabilities.ts';
import type { ContextGraph, NextState, State, ToolCallSpec } from './graph.ts';
import { resolveTool } from './tool-versions.ts';

/** One thing that is wrong with a graph: where, as a path into the document, and what. */
export interface GraphError {
  path: (string | number)[];
  message: string;
}

/** What a graph may refer to: the other graphs and the tools of its organization. */
export interface GraphSurroundings {
  graphs: readonly ContextGraph[];
  tools: readonly Tool[];
}

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

/** What is wrong with a next state: a state that is not there, or a reference that leads nowhere. */
function validateNext(
  next: NextState,
  graph: ContextGraph,
  states: ReadonlyMap<string, State>,
  { graphs }: GraphSurroundings,
): string | null {
  if (typeof next === 'string') return states.has(next) ? null : `there is no state named "${next}"`;
  const [external, back] = next;
  const [reference = '', name = ''] = external.split('.');
  const info = graph.references[reference];
  if (info === undefined) return `there is no reference named "${reference}"`;
  const referenced = graphs.find(({ id, version }) => id === info[0] && version === info[1]);
  if (referenced === undefined) return null;
  if (!referenced.states.some((state) => state.name === name)) {
    return `the graph of reference "${reference}" has no state named "${name}"`;
  }
  return states.has(back) ? null : `there is no state named "${back}" to come back to`;
}

function validateRecall(state: State): GraphError[] {
  if (state.type !== 'recall' || (state.queries === null) !== (state.requested_information === null))
    return [];
  return [{ path: ['queries'], message: 'must have either queries or requested_information, and not both' }];
}

/** Every tool specification of a state, with its path inside the state. */
function toolSpecs(state: State): { path: (string | number)[]; spec: ToolCallSpec }[] {
  const lists =
    state.type === 'action'
      ? (['action_tool_call_specs', 'exit_condition_tool_call_specs'] as const).map((name) => ({
          name,
          specs: state[name],
        }))
      : 'tool_call_specs' in state
        ? [{ name: 'tool_call_specs', specs: state.tool_call_specs }]
        : [];
  const listed = lists.flatMap(({ name, specs }) =>
    specs.map((spec, index) => ({ path: [name, index], spec })),
  );
  return state.type === 'tool-call'
    ? [{ path: ['designated_tool'], spec: state.designated_tool }, ...listed]
    : listed;
}

function validateTools(state: State, { tools }: GraphSurroundings): GraphError[] {
  return toolSpecs(state).flatMap(({ path, spec }) => {
    if (!tools.some(({ id }) => id === spec.tool_id)) {
      return [{ path: [...path, 'tool_id'], message: `there is no tool ${spec.tool_id}` }];
    }
    const message = `no version of the tool satisfies "${spec.version_constraint}"`;
    return resolveTool(tools, spec) === null ? [{ path: [...path, 'version_constraint'], message }] : [];
  });
}

function validateState(
  state: State,
  graph: ContextGraph,
  states: ReadonlyMap<string, State>,
  surroundings: GraphSurroundings,
): GraphError[] {
  const errors: GraphError[] = [
    ...validateRecall(state),
    ...validateTools(state, surroundings),
    ...deadEnd(state, graph),
  ];
  if (states.get(state.name) !== state) {
    errors.push({ path: ['name'], message: `another state is already named "${state.name}"` });
  }
  if (state.type === 'decision' && state.exit_conditions.length === 0) {
    errors.push({ path: ['exit_conditions'], message: 'a decision state must have an exit' });
  }
  for (const { path, next } of nextStates(state)) {
    const message = validateNext(next, graph, states, surroundings);
    if (message !== null) errors.push({ path, message });
  }
  return errors;
}

function validateReferences(graph: ContextGraph, { graphs }: GraphSurroundings): GraphError[] {
  return Object.entries(graph.references).flatMap(([name, [id, version]]) =>
    graphs.some((other) => other.id === id && other.version === version)
      ? []
      : [{ path: ['references', name], message: `there is no version ${version} of a graph ${id}` }],
  );
}

/** An action state without an exit can never be left, so only the terminal state may be one. */
function deadEnd(state: State, graph: ContextGraph): GraphError[] {
  const stuck =
    state.type === 'action' && state.exit_conditions.length === 0 && state.name !== graph.terminal_state;
  return stuck ? [{ path: ['exit_conditions'], message: 'a dead end: the state has no exit' }] : [];
}

/** The states of a graph in which other graphs enter it. */
function enteredFromOutside(graph: ContextGraph, { graphs }: GraphSurroundings): string[] {
  return graphs.flatMap((other) =>
    other.states.flatMap(nextStates).flatMap(({ next }) => {
      if (typeof next === 'string') return [];
      const [reference = '', name = ''] = next[0].split('.');
      const info = other.references[reference];
      return info !== undefined && info[0] === graph.id && info[1] === graph.version ? [name] : [];
    }),
  );
}

function unreachable(
  graph: ContextGraph,
  states: ReadonlyMap<string, State>,
  surroundings: GraphSurroundings,
): GraphError[] {
  const reached = new Set<string>();
  const open = [
    graph.new_user_initial_state,
    graph.returning_user_initial_state,
    ...enteredFromOutside(graph, surroundings),
  ];
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
export function validateGraph(graph: ContextGraph, surroundings: GraphSurroundings): GraphError[] {
  const states = new Map<string, State>();
  for (const state of graph.states) if (!states.has(state.name)) states.set(state.name, state);
  return [
    ...validateNamedStates(graph, states),
    ...validateReferences(graph, surroundings),
    ...graph.states.flatMap((state, index) =>
      validateState(state, graph, states, surroundings).map(({ path, message }) => ({
        path: ['states', index, ...path],
        message,
      })),
    ),
    ...unreachable(graph, states, surroundings),
    ...endless(graph, states),
  ];
}
