import type { AgentAction } from '../../contract/agent-actions.ts';
import type { EventStream } from './event-stream.ts';
import type { StoredRecording } from '../recording-table.ts';
import type { MessageStamp, MessageStamps } from './message-stamps.ts';

/** The action that fills a long wait with a text. */
export type Filler = Extract<AgentAction, { type: 'action-too-long' }>;

/** Sends the agent's message as it is made: as text, or spoken. */
export interface Speaker {
  /** The message's stamp: given with its first piece. */
  stamp(): MessageStamp;
  /** Takes the next piece of the text. */
  say(text: string, final: boolean): void;
  /** Tells that something takes long. */
  sayMeanwhile(action: Filler): void;
  /** Resolves when all is sent; with the recording of what was spoken. */
  finish(): Promise<StoredRecording | null>;
}

/** Sends the pieces of a message for a speaker of either kind: numbers them, and stamps the message with the first. */
export class MessagePieces {
  readonly #stream: EventStream;
  readonly #stamps: MessageStamps;
  #stamp: MessageStamp | null = null;
  #sequence = 0;

  constructor(stream: EventStream, stamps: MessageStamps) {
    this.#stream = stream;
    this.#stamps = stamps;
  }

  get begun(): boolean {
    return this.#sequence > 0;
  }

  stamp(): MessageStamp {
    this.#stamp ??= this.#stamps.next(Date.now());
    return this.#stamp;
  }

  send(message: string, alignment: [ms: number, character: string][] | null, stop: boolean): void {
    this.#stream.send({
      type: 'new-message',
      message,
      transcript_alignment: alignment,
      stop,
      sequence_number: this.#sequence,
      message_id: this.stamp().id,
    });
    this.#sequence += 1;
  }

  sendFiller(action: Filler): void {
    this.#stream.send({ type: 'current-agent-action', action });
  }
}

/** Sends the pieces of the text as they come. */
export class TextSpeaker implements Speaker {
  readonly #pieces: MessagePieces;

  constructor(pieces: MessagePieces) {
    this.#pieces = pieces;
  }

  stamp(): MessageStamp {
    return this.#pieces.stamp();
  }

  say(text: string, final: boolean): void {
    this.#pieces.send(text, null, final);
  }

  sayMeanwhile(action: Filler): void {
    this.#pieces.sendFiller(action);
  }

  finish(): Promise<null> {
    return Promise.resolve(null);
  }
}
