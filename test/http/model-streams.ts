/** A server that sends what a test says in place of a model's answer, and what the reader makes of it. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAiCompatibleModel } from '../../src/agent/language-model/chat/openai-compatible.ts';
import type { ChatPart, ChatRequest } from '../../src/agent/language-model/chat/port.ts';
import { ProviderFailure } from '../../src/provider-failure.ts';

/** Sends an answer. */
export type Answer = (response: ServerResponse) => Promise<void> | void;

/** The request of every test. */
export const REQUEST: ChatRequest = {
  messages: [{ role: 'user', content: 'Hi' }],
  tools: [],
  mayCall: true,
  json: null,
  params: {},
};

/** Headers of a stream of events. */
export const EVENTS = { 'content-type': 'text/event-stream' };
/** The last event of most streams. */
export const DONE = 'data: [DONE]\n\n';

/** Returns an answer that sends a body in one piece. */
export function raw(body: string | Uint8Array, headers: Record<string, string> = EVENTS): Answer {
  return (response) => {
    response.writeHead(200, headers).end(body);
  };
}

/** Returns a chunk of an answer as an event. */
export function chunk(delta: object, finish_reason: string | null = null, more: object = {}): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }], ...more })}\n\n`;
}

/** Returns an answer that sends a body a few bytes at a time, each in a packet of its own. */
export function trickled(body: Uint8Array, size: number): Answer {
  return async (response) => {
    response.socket?.setNoDelay(true);
    response.writeHead(200, EVENTS);
    for (let at = 0; at < body.length; at += size) {
      response.write(body.subarray(at, at + size));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    response.end();
  };
}

/** Sums up the parts of an answer. */
function summaryOf(parts: readonly ChatPart[]) {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  const reasoning = parts.flatMap((part) => (part.type === 'reasoning' ? [part.text] : [])).join('');
  const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [[part.name, part.input]] : []));
  const usage = parts.findLast((part) => part.type === 'usage')?.usage ?? null;
  const reason = parts.find((part) => part.type === 'end')?.reason ?? null;
  return { text, reasoning, calls, usage, reason };
}

/** A running server of answers. */
export class StreamServer {
  baseUrl = '';
  /** The bodies of all requests. */
  readonly bodies: Record<string, unknown>[] = [];
  #next: Answer = () => undefined;
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (part: Buffer) => chunks.push(part));
    request.on('end', () => {
      this.bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      void this.#next(response);
    });
  });

  /** Starts the server on a free port. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.baseUrl = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  /** Stops the server. */
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /**
   * Asks for an answer and reads it: its text, its calls, its end, and how it fails. `until` is the type of the part behind
   * which it reads no further: the reader's caller does not wait for a server that keeps its connection.
   */
  async read(answer: Answer, until: ChatPart['type'] | null = 'end') {
    this.#next = answer;
    const model = new OpenAiCompatibleModel({ baseUrl: this.baseUrl, jsonMode: 'object' }, 'm');
    const parts: ChatPart[] = [];
    let failure: string | null = null;
    const end = new AbortController();
    try {
      const stream = await model.stream(REQUEST, end.signal);
      for (let read = await stream.next(); read !== null; read = await stream.next()) {
        parts.push(...read);
        if (read.some(({ type }) => type === until)) break;
      }
      stream.cancel();
    } catch (error) {
      failure =
        error instanceof ProviderFailure ? `${error.kind} ${error.status ?? ''}`.trim() : String(error);
    } finally {
      end.abort();
    }
    return { ...summaryOf(parts), failure };
  }
}
