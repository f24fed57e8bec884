/**
 * HTTP as thin as it can be: requests made beforehand, answers searched and not parsed. A client that takes its time
 * would be measured along with the server, and on a small machine would take the server's time as well.
 */
import { connect, type Socket } from 'node:net';

/** The last chunk of a chunked body (RFC 9112, 7.1), which every answer that is expected here has. */
const END_OF_BODY = '\r\n0\r\n\r\n';
const FIRST_PIECE = '"new-message"';
const COMPLETE = '"interaction-complete"';

/** How a turn went. Milliseconds since its request was sent. */
export interface Turn {
  firstPieceMs: number;
  wholeMs: number;
  /** The whole answer with its head, as it came. */
  answer: string;
}

export interface HttpRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A request as it goes over the wire. */
export function encodeRequest(host: string, { path, headers, body }: HttpRequest): Buffer {
  const head = Object.entries({ host, ...headers, 'content-length': String(Buffer.byteLength(body)) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n${body}`);
}

interface Waiting {
  resolve: (turn: Turn) => void;
  reject: (error: Error) => void;
  sentAt: number;
  firstPieceMs: number;
  answer: string;
}

/** A connection that is kept open, with one request at a time. */
export class Connection {
  readonly #origin: URL;
  #socket: Socket | null = null;
  #waiting: Waiting | null = null;

  constructor(origin: URL) {
    this.#origin = origin;
  }

  /** Takes a turn; rejects when it does not end as a turn should. */
  take(request: Buffer): Promise<Turn> {
    return new Promise((resolve, reject) => {
      // The server closes what was idle for some seconds, as other levels and rounds have their turn.
      this.#socket ??= this.#open();
      this.#waiting = { resolve, reject, sentAt: performance.now(), firstPieceMs: Number.NaN, answer: '' };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect(Number(this.#origin.port), this.#origin.hostname);
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#receive(String(text)));
    socket.on('error', (error) => this.#lose(error));
    socket.on('close', () => this.#lose(new Error('The server closed the connection.')));
    return socket;
  }

  #receive(text: string): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    waiting.answer += text;
    if (Number.isNaN(waiting.firstPieceMs) && waiting.answer.includes(FIRST_PIECE)) {
      waiting.firstPieceMs = performance.now() - waiting.sentAt;
    }
    // A refusal is told from its first line: it has no chunks.
    if (!waiting.answer.endsWith(END_OF_BODY) && !/^HTTP\/1\.1 [45]/.test(waiting.answer)) return;
    this.#waiting = null;
    const { answer, firstPieceMs, sentAt } = waiting;
    if (!answer.includes(COMPLETE)) waiting.reject(new Error(`Not a whole turn:\n${answer}`));
    else waiting.resolve({ answer, firstPieceMs, wholeMs: performance.now() - sentAt });
  }

  #lose(error: Error): void {
    this.#socket = null;
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
