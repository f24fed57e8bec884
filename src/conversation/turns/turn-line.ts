/** The line that the log has of each run of a turn. Pure. It has identifiers, names and figures, and no text. */
import type { ProblemCode } from '../../problems.ts';
import type { ConversationIdentity } from '../records.ts';
import type { LiveTurn } from './live-turn.ts';
import type { EndEvent } from './transcript.ts';
import { usageFields } from './usage-fields.ts';

/**
 * The outcome of a run: `completed` stored a whole answer, `stopped` was stopped by a request or a message, `failed` came
 * to nothing, `died` ended with its process, `refused` waited in vain for another turn to end.
 */
export type TurnOutcome = 'completed' | 'stopped' | 'failed' | 'died' | 'refused';

/** The service and the versions of a conversation, as lines of the log name them. */
export function versionFields({ organization, id, service_id, versions }: ConversationIdentity) {
  const { name, agent, graph } = versions;
  return {
    organization,
    conversation_id: id,
    service_id,
    version_set: name,
    agent_id: agent[0],
    agent_version: agent[1],
    graph_id: graph[0],
    graph_version: graph[1],
  };
}

/** The figures of a run that is not known any more, or never began. */
const UNKNOWN = {
  format: null,
  stopped_by: null,
  conversation_completed: false,
  client_left: false,
  ...usageFields([]),
  failed_model_calls: 0,
  tool_calls: 0,
  first_piece_ms: null,
  total_ms: null,
  waited_ms: 0,
} as const;

/** Fields of a line. Durations are in milliseconds. */
export type TurnLine = ReturnType<typeof versionFields> &
  Widened<Omit<typeof UNKNOWN, 'format' | 'stopped_by' | 'first_piece_ms' | 'total_ms'>> & {
    request_id: string | null;
    interaction_id: string | null;
    attempt: number;
    outcome: TurnOutcome;
    code: string | null;
    provider: string;
    format: string | null;
    stopped_by: string | null;
    first_piece_ms: number | null;
    total_ms: number | null;
  };

/** A type with the types of literals in place of the literals. */
type Widened<T> = {
  [Key in keyof T]: T[Key] extends boolean ? boolean : T[Key] extends number ? number : T[Key];
};

function outcomeOf(end: EndEvent): { outcome: TurnOutcome; code: string | null } {
  if (end.type === 'error') {
    const isStop = end.code === 'turn_stopped';
    return { outcome: isStop ? 'stopped' : 'failed', code: end.code ?? null };
  }
  return { outcome: end.stopped === true ? 'stopped' : 'completed', code: null };
}

/** Returns the line of a run that has ended. `now` is milliseconds since 1970. */
export function endedLine(live: LiveTurn, end: EndEvent, provider: string, now: number): TurnLine {
  const { turn, record, audience, figures } = live;
  const { outcome, code } = outcomeOf(end);
  return {
    ...versionFields(record.identity),
    request_id: audience.caller.request_id,
    interaction_id: turn.interactionId,
    attempt: turn.runs,
    outcome,
    code,
    stopped_by: outcome === 'stopped' ? figures.stoppedBy : null,
    conversation_completed: end.type === 'interaction-complete' && end.conversation_completed,
    client_left: live.readers.count === 0,
    format: turn.start.response_format,
    provider,
    ...usageFields(figures.modelCalls),
    failed_model_calls: figures.failedModelCalls,
    tool_calls: figures.toolCalls,
    first_piece_ms: figures.firstPieceAt === null ? null : figures.firstPieceAt - figures.begunAt,
    total_ms: now - figures.begunAt,
    waited_ms: figures.waitedMs,
  };
}

/** Returns the line of a run whose process died. */
export function diedLine(
  identity: ConversationIdentity,
  run: { request_id: string | null; interaction_id: string | null; attempt: number },
  provider: string,
): TurnLine {
  return { ...versionFields(identity), ...UNKNOWN, ...run, outcome: 'died', code: null, provider };
}

/** Returns the line of a request that waited in vain: its stream had begun, so the log of requests has it as answered. */
export function refusedLine(
  identity: ConversationIdentity,
  { request_id, code, waited_ms }: { request_id: string; code: ProblemCode; waited_ms: number },
  provider: string,
): TurnLine {
  return {
    ...versionFields(identity),
    ...UNKNOWN,
    request_id,
    interaction_id: null,
    attempt: 0,
    outcome: 'refused',
    code,
    provider,
    waited_ms,
  };
}
