/** Reads a body of server-sent events as the parts of an answer: one read of the network at a time, no timer. */
import { createParser, type EventSourceParser } from 'eventsource-parser';
import { ProviderFailure } from '../../../provider-failure.ts';
import { AnswerReader } from './answer-reader.ts';
import type { ChatPart, ChatStream } from './port.ts';

/** One event may be no longer, in UTF-16 units: a line without an end must not fill the memory. */
const MAX_EVENT_LENGTH = 1024 * 1024;

/** Adds parts. Joins neighbouring pieces of text: what came in one piece of the network is one piece of the message. */
function addJoined(out: ChatPart[], parts: readonly ChatPart[]): void {
  for (const part of parts) {
    const last = out.at(-1);
    if (last !== undefined && part.type === 'text' && last.type === 'text') {
      out[out.length - 1] = { type: 'text', text: last.text + part.text };
    } else out.push(part);
  }
}

/** An answer as server-sent events arrive. */
export class EventStreamReader implements ChatStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  readonly #answer = new AnswerReader();
  readonly #parser: EventSourceParser;
  #events: string[] = [];
  #over = false;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    this.#parser = createParser({
      maxBufferSize: MAX_EVENT_LENGTH,
      onEvent: ({ data }) => this.#events.push(data),
    });
  }

  get isOver(): boolean {
    return this.#over;
  }

  async next(): Promise<readonly ChatPart[] | null> {
    if (this.#over) return null;
    const { done, value } = await this.#reader.read();
    // Cancelled while it was read.
    if (this.#over) return null;
    const parts = done ? this.#close() : this.#take(this.#decoder.decode(value, { stream: true }));
    if (this.#answer.isOver) this.cancel();
    return parts;
  }

  cancel(): void {
    this.#over = true;
    // The connection may be broken already: nothing waits for its end.
    this.#reader.cancel().catch(() => undefined);
  }

  #take(text: string): ChatPart[] {
    try {
      this.#parser.feed(text);
    } catch {
      throw new ProviderFailure('failed');
    }
    const events = this.#events;
    this.#events = [];
    const [only] = events;
    if (events.length === 1 && only !== undefined) return this.#answer.push(only);
    const parts: ChatPart[] = [];
    for (const data of events) addJoined(parts, this.#answer.push(data));
    return parts;
  }

  /** Takes the last event, which need not end in an empty line. */
  #close(): ChatPart[] {
    this.#over = true;
    const parts = this.#take(`${this.#decoder.decode()}\n\n`);
    addJoined(parts, this.#answer.close());
    return parts;
  }
}
