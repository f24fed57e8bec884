/** Moves a conversation to the state that a dialogue expects, so that each turn is judged separately. Pure. */
import { callGraph, enterState, startPosition, type Position } from '../../src/agent/position.ts';
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { VersionInfo } from '../../src/contract/versions.ts';
import type { Expectation } from './dialogue-file.ts';

/** Returns the state in which a turn must end, the first of several, or null when the expectation names none. */
export function expectedState({ state, path = [] }: Expectation): string | null {
  const states = state === undefined ? path.slice(-1) : [state].flat();
  return states[0] ?? null;
}

function versionOf({ id, version }: ContextGraph): VersionInfo {
  return [id, version];
}

function holds({ states }: ContextGraph, name: string): boolean {
  return states.some((state) => state.name === name);
}

/**
 * Returns the position in a graph that `root` refers to. The exit of `root` that enters the graph decides to which state
 * the conversation returns: the exit of a state on the expected path, or else the first one.
 */
function positionInside(
  position: Position,
  root: ContextGraph,
  inside: ContextGraph,
  state: string,
  path: readonly string[],
): Position | null {
  const entries = root.states.flatMap((from) =>
    'exit_conditions' in from
      ? from.exit_conditions.flatMap(({ next_state }) => {
          if (typeof next_state === 'string') return [];
          const [reference = ''] = next_state[0].split('.');
          return root.references[reference]?.[0] === inside.id
            ? [{ from: from.name, back: next_state[1] }]
            : [];
        })
      : [],
  );
  const entry = entries.find(({ from }) => path.includes(from)) ?? entries[0];
  if (entry === undefined) return null;
  const outside = { ...position, graph: versionOf(root), returns: [] };
  return callGraph(outside, versionOf(inside), state, entry.back);
}

/**
 * Returns the position in the state `name`, with the answers and results of `position`: in the present graph, in
 * `root`, or in a graph that `root` refers to. Returns null when no such graph has the state.
 */
export function realigned(
  position: Position,
  name: string,
  path: readonly string[],
  root: ContextGraph,
  graphs: readonly ContextGraph[],
): Position | null {
  const present = graphs.find(({ id, version }) => id === position.graph[0] && version === position.graph[1]);
  if (present !== undefined && holds(present, name)) return enterState(position, name);
  if (holds(root, name)) return { ...position, ...startOf(root, name) };
  const inside = graphs.find(
    (graph) =>
      holds(graph, name) &&
      Object.values(root.references).some(([id, version]) => id === graph.id && version === graph.version),
  );
  return inside === undefined ? null : positionInside(position, root, inside, name, path);
}

function startOf(
  root: ContextGraph,
  name: string,
): Pick<Position, 'graph' | 'state' | 'returns' | 'performed'> {
  const { graph, state, returns, performed } = startPosition(versionOf(root), name);
  return { graph, state, returns, performed };
}
