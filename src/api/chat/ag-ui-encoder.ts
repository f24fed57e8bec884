import type { AgUiEvent } from '../../contract/ag-ui-events.ts';
import type { AgentAction } from '../../contract/agent-actions.ts';
import type { EventEncoder, TurnEvent } from './event-encoder.ts';

/** The run that a client asked for. */
export interface AgUiRun {
  conversationId: string;
  threadId: string;
  runId: string;
}

type ToolCall = Extract<AgentAction, { type: 'tool-call-started' | 'tool-call-ended' }>;

/**
 * Makes AG-UI events of the events of one turn. The answer is one text message, the states that the agent passes are
 * steps, its tool calls are tool calls with their results, and every other action is a custom event.
 */
export class AgUiEncoder implements EventEncoder<AgUiEvent> {
  readonly #run: AgUiRun;
  #interactionId = '';
  #hasStarted = false;
  /** The message that is being spoken; null before its first piece and after its last one. */
  #messageId: string | null = null;
  /** The state that the agent has entered; null before it is known. */
  #step: string | null = null;
  #calls = 0;
  /** The identifiers of calls without a result, by what is called. Equal calls end in the order of their beginning. */
  readonly #pending = new Map<string, string[]>();

  constructor(run: AgUiRun) {
    this.#run = run;
  }

  /** Returns the AG-UI events of the next event. */
  encode(event: TurnEvent): AgUiEvent[] {
    this.#interactionId = event.interaction_id ?? this.#interactionId;
    return [...this.#start(), ...this.#content(event)];
  }

  #content(event: TurnEvent): AgUiEvent[] {
    switch (event.type) {
      case 'conversation-created':
      case 'user-message-available':
        return [];
      case 'current-agent-action':
        return this.#action(event.action);
      case 'new-message':
        return this.#piece(event);
      case 'interaction-complete':
        return [...this.#endText(), ...this.#enter(null), this.#finish(event)];
      case 'error': {
        const { error_description: message, code } = event;
        return [{ type: 'RUN_ERROR', message, ...(code !== undefined && { code }) }];
      }
    }
  }

  #start(): AgUiEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    const { conversationId: conversation_id, threadId, runId } = this.#run;
    const metadata = { conversation_id, interaction_id: this.#interactionId };
    return [{ type: 'RUN_STARTED', threadId, runId, metadata }];
  }

  #action(action: AgentAction): AgUiEvent[] {
    if (action.type === 'navigate-state-machine-state-transitioned') return this.#enter(action.next_state);
    if (action.type === 'tool-call-started') return this.#call(action);
    if (action.type === 'tool-call-ended') return this.#result(action);
    return [{ type: 'CUSTOM', name: 'agent-action', value: action }];
  }

  /** Ends the step of the present state and begins that of the next one. */
  #enter(state: string | null): AgUiEvent[] {
    const before = this.#step;
    this.#step = state;
    return [
      ...(before === null ? [] : [{ type: 'STEP_FINISHED' as const, stepName: before }]),
      ...(state === null ? [] : [{ type: 'STEP_STARTED' as const, stepName: state }]),
    ];
  }

  #call(call: Extract<ToolCall, { type: 'tool-call-started' }>): AgUiEvent[] {
    this.#calls += 1;
    const { tool_id, input_params: input } = call;
    const toolCallId = `${this.#interactionId}-${this.#calls}`;
    const key = callKey(call, input);
    this.#pending.set(key, [...(this.#pending.get(key) ?? []), toolCallId]);
    return [
      { type: 'TOOL_CALL_START', toolCallId, toolCallName: tool_id },
      { type: 'TOOL_CALL_ARGS', toolCallId, delta: JSON.stringify(input) },
      { type: 'TOOL_CALL_END', toolCallId },
    ];
  }

  #result(call: Extract<ToolCall, { type: 'tool-call-ended' }>): AgUiEvent[] {
    const toolCallId = this.#pending.get(callKey(call, call.input_parameters))?.shift();
    // A call whose beginning was not told has no result either.
    if (toolCallId === undefined) return [];
    const messageId = `${toolCallId}-result`;
    return [{ type: 'TOOL_CALL_RESULT', messageId, toolCallId, role: 'tool', content: call.result }];
  }

  #piece({ message, message_id, stop }: Extract<TurnEvent, { type: 'new-message' }>): AgUiEvent[] {
    const events: AgUiEvent[] = [];
    if (this.#messageId === null) {
      this.#messageId = message_id;
      events.push({ type: 'TEXT_MESSAGE_START', messageId: message_id, role: 'assistant' });
    }
    if (message !== '') events.push({ type: 'TEXT_MESSAGE_CONTENT', messageId: message_id, delta: message });
    return stop ? [...events, ...this.#endText()] : events;
  }

  #endText(): AgUiEvent[] {
    const messageId = this.#messageId;
    this.#messageId = null;
    return messageId === null ? [] : [{ type: 'TEXT_MESSAGE_END', messageId }];
  }

  #finish(event: Extract<TurnEvent, { type: 'interaction-complete' }>): AgUiEvent {
    const { conversationId: conversation_id, threadId, runId } = this.#run;
    const { interaction_id, message_id, conversation_completed, stopped = false } = event;
    return {
      type: 'RUN_FINISHED',
      threadId,
      runId,
      outcome: { type: stopped ? 'cancelled' : 'success' },
      result: { conversation_id, interaction_id, message_id, conversation_completed },
    };
  }
}

/** Returns what a call and its result have in common. */
function callKey({ tool_round_index, tool_id, tool_version }: ToolCall, input: unknown): string {
  return JSON.stringify([tool_round_index, tool_id, tool_version, input]);
}
