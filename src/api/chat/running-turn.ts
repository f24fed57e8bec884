import type { StreamEvent } from '../../contract/stream.ts';
import type { TurnState } from '../../contract/turns.ts';
import type { EventRequest } from '../../conversation/requests.ts';
import { ProblemError } from '../../problems.ts';
import { read, requestEvents, type Question } from '../conversations/conversation-calls.ts';
import { Lines } from './lines.ts';

/** The turn that runs in a chat's conversation. */
export interface RunningChatTurn {
  interaction_id: string;
}

/** Returns what the conversation of a chat does now; `null` for a chat that has not begun. */
export async function chatState(question: Question): Promise<TurnState | null> {
  try {
    return await read(question, (stub) => stub.turnState(question.caller));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'conversation_not_found') return null;
    throw error;
  }
}

/** The request for the events of an interaction of a chat, from its first one. */
function eventRequest({ caller }: Question, interaction_id: string, live: boolean): EventRequest {
  return {
    kind: 'events',
    caller,
    action_filter: live ? '^.*$' : '^$',
    interaction_id,
    after: null,
    live,
    framing: 'ndjson',
    shape: 'interact',
  };
}

/** Returns the events of an interaction as lines of JSON: those that are past, and those to come until its end. */
export async function chatEvents(
  question: Question,
  interactionId: string,
): Promise<ReadableStream<Uint8Array>> {
  const { body } = await requestEvents(question, eventRequest(question, interactionId, true));
  return body ?? new ReadableStream();
}

type OpeningEvent = Extract<StreamEvent, { type: 'user-message-available' }>;

/** Returns the messages that a running interaction answers. */
export async function openingsOf(question: Question, interactionId: string): Promise<OpeningEvent[]> {
  const { body } = await requestEvents(question, eventRequest(question, interactionId, false));
  const lines = new Lines();
  const openings: OpeningEvent[] = [];
  for await (const part of body ?? []) {
    for (const line of lines.push(part)) {
      const event = line === '' ? null : (JSON.parse(line) as StreamEvent);
      if (event?.type === 'user-message-available') openings.push(event);
    }
  }
  return openings;
}
