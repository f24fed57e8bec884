/** Log of a turn, for the insights of its interaction. */
import type { ModelCall, StateTransitionLog, ToolCallRounds, WorkingMemory } from '../contract/insights.ts';
import type { VersionInfo } from '../contract/versions.ts';

/** Log of a turn. It is stored as one value in the interaction's row. */
export interface TurnLog {
  state: string;
  action: string;
  objective: string;
  transitions: StateTransitionLog[];
  working_memory: WorkingMemory[];
  /**
   * Reflections with the messages that contain them: a caller that may not see these messages gets no reflection
   * either.
   */
  reflections: { message_id: string; text: string }[];
  behavior: VersionInfo | null;
  select_next_action_tool_calls: ToolCallRounds;
  engage_user_tool_calls: ToolCallRounds;
  model_calls: ModelCall[];
}
