/** Divides a recorded turn into visits: what the agent did in each state. Pure. */
import type { AgentAction } from '../../../src/contract/agent-actions.ts';

/** A recorded call of a tool. Calls of the same round were made together. */
export interface RecordedCall {
  tool_id: string;
  round: number;
  input: Record<string, unknown>;
  output: string;
}

/** Steps of the agent in a state. The members that do not apply are null or empty. */
export interface Visit {
  state: string;
  /** The identifier of the graph; null for a turn that stayed in its state. */
  graph: string | null;
  /** The exit that it took, by its description, and the state to which it led. */
  exit: { description: string; next: string } | null;
  /** The action that it performed. */
  action: string | null;
  /** The queries that it made for a recall state. */
  queries: string[];
  reflection: string | null;
  /** The input that it made for the designated tool of a tool-call state. */
  toolInput: Record<string, unknown> | null;
  /** Tools that it called before it chose, and after it. */
  choosing: RecordedCall[];
  speaking: RecordedCall[];
}

function visitOf(state: string, graph: string | null): Visit {
  return {
    state,
    graph,
    exit: null,
    action: null,
    queries: [],
    reflection: null,
    toolInput: null,
    choosing: [],
    speaking: [],
  };
}

/** Returns the call of a tool that ended. */
export function callOf(action: Extract<AgentAction, { type: 'tool-call-ended' }>): RecordedCall {
  const { tool_id, tool_round_index: round, input_parameters: input, result: output } = action;
  return { tool_id, round, input, output };
}

/** Adds a step of the agent to the visit in which it was taken. */
function note(visit: Visit, action: AgentAction): void {
  if (action.type === 'navigate-state-machine-exit-condition-selected') {
    visit.exit = { description: action.exit_condition, next: action.next_state_name };
  } else if (action.type === 'navigate-state-machine-action-state-action-selected') {
    visit.action = action.action;
  } else if (action.type === 'navigate-state-machine-recall-state-dynamic-queries-generated') {
    visit.queries = action.dynamic_queries;
  } else if (action.type === 'navigate-state-machine-reflection-state-reflection-generated') {
    visit.reflection = action.reflection;
  } else if (action.type === 'designated-tool-call-params-generated') {
    visit.toolInput = action.tool_call_params;
  } else if (action.type === 'tool-call-ended' && visit.toolInput === null) {
    // The call of a tool-call state's own tool comes after its input: the engine makes it again.
    (visit.action === null ? visit.choosing : visit.speaking).push(callOf(action));
  }
}

/** Returns the visits of a recorded turn in order. `last` is the state in which the agent spoke. */
export function visitsOf(actions: readonly AgentAction[], last: string): Visit[] {
  const visits: Visit[] = [];
  let visit = visitOf(last, null);
  for (const action of actions) {
    note(visit, action);
    if (action.type !== 'navigate-state-machine-state-transitioned') continue;
    const [graph] = action.prev_state_state_machine_version_info;
    visits.push({ ...visit, state: action.prev_state, graph });
    visit = visitOf(action.next_state, action.next_state_state_machine_version_info[0]);
  }
  return [...visits, visit];
}

/** Returns the calls of each round. */
export function roundsOf(calls: readonly RecordedCall[]): RecordedCall[][] {
  const rounds = new Map<number, RecordedCall[]>();
  for (const call of calls) rounds.set(call.round, [...(rounds.get(call.round) ?? []), call]);
  return [...rounds.values()];
}
