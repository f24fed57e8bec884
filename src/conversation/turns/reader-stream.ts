import type { MessageFormat } from '../../contract/formats.ts';
import { COUNTED_CHUNKS, Unread } from './unread.ts';

/** The most bytes that a reader may leave unread before it is dropped: a bound on memory. Six minutes of speech are 16 MiB. */
export const MAX_UNREAD_BYTES: Readonly<Record<MessageFormat, number>> = {
  text: 4 * 1024 * 1024,
  voice: 16 * 1024 * 1024,
};
/** Past events are written in pieces of about this many bytes, each when the one before it was read or is within the bound. */
const PAST_CHUNK_BYTES = 256 * 1024;
/** Something without content is sent when nothing else was for this long, so that no proxy takes the stream for dead. */
export const HEARTBEAT_MS = 10_000;

/** The form of events as bytes: lines of JSON, or events of a `text/event-stream` whose `id` is the cursor. */
export type Framing = 'ndjson' | 'sse';

const FRAMES: Readonly<Record<Framing, { of: (line: string, cursor: number) => string; heartbeat: string }>> =
  {
    ndjson: { of: (line) => `${line}\n`, heartbeat: '\n' },
    sse: { of: (line, cursor) => `id: ${cursor}\ndata: ${line}\n\n`, heartbeat: ':\n\n' },
  };

/** The newest text in UTF-8. The readers of one turn are sent the same text one after the other: it is encoded once. */
export class EncodedText {
  readonly #encoder = new TextEncoder();
  #text = '';
  #bytes: Uint8Array = new Uint8Array();

  /** Returns a text in UTF-8. The bytes must not be changed: other readers have them too. */
  bytesOf(text: string): Uint8Array {
    if (this.#text !== text) {
      this.#bytes = this.#encoder.encode(text);
      this.#text = text;
    }
    return this.#bytes;
  }
}

/** An event as JSON in one line, and its cursor. */
export type Line = readonly [line: string, cursor: number];

export interface ReaderStreamOptions {
  format?: MessageFormat;
  framing?: Framing;
  heartbeatMs?: number;
}

/**
 * The stream of one reader of a turn. The turn never waits for it: a reader that leaves is forgotten, and one that does
 * not read is dropped when too much is waiting for it. What is past costs no memory: it is made when the reader reads.
 *
 * The first event goes out at once. Events that are made together go out together, because a write costs more than an
 * event: those that are held until the turn waits for something, and those of one tick.
 */
export class ReaderStream {
  readonly readable: ReadableStream<Uint8Array>;
  #encoded = new EncodedText();
  readonly #frame;
  readonly #heartbeatMs: number;
  readonly #maxUnread: number;
  readonly #unread = new Unread();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #past: Iterator<Line> | null = null;
  #isEnding = false;
  #pending = '';
  #flushing: ReturnType<typeof setTimeout> | null = null;
  #heartbeat: ReturnType<typeof setTimeout>;
  #lastSentAt = 0;

  constructor({ format = 'text', framing = 'ndjson', heartbeatMs = HEARTBEAT_MS }: ReaderStreamOptions = {}) {
    this.#frame = FRAMES[framing];
    this.#heartbeatMs = heartbeatMs;
    this.#maxUnread = MAX_UNREAD_BYTES[format];
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#catchUp(),
        cancel: () => this.#forget(),
      },
      COUNTED_CHUNKS,
    );
    this.#heartbeat = this.#scheduleHeartbeat();
  }

  /** True while there is a reader. */
  get isOpen(): boolean {
    return this.#controller !== null;
  }

  /** True until the reader has come to the end of the past. It is sent no present events until then. */
  get isBehind(): boolean {
    return this.#past !== null;
  }

  /**
   * Begins with what is past: all of it in one write, if it is within the bound; the rest as it is read. `encoded` is shared
   * with the other readers of the turn.
   */
  begin(past: Iterator<Line>, encoded = this.#encoded): void {
    this.#past = past;
    this.#encoded = encoded;
    this.#catchUp();
  }

  /**
   * Sends one event: a line of JSON without its end. `isHeld` keeps it for the next `flush`, so that it needs no timer;
   * without it, it goes out at the end of the tick.
   */
  send(line: string, cursor: number, isHeld = false): void {
    if (this.#controller === null) return;
    this.#pending += this.#frame.of(line, cursor);
    if (this.#lastSentAt === 0) this.flush();
    else if (!isHeld) this.#flushing ??= setTimeout(() => this.flush(), 0);
  }

  /** Sends what is waiting now. */
  flush(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#flushing = null;
    if (this.#controller === null || this.#pending === '') return;
    this.#write(this.#pending);
    this.#pending = '';
    if (this.#unread.exceeds(this.#maxUnread + PAST_CHUNK_BYTES, this.#controller)) {
      this.#controller.error(new Error('The reader is too slow.'));
      this.#forget();
    }
  }

  /** Ends the stream, as soon as the past is read. */
  end(): void {
    this.#isEnding = true;
    if (this.#past !== null) return;
    this.flush();
    this.#controller?.close();
    this.#forget();
  }

  #write(text: string): void {
    const bytes = this.#encoded.bytesOf(text);
    this.#controller?.enqueue(bytes);
    this.#unread.wrote(bytes.byteLength);
    this.#lastSentAt = Date.now();
  }

  #catchUp(): void {
    const controller = this.#controller;
    if (controller === null || this.#past === null) return;
    let chunk = '';
    while (this.#past !== null && this.#unread.bytes(controller) + chunk.length < this.#maxUnread) {
      const next = this.#past.next();
      if (next.done === true) this.#past = null;
      else chunk += this.#frame.of(...next.value);
      if (chunk.length < PAST_CHUNK_BYTES && this.#past !== null) continue;
      if (chunk !== '') this.#write(chunk);
      chunk = '';
    }
    if (chunk !== '') this.#write(chunk);
    if (this.#past === null && this.#isEnding) this.end();
  }

  #forget(): void {
    this.#controller = null;
    this.#past = null;
    this.#pending = '';
    clearTimeout(this.#heartbeat);
    if (this.#flushing !== null) clearTimeout(this.#flushing);
  }

  #scheduleHeartbeat(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      if (this.#controller === null) return;
      if (this.#past === null && Date.now() - this.#lastSentAt >= this.#heartbeatMs) {
        this.#pending += this.#frame.heartbeat;
        this.flush();
      }
      this.#heartbeat = this.#scheduleHeartbeat();
    }, this.#heartbeatMs);
  }
}
