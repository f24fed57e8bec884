/** Lists the next states, tools and texts of a state. */
import type { NextState, State, ToolCallSpec } from './graph.ts';

/** Path of a field inside a state. */
type Path = (string | number)[];

/** Returns the next states of a state, each with the path of its field. */
export function nextStates(state: State): { path: Path; next: NextState }[] {
  if (state.type === 'action' || state.type === 'decision') {
    return state.exit_conditions.map((exit, index) => ({
      path: ['exit_conditions', index, 'next_state'],
      next: exit.next_state,
    }));
  }
  return [{ path: ['next_state'], next: state.next_state }];
}

/**
 * Returns the state of this graph in which the walk continues. For a call of another graph, that is the state to return
 * to.
 */
export function continuation(next: NextState): string {
  return typeof next === 'string' ? next : next[1];
}

/** Returns the reference and the state of a call of another graph, or null for a state of this graph. */
export function calledState(next: NextState): { reference: string; state: string } | null {
  if (typeof next === 'string') return null;
  const [reference = '', state = ''] = next[0].split('.');
  return { reference, state };
}

const TOOL_LISTS = ['action_tool_call_specs', 'exit_condition_tool_call_specs', 'tool_call_specs'] as const;

/** Returns every tool specification of a state, the designated one first, each with its path. */
export function toolSpecs(state: State): { path: Path; spec: ToolCallSpec }[] {
  const lists = state as Partial<Record<(typeof TOOL_LISTS)[number], ToolCallSpec[]>>;
  const listed = TOOL_LISTS.flatMap((name) =>
    (lists[name] ?? []).map((spec, index) => ({ path: [name, index], spec })),
  );
  if (state.type !== 'tool-call') return listed;
  return [{ path: ['designated_tool'], spec: state.designated_tool }, ...listed];
}

/** Fields of a state without text for the agent: names, and values that other checks read. */
const WITHOUT_TEXT = new Set([
  'type',
  'name',
  'next_state',
  'tool_id',
  'version_constraint',
  'result_persistence',
]);

/** Returns every text for the agent in a state, or in another value of objects and lists, with its path. */
export function textsOf(value: unknown, path: Path = []): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry, index) => textsOf(entry, [...path, index]));
  return Object.entries(value).flatMap(([field, entry]) =>
    WITHOUT_TEXT.has(field) ? [] : textsOf(entry, [...path, field]),
  );
}
