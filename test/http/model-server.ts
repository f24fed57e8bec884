/** A server that speaks the OpenAI protocol over real HTTP, and misbehaves as it is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A text that no response of the server may contain. */
export const PROVIDER_SECRET = 'sk-secret-of-the-provider';

export interface ModelRequestBody {
  model: string;
  messages: { role: string; content: string | null; tool_call_id?: string }[];
  stream?: boolean;
  response_format?: unknown;
  tools?: { function: { name: string } }[];
  tool_choice?: string;
  temperature?: number;
  reasoning_effort?: string;
  [key: string]: unknown;
}

export type Delta = string | { tool: string; input: string } | { reasoning: string };

/** Answer to a request. */
export type Behavior =
  | { type: 'speak'; deltas: Delta[]; usage?: boolean }
  /** Says words one by one, each in a packet of its own, until the caller leaves. */
  | { type: 'drone'; head: string; word: string }
  | { type: 'status'; status: number; headers?: Record<string, string> }
  /** Bytes as they are, under status 200; with `keepOpen`, without an end of the connection. */
  | { type: 'raw'; body: string; contentType?: string; keepOpen?: boolean }
  /** Says nothing for some milliseconds, and then everything. */
  | { type: 'late'; afterMs: number; deltas: Delta[] }
  /** Repeats the last message of the request. */
  | { type: 'echo' }
  /** Refuses a request with a message of the role `system`, and answers any other. */
  | { type: 'without-system'; error: string; text: string }
  /** Takes the request and never answers. */
  | { type: 'silence' }
  /** Speaks, and then says nothing any more. */
  | { type: 'stall'; deltas: Delta[] }
  /** Speaks, and then the connection breaks. */
  | { type: 'cut'; deltas: Delta[] };

function deltaOf(delta: Delta, index: number): Record<string, unknown> {
  if (typeof delta === 'string') return { content: delta };
  if ('reasoning' in delta) return { reasoning_content: delta.reasoning };
  const call = { name: delta.tool, arguments: delta.input };
  return { tool_calls: [{ index, id: `call_${index}`, type: 'function', function: call }] };
}

const USAGE = { prompt_tokens: 120, completion_tokens: 12, total_tokens: 132 };

function sse(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

function chunk(delta: Record<string, unknown>, finish_reason: string | null): string {
  return sse({ id: 'c', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] });
}

function speakStreamed(response: ServerResponse, deltas: readonly Delta[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  for (const [index, delta] of deltas.entries()) response.write(chunk(deltaOf(delta, index), null));
}

function speakWhole(response: ServerResponse, deltas: readonly Delta[]): void {
  const content = deltas.filter((delta) => typeof delta === 'string').join('');
  const tool_calls = deltas.flatMap((delta, index) =>
    typeof delta === 'object' && 'tool' in delta
      ? [{ id: `call_${index}`, type: 'function', function: { name: delta.tool, arguments: delta.input } }]
      : [],
  );
  const message = { role: 'assistant', content, ...(tool_calls.length > 0 ? { tool_calls } : {}) };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({ id: 'c', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: USAGE }),
  );
}

function speak(response: ServerResponse, behavior: Behavior & { type: 'speak' }, streamed: boolean): void {
  if (!streamed) {
    speakWhole(response, behavior.deltas);
    return;
  }
  speakStreamed(response, behavior.deltas);
  const calls = behavior.deltas.some((delta) => typeof delta === 'object' && 'tool' in delta);
  response.write(chunk({}, calls ? 'tool_calls' : 'stop'));
  if (behavior.usage !== false) response.write(sse({ id: 'c', choices: [], usage: USAGE }));
  response.end(sse('[DONE]'));
}

async function drone(response: ServerResponse, { head, word }: Behavior & { type: 'drone' }): Promise<void> {
  speakStreamed(response, [head]);
  while (!response.destroyed) {
    response.write(chunk({ content: word }, null));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function refuse(response: ServerResponse, message: string): void {
  response.writeHead(400, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message } }));
}

function behave(response: ServerResponse, behavior: Behavior, body: ModelRequestBody): void {
  const streamed = body.stream === true;
  const say = (text: string) => {
    speak(response, { type: 'speak', deltas: [text] }, streamed);
  };
  switch (behavior.type) {
    case 'late':
      setTimeout(() => {
        speak(response, { type: 'speak', deltas: behavior.deltas }, streamed);
      }, behavior.afterMs);
      return;
    case 'echo':
      say(body.messages.at(-1)?.content ?? '');
      return;
    case 'without-system':
      if (body.messages.some(({ role }) => role === 'system')) refuse(response, behavior.error);
      else say(behavior.text);
      return;
    case 'speak':
      speak(response, behavior, streamed);
      return;
    case 'status':
      response.writeHead(behavior.status, { 'content-type': 'application/json', ...behavior.headers });
      response.end(JSON.stringify({ error: { message: `no: ${PROVIDER_SECRET}`, type: PROVIDER_SECRET } }));
      return;
    case 'raw': {
      const usual = streamed ? 'text/event-stream' : 'application/json';
      response.writeHead(200, { 'content-type': behavior.contentType ?? usual });
      if (behavior.keepOpen === true) response.write(behavior.body);
      else response.end(behavior.body);
      return;
    }
    case 'silence':
      return;
    case 'stall':
      speakStreamed(response, behavior.deltas);
      return;
    case 'drone':
      void drone(response, behavior);
      return;
    case 'cut':
      speakStreamed(response, behavior.deltas);
      // What was written must be on its way before the connection breaks.
      response.write(': last words\n\n', () => response.socket?.end(() => response.socket?.destroy()));
  }
}

async function bodyOf(request: IncomingMessage): Promise<ModelRequestBody> {
  let text = '';
  for await (const part of request) text += String(part);
  return JSON.parse(text) as ModelRequestBody;
}

/** Answers the requests to each model in the order of its script; what is not in the script is answered with 500. */
export class ModelServer {
  readonly requests: ModelRequestBody[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Number of connections that the caller closed early. */
  aborted = 0;
  /** Models that it lists. */
  models: string[] = [];
  #scripts: Record<string, Behavior[]> = {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      response.on('close', () => {
        if (!response.writableFinished) this.aborted += 1;
      });
      void this.#answer(request, response);
    });
    // Connections are broken on purpose.
    this.#server.on('connection', (socket) => socket.on('error', () => undefined));
  }

  /** Begins anew with these scripts, by model. */
  script(scripts: Record<string, Behavior[]>): void {
    this.#scripts = structuredClone(scripts);
    this.requests.length = 0;
    this.authorizations.length = 0;
    this.aborted = 0;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ object: 'list', data: this.models.map((id) => ({ id, object: 'model' })) }),
      );
      return;
    }
    const body = await bodyOf(request);
    this.requests.push(body);
    this.authorizations.push(request.headers.authorization);
    const behavior = this.#scripts[body.model]?.shift() ?? { type: 'status', status: 500 };
    behave(response, behavior, body);
  }
}
