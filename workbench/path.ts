/** The way of turns through graphs. Pure. */
import type { AgentAction } from '../src/contract/agent-actions.ts';
import type { VersionInfo } from '../src/contract/versions.ts';
import type { ContextGraph } from '../src/registry/graph.ts';
import { edgeKey, graphKey, type GraphModel } from './graph-model.ts';
import type { RecordedTurn } from '../src/contract/workbench.ts';

/** A state of a graph, which is named by its `graphKey`. */
export interface Place {
  graph: string;
  state: string;
}

/** Returns the place of a state of a graph. */
export function placeAt(graph: VersionInfo, state: string): Place {
  return { graph: graphKey(graph), state };
}

/**
 * The places of each turn, where it began first. `turns` are the newest first, `now` is where the conversation stands.
 * A turn that moved nowhere says only the name of its state; the turn after it began in the same place.
 */
export function pathsOf(turns: readonly RecordedTurn[], now: Place): Place[][] {
  let next = now;
  return turns.map(({ insights: { state_transition_logs: moves } }) => {
    const [first] = moves;
    const path =
      first === undefined
        ? [next]
        : [
            placeAt(first.previous_service_hierarchical_state_machine_version_info, first.previous_state),
            ...moves.map((move) =>
              placeAt(move.next_service_hierarchical_state_machine_version_info, move.next_state),
            ),
          ];
    next = path[0] ?? next;
    return path;
  });
}

/**
 * Returns the place where a conversation began whose first action is known: one of the two states that it can begin
 * in.
 */
function beginning(root: ContextGraph, action: string): Place[] {
  const initial = [root.new_user_initial_state, root.returning_user_initial_state];
  const state = root.states.find(
    (candidate) =>
      candidate.type === 'action' && initial.includes(candidate.name) && candidate.actions.includes(action),
  );
  return state === undefined ? [] : [placeAt([root.id, root.version], state.name)];
}

/** The path after an action that the agent took while it was being watched. */
export function extended(path: readonly Place[], action: AgentAction, root: ContextGraph | null): Place[] {
  if (action.type === 'navigate-state-machine-state-transitioned') {
    const from = placeAt(action.prev_state_state_machine_version_info, action.prev_state);
    const to = placeAt(action.next_state_state_machine_version_info, action.next_state);
    return [...(path.length === 0 ? [from] : path), to];
  }
  const speaks = action.type === 'navigate-state-machine-action-state-action-selected';
  return speaks && path.length === 0 && root !== null ? beginning(root, action.action) : [...path];
}

/**
 * The part of one graph that a path lights: each node with the numbers of its steps, each edge, and the end of the
 * path.
 */
export interface Lit {
  steps: Map<string, number[]>;
  edges: Set<string>;
  current: string | null;
}

/** The node of a graph that stands for a place: its state, or the reference through which one left for another graph. */
function nodeFor(model: GraphModel, place: Place, before: string | null): string | null {
  if (place.graph === model.key) return place.state;
  const isReference = model.nodes.some(({ id, kind }) => id === before && kind === 'reference');
  if (isReference) return before;
  const reachable = new Set(model.edges.filter(({ from }) => from === before).map(({ to }) => to));
  const entered = model.nodes.find(
    ({ id, refersTo }) =>
      reachable.has(id) && refersTo?.graph === place.graph && refersTo.state === place.state,
  );
  // The turn began inside the other graph: whichever reference leads there stands for it.
  const within = model.nodes.find(({ refersTo }) => refersTo?.graph === place.graph);
  return entered?.id ?? (before === null ? (within?.id ?? null) : null);
}

/** Returns the part of a graph that a path lights. */
export function litOf(model: GraphModel, path: readonly Place[]): Lit {
  const lit: Lit = { steps: new Map(), edges: new Set(), current: null };
  const known = new Set(model.edges.map(({ from, to }) => edgeKey(from, to)));
  let before: string | null = null;
  for (const [index, place] of path.entries()) {
    const node = nodeFor(model, place, before);
    if (node !== null && (node !== before || place.graph === model.key)) {
      lit.steps.set(node, [...(lit.steps.get(node) ?? []), index + 1]);
    }
    if (before !== null && node !== null && known.has(edgeKey(before, node))) {
      lit.edges.add(edgeKey(before, node));
    }
    before = node;
  }
  lit.current = before;
  return lit;
}
