import type { UiMessageChunk, UiMessageMetadata } from '../../contract/ui-message-stream.ts';
import type { EventEncoder, TurnEvent } from './event-encoder.ts';

/** Makes the chunks of an AI SDK UI message stream of the events of one turn. The answer is one text part. */
export class UiMessageEncoder implements EventEncoder<UiMessageChunk> {
  readonly #conversationId: string;
  #interactionId: string;
  #hasStarted = false;
  #isSpeaking = false;
  #messageId = '';

  /** `interactionId` may be empty where the first event tells it. */
  constructor(conversationId: string, interactionId: string) {
    this.#conversationId = conversationId;
    this.#interactionId = interactionId;
  }

  /** Returns the chunks of the next event. */
  encode(event: TurnEvent): UiMessageChunk[] {
    this.#interactionId = event.interaction_id ?? this.#interactionId;
    switch (event.type) {
      case 'conversation-created':
      case 'user-message-available':
        return this.#start();
      case 'current-agent-action':
        return [...this.#start(), { type: 'data-agent-action', data: event.action, transient: true }];
      case 'new-message':
        return [...this.#start(), ...this.#piece(event)];
      case 'interaction-complete':
        return [...this.#start(), ...this.#endText(), this.#finish(event)];
      case 'error':
        return [{ type: 'error', errorText: event.error_description }];
    }
  }

  #start(): UiMessageChunk[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: 'start', messageId: this.#interactionId, messageMetadata: this.#metadata() }];
  }

  #piece({ message, message_id, stop }: Extract<TurnEvent, { type: 'new-message' }>): UiMessageChunk[] {
    const chunks: UiMessageChunk[] = [];
    if (!this.#isSpeaking) {
      this.#isSpeaking = true;
      this.#messageId = message_id;
      chunks.push({ type: 'text-start', id: message_id });
    }
    if (message !== '') chunks.push({ type: 'text-delta', id: message_id, delta: message });
    return stop ? [...chunks, ...this.#endText()] : chunks;
  }

  #endText(): UiMessageChunk[] {
    if (!this.#isSpeaking) return [];
    this.#isSpeaking = false;
    return [{ type: 'text-end', id: this.#messageId }];
  }

  #finish(event: Extract<TurnEvent, { type: 'interaction-complete' }>): UiMessageChunk {
    const { message_id, conversation_completed, stopped = false } = event;
    return {
      type: 'finish',
      finishReason: stopped ? 'interrupted' : 'stop',
      messageMetadata: {
        ...this.#metadata(),
        message_id,
        conversation_completed,
        ...(stopped && { stopped }),
      },
    };
  }

  #metadata(): UiMessageMetadata {
    return { conversation_id: this.#conversationId, interaction_id: this.#interactionId };
  }
}
