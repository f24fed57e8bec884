/** A context graph as something to draw: nodes and the edges between them. Pure. */
import { statesWithoutCorrection } from '../src/registry/checks/corrections.ts';
import type { ContextGraph, NextState, State } from '../src/registry/graph.ts';
import type { VersionInfo } from '../src/contract/versions.ts';

/** The kind of a node: the type of its state, or a reference to another graph. */
export type NodeKind = State['type'] | 'reference';

/** A state, or a reference into another graph. */
export interface GraphNode {
  /** The state's name; of a reference `name.state`, which no state can be called. */
  id: string;
  label: string;
  kind: NodeKind;
  /** The users whose conversations begin here. */
  beginsFor: 'everybody' | 'new users' | 'returning users' | null;
  isTerminal: boolean;
  /** True when a correction reopens the state. */
  isReopened: boolean;
  /** True when it asks for something and no way leads back to it. */
  isFinal: boolean;
  state: State | null;
  /** The graph and the state that a reference leads into. */
  refersTo: { graph: string; state: string } | null;
}

/** A way from one node to another. */
export interface GraphEdge {
  from: string;
  to: string;
  /** The conditions of the exits that the edge stands for. Empty where a state has one exit only. */
  conditions: string[];
}

/** The nodes and edges of one graph. */
export interface GraphModel {
  /** The `graphKey` of the graph. */
  key: string;
  name: string;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** A version of a graph as the key of a map. */
export function graphKey([id, version]: VersionInfo): string {
  return `${id}:${version}`;
}

/** Returns an edge as the key of a map. */
export function edgeKey(from: string, to: string): string {
  return `${from}>${to}`;
}

/** Returns the name of a state in words. Designers of conversations name states `like_this`. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

/** The ways out of a state, each with its condition where it has one. */
export function exitsOf(state: State): { next: NextState; condition: string | null }[] {
  if ('exit_conditions' in state) {
    return state.exit_conditions.map(({ description, next_state }) => ({
      next: next_state,
      condition: description,
    }));
  }
  return [{ next: state.next_state, condition: null }];
}

function beginsFor(graph: ContextGraph, name: string): GraphNode['beginsFor'] {
  const isNew = graph.new_user_initial_state === name;
  const isReturning = graph.returning_user_initial_state === name;
  if (isNew && isReturning) return 'everybody';
  if (isNew) return 'new users';
  return isReturning ? 'returning users' : null;
}

function stateNode(graph: ContextGraph, state: State, isFinal: boolean): GraphNode {
  return {
    id: state.name,
    label: words(state.name),
    kind: state.type,
    beginsFor: beginsFor(graph, state.name),
    isTerminal: graph.terminal_state === state.name,
    isReopened: state.type === 'action' && state.revisit === true,
    isFinal,
    state,
    refersTo: null,
  };
}

function referenceNode(graph: ContextGraph, external: string): GraphNode {
  const [name = '', state = ''] = external.split('.');
  const target = graph.references[name];
  return {
    id: external,
    label: words(name),
    kind: 'reference',
    beginsFor: null,
    isTerminal: false,
    isReopened: false,
    isFinal: false,
    state: null,
    refersTo: target === undefined ? null : { graph: graphKey(target), state },
  };
}

/** Draws nothing twice: ways between the same two nodes are one edge with several conditions. */
export function modelOf(graph: ContextGraph): GraphModel {
  const final = new Set(statesWithoutCorrection(graph));
  const nodes = new Map(
    graph.states.map((state) => [state.name, stateNode(graph, state, final.has(state.name))]),
  );
  const edges = new Map<string, GraphEdge>();
  const connect = (from: string, to: string, condition: string | null) => {
    const key = edgeKey(from, to);
    const edge = edges.get(key) ?? { from, to, conditions: [] };
    if (condition !== null) edge.conditions.push(condition);
    edges.set(key, edge);
  };
  for (const state of graph.states) {
    for (const { next, condition } of exitsOf(state)) {
      if (typeof next === 'string') {
        connect(state.name, next, condition);
        continue;
      }
      const [external, back] = next;
      if (!nodes.has(external)) nodes.set(external, referenceNode(graph, external));
      connect(state.name, external, condition);
      connect(external, back, null);
    }
  }
  return {
    key: graphKey([graph.id, graph.version]),
    name: graph.name,
    nodes: [...nodes.values()],
    edges: [...edges.values()],
  };
}
