import type { StateTransitionLog, ToolCallRounds } from '../agent/turn-log.ts';
import type { WorkingMemory } from '../agent/reasoner.ts';
import type { ModelCall } from '../agent/usage.ts';
import type { VersionInfo } from '../registry/primitives.ts';
import type { InteractionRecord } from './records.ts';

/** What the insights of an interaction say, by the names of the published API; `model_calls` is ours. */
export interface Insights {
  current_state_name: string;
  current_state_action: string;
  current_state_objective: string;
  state_transition_logs: StateTransitionLog[];
  working_memory: WorkingMemory[];
  reflections: string[];
  triggered_dynamic_behavior_set_version_info: VersionInfo | null;
  select_next_action_tool_call_logs: ToolCallRounds;
  engage_user_tool_call_logs: ToolCallRounds;
  model_calls: ModelCall[];
}

/** The log of a turn as insights; reflections only for who may see the messages that hold them. */
export function insightsOf({ log }: InteractionRecord, seesThoughts: boolean): Insights {
  return {
    current_state_name: log.state,
    current_state_action: log.action,
    current_state_objective: log.objective,
    state_transition_logs: log.transitions,
    working_memory: log.working_memory,
    reflections: seesThoughts ? log.reflections.map(({ text }) => text) : [],
    triggered_dynamic_behavior_set_version_info: log.behavior,
    select_next_action_tool_call_logs: log.select_next_action_tool_calls,
    engage_user_tool_call_logs: log.engage_user_tool_calls,
    model_calls: log.model_calls,
  };
}
