/** What a turn did, as the insights of its interaction tell it. Stored as one value in the interaction's row. */
import type { VersionInfo } from '../registry/primitives.ts';

interface Transition {
  previous_state: string;
  previous_service_hierarchical_state_machine_version_info: VersionInfo;
  next_state: string;
  next_service_hierarchical_state_machine_version_info: VersionInfo;
}

/** A transition out of an action or a decision state. */
export interface ExitTransitionLog extends Transition {
  type: 'action' | 'decision';
  previous_state_exit_condition_description: string;
  tool_call_logs: never[][];
}

export type StateTransitionLog = ExitTransitionLog;

export interface TurnLog {
  state: string;
  action: string;
  objective: string;
  transitions: StateTransitionLog[];
}
