/**
 * The least possible HTTP client: requests are built before the run, and responses are searched and not parsed. A
 * slower client would be measured with the server, and would use the server's time on a small machine.
 */
import { connect, type Socket } from 'node:net';

/** Last chunk of a chunked body (RFC 9112, 7.1), which every expected response has. */
const END_OF_BODY = '\r\n0\r\n\r\n';
const FIRST_PIECE = '"new-message"';
const COMPLETE = '"interaction-complete"';

/** Times of a turn in milliseconds since its request was sent. */
export interface Turn {
  firstPieceMs: number;
  wholeMs: number;
  /** The whole response with its head, as received. */
  answer: string;
}

/** A POST request. */
export interface HttpRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Returns a request as bytes of HTTP/1.1. */
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

/** A connection that stays open, with one request at a time. */
export class Connection {
  readonly #origin: URL;
  #socket: Socket | null = null;
  #waiting: Waiting | null = null;

  constructor(origin: URL) {
    this.#origin = origin;
  }

  /** Sends a turn. Rejects if the response is not a complete turn. */
  take(request: Buffer): Promise<Turn> {
    return new Promise((resolve, reject) => {
      // The server closes idle connections after some seconds, while other levels and rounds run.
      this.#socket ??= this.#open();
      this.#waiting = { resolve, reject, sentAt: performance.now(), firstPieceMs: Number.NaN, answer: '' };
      this.#socket.write(request);
    });
  }

  /** Closes the connection. */
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
    // A refusal is recognized by its first line, because it has no chunks.
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
