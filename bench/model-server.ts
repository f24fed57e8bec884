/** A language model of the benchmark: it speaks the protocol of OpenAI, and always gives an answer of 40 tokens. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Number of tokens of an answer. */
export const TOKENS = 40;
/** Time between two tokens of a paced answer in milliseconds. */
const TOKEN_MS = 20;

/** Pace of the answers: all tokens in one write, or one every 20 ms. */
export type Pace = 'burst' | 'paced';

function event(delta: object, finish_reason: string | null): string {
  const chunk = { id: 'c', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** The choice of an action, as the product's prompt asks for it, and then words. */
const CONTENTS = [
  '{"action"',
  ': 0}\n',
  ...Array.from({ length: TOKENS - 2 }, (_, index) => `word${index} `),
];
const EVENTS = [
  ...CONTENTS.map((content) => event({ content }, null)),
  `${event({}, 'stop')}data: [DONE]\n\n`,
];

/** The answer to a request that wants no stream, such as that for a summary. */
const WHOLE = JSON.stringify({
  id: 'c',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { content: CONTENTS.join('') }, finish_reason: 'stop' }],
});

/** A running model. */
export interface ModelServer {
  /** Address in front of `/chat/completions`. */
  url: string;
  pace: Pace;
  /** Requests for a stream since the start. */
  requests: number;
  /** Other requests since the start. */
  wholeRequests: number;
  /** When the newest streamed answer began (`performance.now()`). */
  firstTokenAt: number;
  close(): Promise<void>;
}

function speakPaced(response: ServerResponse): void {
  let next = 0;
  const speak = () => {
    if (response.destroyed) return;
    response.write(EVENTS[next]);
    next += 1;
    if (next < EVENTS.length) setTimeout(speak, TOKEN_MS);
    else response.end();
  };
  speak();
}

/** Tells whether a request wants a stream. Its body is JSON without white space. */
function wantsStream(body: Buffer): boolean {
  return body.includes('"stream":true');
}

/** Starts a model on a free port. */
export async function startModel(): Promise<ModelServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!wantsStream(Buffer.concat(chunks))) {
        model.wholeRequests += 1;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(WHOLE);
        return;
      }
      model.requests += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      model.firstTokenAt = performance.now();
      if (model.pace === 'paced') speakPaced(response);
      else response.end(EVENTS.join(''));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const model: ModelServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    pace: 'burst',
    requests: 0,
    wholeRequests: 0,
    firstTokenAt: Number.NaN,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return model;
}
