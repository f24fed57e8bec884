import type { StateTransitionLog } from '../agent/turn-log.ts';
import type { VersionInfo } from '../registry/primitives.ts';
import type { InteractionRecord } from './records.ts';

/** What the insights of an interaction say, by the names of the published API. */
export interface Insights {
  current_state_name: string;
  current_state_action: string;
  current_state_objective: string;
  state_transition_logs: StateTransitionLog[];
  working_memory: { content: string; context: string }[];
  reflections: string[];
  triggered_dynamic_behavior_set_version_info: VersionInfo | null;
  select_next_action_tool_call_logs: never[][];
  engage_user_tool_call_logs: never[][];
}

/** The log of a turn as insights. What this agent does not have (memories, tools, behaviors) is truthfully empty. */
export function insightsOf({ log }: InteractionRecord): Insights {
  return {
    current_state_name: log.state,
    current_state_action: log.action,
    current_state_objective: log.objective,
    state_transition_logs: log.transitions,
    working_memory: [],
    reflections: [],
    triggered_dynamic_behavior_set_version_info: null,
    select_next_action_tool_call_logs: [],
    engage_user_tool_call_logs: [],
  };
}
