/** Events of one turn, for the tests of encoders. */
import type { TurnEvent } from '../../../src/api/chat/event-encoder.ts';

/** Identifiers of the interaction and of its answer. */
export const INTERACTION = 'a'.repeat(24);
export const ANSWER = 'e'.repeat(24);

export const OPENING: TurnEvent = {
  type: 'user-message-available',
  message_id: 'u',
  user_message: 'Tuesday?',
  interaction_id: INTERACTION,
};

export const FAILED: TurnEvent = {
  type: 'error',
  http_error_code: 409,
  error_description: 'The turn was stopped.',
  code: 'turn_stopped',
};

/** Returns the event of a piece of the answer. */
export function piece(message: string, stop = false): TurnEvent {
  return {
    type: 'new-message',
    message,
    transcript_alignment: null,
    stop,
    sequence_number: 0,
    message_id: ANSWER,
  };
}

/** Returns the event of the end of the turn. */
export function complete(full_message: string, changes: { stopped?: boolean } = {}): TurnEvent {
  return {
    type: 'interaction-complete',
    message_id: ANSWER,
    interaction_id: INTERACTION,
    full_message,
    conversation_completed: false,
    ...changes,
  };
}
