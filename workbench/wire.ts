/** What the server answers, as this page reads it. */
import type {
  WorkingMemory,
  ToolCallRounds,
  StateTransitionLog,
  ModelCall,
} from '../src/contract/insights.ts';
import type { AgentAction } from '../src/contract/agent-actions.ts';
import type { StreamEvent } from '../src/contract/stream.ts';
import type { ContextGraph } from '../src/registry/graph.ts';
import type { VersionInfo } from '../src/contract/versions.ts';

export interface Service {
  id: string;
  name: string;
  version_sets: string[];
}

export interface User {
  id: string;
  name: string;
  role: string;
}

/** An organization as a developer's server lists it. */
export interface RegisteredOrganization {
  id: string;
  name: string;
  users: User[];
  services: Service[];
}

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

export interface RecordedTurn {
  interaction_id: string;
  number: number;
  started_at: string;
  actions: AgentAction[];
  insights: Insights;
}

export interface Turns {
  user_id: string;
  service_id: string;
  is_finished: boolean;
  versions: { name: string; agent: VersionInfo; graph: VersionInfo };
  position: { graph: VersionInfo; state: string };
  /** The newest first. */
  turns: RecordedTurn[];
  has_more: boolean;
  continuation_token: number | null;
}

export interface DrawnAgent {
  service: { id: string; name: string };
  version_set: string;
  agent: { id: string; version: number; name: string; role: string };
  root: VersionInfo;
  graphs: ContextGraph[];
}

export interface Memories {
  user_model: string | null;
  memories: { conversation_id: string; text: string; message_ids: string[] }[];
  has_more: boolean;
  continuation_token: number | null;
}

export interface Message {
  id: string;
  interaction_id: string;
  created_at: string;
  sender: string;
  message: string;
  format: 'text' | 'voice';
  message_type: 'user-message' | 'agent-message' | 'agent-inner-thought' | 'external-event';
}

export interface ListedConversation {
  id: string;
  user_id: string;
  created_at: string;
  is_finished: boolean;
}

/** An event as it came: milliseconds since its turn was asked for. */
export interface TimedEvent {
  at: number;
  event: StreamEvent;
}
