import type { InteractionInsights } from '../contract/insights.ts';
import type { InteractionRecord } from './records.ts';
import { stopFields, usageField } from './turns/end-fields.ts';

/**
 * Returns the log of a turn as insights; reflections only for a caller who may see the messages that hold them.
 * `isCut` tells whether the answer was cut after it was stored, which its message alone says.
 */
export function insightsOf(
  { log, stopped }: InteractionRecord,
  { isCut, seesThoughts }: { isCut: boolean; seesThoughts: boolean },
): InteractionInsights {
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
    ...stopFields(stopped ?? (isCut ? 'user' : null)),
    ...usageField(log.model_calls),
  };
}
