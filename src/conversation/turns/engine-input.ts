import { startPosition } from '../../agent/position.ts';
import type { MemoryPort, ToolPort } from '../../agent/ports.ts';
import { UsageMeter } from '../../agent/usage.ts';
import type { TurnInput } from '../../agent/walk.ts';
import type { Catalog } from '../../registry/organization.ts';
import type { ToolCaller } from '../../tools/call-identity.ts';
import type { AgentInput } from '../agent-input.ts';
import type { MessageReader } from '../messages.ts';
import type { ConversationIdentity } from '../records.ts';
import { utteranceOf } from '../utterances.ts';
import type { Turn } from './turn.ts';

/** The ports of the engine, and the messages before the turn. */
export interface EnginePorts {
  messages: MessageReader;
  tools: (catalog: Catalog, caller: ToolCaller) => ToolPort;
  memory: (identity: ConversationIdentity) => MemoryPort;
}

/** Returns everything that the engine is given for a turn. */
export function engineInputOf(
  turn: Turn,
  { catalog, agent, root, graphs, behaviors, timezone }: AgentInput,
  ports: EnginePorts,
  signal: AbortSignal,
): TurnInput {
  const { record, number } = turn;
  const { identity } = record;
  const { versions } = identity;
  const initial = turn.start.returning ? root.returning_user_initial_state : root.new_user_initial_state;
  const history = record.last_message === 0 ? [] : ports.messages.recent().map(utteranceOf);
  return {
    graphs,
    agent,
    user: { name: identity.user_name, model: identity.user_model },
    position: number > 1 ? record.position : startPosition(versions.graph, initial),
    history,
    historyStart: record.last_message - history.length,
    clock: { now: turn.startedAt, timezone },
    input: turn.input,
    behaviors,
    models: versions.llm_model_preferences,
    memory: ports.memory(identity),
    tools: ports.tools(catalog, {
      organization: identity.organization,
      user_id: identity.user_id,
      conversation_id: identity.id,
      interaction: number,
    }),
    keepThought: (text) => turn.think(agent.name, text),
    meter: new UsageMeter(),
    signal,
  };
}
