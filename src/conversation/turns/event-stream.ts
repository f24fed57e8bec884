import type { StreamEvent } from '../../contract/stream.ts';
import { jsonLine } from '../../text.ts';
import type { MessageFormat } from '../../contract/formats.ts';

/** The most bytes that a reader may leave unread before it is dropped: a bound on memory. Six minutes of speech are 16 MiB. */
export const MAX_UNREAD_BYTES: Readonly<Record<MessageFormat, number>> = {
  text: 4 * 1024 * 1024,
  voice: 16 * 1024 * 1024,
};
/** A bare newline is sent when nothing else was for this long, so that proxies keep the connection. In milliseconds. */
export const HEARTBEAT_MS = 10_000;

/**
 * One reader's stream of a turn's events, as lines of JSON. The turn never waits for it: a reader that leaves is
 * forgotten, and one that does not read is dropped when too much is waiting for it.
 *
 * The first event goes out at once. Events made within one tick go out together, because a write costs more than
 * an event.
 */
export class EventStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #pending = '';
  #flushing: ReturnType<typeof setTimeout> | null = null;
  #heartbeat: ReturnType<typeof setTimeout>;
  readonly #heartbeatMs: number;
  #lastSentAt = 0;

  constructor(format: MessageFormat = 'text', heartbeatMs = HEARTBEAT_MS) {
    this.#heartbeatMs = heartbeatMs;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#forget(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES[format] }),
    );
    this.#heartbeat = this.#scheduleHeartbeat();
  }

  send(event: StreamEvent): void {
    if (this.#controller === null) return;
    this.#pending += `${jsonLine(event)}\n`;
    if (this.#lastSentAt === 0) this.flush();
    else this.#flushing ??= setTimeout(() => this.flush(), 0);
  }

  /** Sends what is waiting for the end of the tick now. */
  flush(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#flushing = null;
    if (this.#controller === null || this.#pending === '') return;
    this.#controller.enqueue(this.#encoder.encode(this.#pending));
    this.#pending = '';
    this.#lastSentAt = Date.now();
    if ((this.#controller.desiredSize ?? 0) < 0) {
      this.#controller.error(new Error('The reader is too slow.'));
      this.#forget();
    }
  }

  end(): void {
    this.flush();
    this.#controller?.close();
    this.#forget();
  }

  #forget(): void {
    this.#controller = null;
    this.#pending = '';
    clearTimeout(this.#heartbeat);
    if (this.#flushing !== null) clearTimeout(this.#flushing);
  }

  #scheduleHeartbeat(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      if (this.#controller === null) return;
      if (Date.now() - this.#lastSentAt >= this.#heartbeatMs) {
        this.#pending += '\n';
        this.flush();
      }
      this.#heartbeat = this.#scheduleHeartbeat();
    }, this.#heartbeatMs);
  }
}
