import { startPosition } from '../../agent/position.ts';
import type { MemoryPort, ToolPort } from '../../agent/ports.ts';
import type { TurnInput } from '../../agent/walk.ts';
import type { Home } from '../../home.ts';
import type { Catalog } from '../../registry/organization.ts';
import type { ToolCaller } from '../../tools/call-identity.ts';
import { modelPreferences, type AgentInput } from '../agent-input.ts';
import type { MessageReader } from '../messages.ts';
import type { ConversationIdentity } from '../records.ts';
import type { Spending } from '../spending/spending.ts';
import { utteranceOf } from '../utterances.ts';
import type { LiveTurn } from './live-turn.ts';
import { tracedTools, type TurnTracing } from './turn-spans.ts';

/** The ports of the engine, and the messages before the turn. */
export interface EnginePorts {
  messages: MessageReader;
  tools: (catalog: Catalog, caller: ToolCaller, home: Home) => ToolPort;
  memory: (identity: ConversationIdentity) => MemoryPort;
  tracing: TurnTracing;
  spending: Spending;
}

/** Returns the tools, whose calls are noted: a walk that has called one does not begin anew. */
function watched(live: LiveTurn, signal: AbortSignal, tools: ToolPort): ToolPort {
  return {
    candidate: (spec) => tools.candidate(spec),
    call: (tool, input, callSignal) => {
      signal.throwIfAborted();
      live.calledTools = true;
      live.figures.toolCalls += 1;
      return tools.call(tool, input, callSignal);
    },
  };
}

/** Returns everything that the engine is given for a turn. */
export function engineInputOf(
  live: LiveTurn,
  { catalog, agent, root, graphs, behaviors, timezone }: AgentInput,
  ports: EnginePorts,
  signal: AbortSignal,
): TurnInput {
  const { turn, record } = live;
  const { number } = turn;
  const { identity } = record;
  const { versions } = identity;
  const initial = turn.start.returning ? root.returning_user_initial_state : root.new_user_initial_state;
  const history = record.last_message === 0 ? [] : ports.messages.recent().map(utteranceOf);
  const toolCaller = {
    organization: identity.organization,
    user_id: identity.user_id,
    conversation_id: identity.id,
    interaction: number,
  };
  const tools = ports.tools(catalog, toolCaller, identity);
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
    models: modelPreferences(catalog, identity, ports.spending.isEconomical),
    memory: ports.memory(identity),
    tools: watched(live, signal, tracedTools(ports.tracing.tracer, tools)),
    keepThought: (text) => {
      // A walk that was given up may go on for a moment: nothing of it is kept.
      signal.throwIfAborted();
      return turn.think(agent.name, text);
    },
    meter: live.figures.meter(ports.spending.meter(identity, (refuses) => live.exhaust(refuses))),
    signal: AbortSignal.any([signal, live.stopSignal]),
    stop: live.stopSignal,
  };
}
