/** What a turn did, as the insights of its interaction tell it. Stored as one value in the interaction's row. */
import type { ModelCall, StateTransitionLog, ToolCallRounds, WorkingMemory } from '../contract/insights.ts';
import type { VersionInfo } from '../contract/versions.ts';

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
