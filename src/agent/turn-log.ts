/** What a turn did, as the insights of its interaction tell it. Stored as one value in the interaction's row. */
import type { VersionInfo } from '../registry/primitives.ts';
import type { WorkingMemory } from './reasoner.ts';
import type { ModelCall } from './usage.ts';

/** One call of a tool. `output` is `null` when it was for the moment only. `duration` in seconds. */
export interface ToolCallLog {
  tool_name: string;
  tool_id: string;
  tool_version: string;
  input: Record<string, unknown>;
  output: string | null;
  duration: number;
}

/** Calls by round: those of one round were made together. */
export type ToolCallRounds = ToolCallLog[][];

interface Transition {
  previous_state: string;
  previous_service_hierarchical_state_machine_version_info: VersionInfo;
  next_state: string;
  next_service_hierarchical_state_machine_version_info: VersionInfo;
}

/** What a transition tells besides from where to where: it depends on the kind of state that was left. */
export type TransitionCause =
  | {
      type: 'action' | 'decision';
      previous_state_exit_condition_description: string;
      tool_call_logs: ToolCallRounds;
    }
  | { type: 'recall'; performed_queries: string[] }
  | { type: 'jumpback' }
  | { type: 'annotation'; inner_thought_message_id: string }
  | { type: 'reflection'; inner_thought_message_id: string; tool_call_logs: ToolCallRounds }
  | { type: 'tool-call'; tool_call_logs: ToolCallRounds; designated_tool_call_log: ToolCallLog };

export type StateTransitionLog = Transition & TransitionCause;

export interface TurnLog {
  state: string;
  action: string;
  objective: string;
  transitions: StateTransitionLog[];
  working_memory: WorkingMemory[];
  /** The messages that hold the reflections, so that who may not see these does not see them here either. */
  reflections: { message_id: string; text: string }[];
  behavior: VersionInfo | null;
  select_next_action_tool_calls: ToolCallRounds;
  engage_user_tool_calls: ToolCallRounds;
  model_calls: ModelCall[];
}
