/** What a state names: the states it leads to, the tools it offers, the texts it is made of. */
import type { NextState, State, ToolCallSpec } from './graph.ts';

/** A path inside a state. */
type Path = (string | number)[];

/** Returns the states that a state names as its next ones. */
export function nextStates(state: State): { path: Path; next: NextState }[] {
  if (state.type === 'action' || state.type === 'decision') {
    return state.exit_conditions.map((exit, index) => ({
      path: ['exit_conditions', index, 'next_state'],
      next: exit.next_state,
    }));
  }
  return [{ path: ['next_state'], next: state.next_state }];
}

/** Returns the state of this graph in which the walk goes on: of a call of another graph, the state it comes back to. */
export function continuation(next: NextState): string {
  return typeof next === 'string' ? next : next[1];
}

/** Returns the reference and the state that a call of another graph names, or null for a state of this graph. */
export function calledState(next: NextState): { reference: string; state: string } | null {
  if (typeof next === 'string') return null;
  const [reference = '', state = ''] = next[0].split('.');
  return { reference, state };
}

const TOOL_LISTS = ['action_tool_call_specs', 'exit_condition_tool_call_specs', 'tool_call_specs'] as const;

/** Returns every tool specification of a state, the designated one first. */
export function toolSpecs(state: State): { path: Path; spec: ToolCallSpec }[] {
  const lists = state as Partial<Record<(typeof TOOL_LISTS)[number], ToolCallSpec[]>>;
  const listed = TOOL_LISTS.flatMap((name) =>
    (lists[name] ?? []).map((spec, index) => ({ path: [name, index], spec })),
  );
  if (state.type !== 'tool-call') return listed;
  return [{ path: ['designated_tool'], spec: state.designated_tool }, ...listed];
}

/** The fields of a state that hold no text for the agent: names, and what is checked elsewhere. */
const WITHOUT_TEXT = new Set([
  'type',
  'name',
  'next_state',
  'tool_id',
  'version_constraint',
  'result_persistence',
]);

/** Returns every text of a state, or of anything else made of objects and lists, that an agent is given. */
export function textsOf(value: unknown, path: Path = []): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry, index) => textsOf(entry, [...path, index]));
  return Object.entries(value).flatMap(([field, entry]) =>
    WITHOUT_TEXT.has(field) ? [] : textsOf(entry, [...path, field]),
  );
}
