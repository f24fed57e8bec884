/** Finds states of a graph that cannot be reached, and states from which its end cannot be reached. */
import { calledState, continuation, nextStates } from '../graph-ways.ts';
import { versionKey } from '../primitives.ts';
import type { DraftGraph } from './draft.ts';
import type { Issue } from './issues.ts';

/** Adds a value to the list of a key. */
function note(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Returns by graph (`versionKey`) the states at which other graphs enter it. */
export function enteredStates(graphs: readonly DraftGraph[]): ReadonlyMap<string, string[]> {
  const entered = new Map<string, string[]>();
  for (const graph of graphs) {
    for (const state of graph.states) {
      for (const { next } of state === null ? [] : nextStates(state)) {
        const called = calledState(next);
        if (called === null || !Object.hasOwn(graph.references, called.reference)) continue;
        const info = graph.references[called.reference];
        if (info === undefined) continue;
        note(entered, versionKey(info), called.state);
      }
    }
  }
  return entered;
}

/** Returns all names that `ways` reach from `start`. */
function reachable(
  start: readonly string[],
  ways: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...start];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    open.push(...(ways.get(name) ?? []));
  }
  return reached;
}

/**
 * Returns the issues of states that no conversation reaches, and of states from which no conversation reaches the
 * terminal state. `entered` are the states at which other graphs enter this one. Of several states with one name the
 * first counts.
 */
export function reachIssues(graph: DraftGraph, entered: readonly string[]): Issue[] {
  const forward = new Map<string, string[]>();
  const backward = new Map<string, string[]>();
  for (const state of graph.states) {
    // The next states of a wrong state are unknown, so nothing can be checked.
    if (state === null) return [];
    if (forward.has(state.name)) continue;
    const next = nextStates(state).map((way) => continuation(way.next));
    forward.set(state.name, next);
    for (const name of next) note(backward, name, state.name);
  }
  const begins = [graph.new_user_initial_state, graph.returning_user_initial_state, ...entered];
  const reached = reachable(begins, forward);
  const ending = reachable([graph.terminal_state], backward);
  const issue = (found: ReadonlySet<string>, message: (name: string) => string): Issue[] =>
    graph.states.flatMap((state, index) =>
      state === null || found.has(state.name)
        ? []
        : [{ path: ['states', index], message: message(state.name) }],
    );
  return [
    ...issue(reached, (name) => `the state "${name}" cannot be reached`),
    ...issue(ending, (name) => `from "${name}" the terminal state cannot be reached`),
  ];
}
