/** Makes a file of `npm run agent:test` of a conversation. Pure. */
import type { DialogueFile } from '../src/contract/dialogues.ts';
import type { StoredMessage } from '../src/contract/messages.ts';
import { memoriesOf, toolOutputsOf, turnOf, type TookPlace } from '../src/contract/recorded-turns.ts';
import type { InteractionInsights, ToolCallLog } from '../src/contract/insights.ts';
import type { RecordedTurn } from '../src/contract/workbench.ts';
import type { ContextGraph } from '../src/registry/graph.ts';

/** A whole conversation. */
export interface WholeConversation {
  id: string;
  organization: string;
  service: string;
  /** The graph that the conversation began in. */
  graph: Pick<ContextGraph, 'terminal_state' | 'new_user_initial_state' | 'returning_user_initial_state'>;
  isFinished: boolean;
  /** The oldest first. */
  turns: readonly RecordedTurn[];
  messages: readonly StoredMessage[];
}

/** Returns every tool call of an interaction. */
function callsOf(insights: InteractionInsights): ToolCallLog[] {
  const { select_next_action_tool_call_logs: before, engage_user_tool_call_logs: after } = insights;
  return [
    ...before.flat(),
    ...after.flat(),
    ...insights.state_transition_logs.flatMap((move) => [
      ...('tool_call_logs' in move ? move.tool_call_logs.flat() : []),
      ...(move.type === 'tool-call' ? [move.designated_tool_call_log] : []),
    ]),
  ];
}

function tookPlace(conversation: WholeConversation, turn: RecordedTurn, isLast: boolean): TookPlace {
  const { interaction_id: id, actions, insights } = turn;
  const messages = conversation.messages.filter(({ interaction_id }) => interaction_id === id);
  const state = insights.current_state_name;
  return {
    heard: messages.flatMap(({ message_type, message: text }): TookPlace['heard'] => {
      if (message_type === 'user-message') return [{ by: 'user', text }];
      return message_type === 'external-event' ? [{ by: 'event', text }] : [];
    }),
    actions,
    message: messages.findLast(({ message_type }) => message_type === 'agent-message')?.message ?? '',
    state,
    ended: isLast && conversation.isFinished && state === conversation.graph.terminal_state,
    toolNames: new Map(callsOf(insights).map(({ tool_id, tool_name }) => [tool_id, tool_name])),
  };
}

/** Tells whether a conversation began as one of a user who returns. */
function isReturning({ graph, turns }: WholeConversation): boolean {
  const insights = turns[0]?.insights;
  const first = insights?.state_transition_logs[0]?.previous_state ?? insights?.current_state_name;
  return first === graph.returning_user_initial_state && first !== graph.new_user_initial_state;
}

/**
 * Returns the file of a conversation. It names the organization's file after the organization: the reader of the file
 * corrects the path, or gives another one with `--organization`.
 */
export function testFileOf(conversation: WholeConversation): DialogueFile {
  const { turns, messages, organization, service, id } = conversation;
  const took = turns.map((turn, index) => tookPlace(conversation, turn, index === turns.length - 1));
  const user = messages.find(({ message_type }) => message_type === 'user-message')?.sender;
  const isOpening = took[0]?.heard.length === 0;
  const opening = isOpening && took[0] !== undefined ? turnOf(took[0]) : null;
  return {
    organization: `${organization}.json`,
    service,
    tools: {},
    dialogues: [
      {
        name: `Conversation ${id}`,
        user_name: user ?? 'Maya Chen',
        returning: isReturning(conversation),
        memories: memoriesOf(took),
        tools: toolOutputsOf(took),
        opening: opening?.expect ?? {},
        ...(opening?.recorded === undefined ? {} : { recorded_opening: opening.recorded }),
        turns: took.slice(isOpening ? 1 : 0).map(turnOf),
      },
    ],
  };
}
