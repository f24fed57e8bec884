/**
 * The relay: the least cost of a turn with a model on this platform. It reads the form, asks the model, and passes each
 * token on as a line of JSON. It keeps nothing, and has no credentials, schemas, agent or log. Where it has objects, one of
 * them asks the model, so that a token takes the same way as in the product.
 */
import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types';

interface RelayEnv {
  /** Address of the model in front of `/chat/completions`. */
  MODEL_URL: string;
  /** `chunks`: the tokens of one chunk of the model's answer are one write. `tokens`: each token is a write. */
  WRITES: 'chunks' | 'tokens';
  /** Set where an object asks the model. */
  OBJECTS?: DurableObjectNamespace;
}

interface Chunk {
  choices: { delta: { content?: string } }[];
}

const DATA = 'data: ';

/** Returns the lines for the complete events of a text. */
function linesOf(events: readonly string[]): string[] {
  const lines: string[] = [];
  for (const event of events) {
    if (!event.startsWith(DATA) || event.endsWith('[DONE]')) continue;
    const [choice] = (JSON.parse(event.slice(DATA.length)) as Chunk).choices;
    const message = choice?.delta.content;
    if (message !== undefined) lines.push(`${JSON.stringify({ type: 'new-message', message })}\n`);
  }
  return lines;
}

/** Takes bytes for the client, and their end. */
interface Sink {
  write(bytes: Uint8Array): unknown;
  close(): unknown;
}

/** Passes the model's answer on, line by line. */
async function relay(
  answer: ReadableStream<Uint8Array>,
  sink: Sink,
  writes: RelayEnv['WRITES'],
): Promise<void> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  for await (const chunk of answer) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    const lines = linesOf(events);
    const written = writes === 'tokens' || lines.length === 0 ? lines : [lines.join('')];
    for (const text of written) await sink.write(encoder.encode(text));
  }
  await sink.write(encoder.encode('{"type":"interaction-complete"}\n'));
  await sink.close();
}

/** Asks the model. Returns the body of its answer. */
async function ask(env: RelayEnv, content: string): Promise<ReadableStream<Uint8Array>> {
  const answer = await fetch(`${env.MODEL_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content }] }),
  });
  if (answer.body === null) throw new Error('The model has no answer.');
  return answer.body;
}

/** An object that asks the model, and passes its answer on in a stream like that of the product. */
export class RelayObject {
  readonly #ctx: DurableObjectState;
  readonly #env: RelayEnv;

  constructor(ctx: DurableObjectState, env: RelayEnv) {
    this.#ctx = ctx;
    this.#env = env;
  }

  async fetch(request: Request): Promise<Response> {
    const content = await request.text();
    const readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const sink = {
          write: (bytes: Uint8Array) => controller.enqueue(bytes),
          close: () => controller.close(),
        };
        this.#ctx.waitUntil(ask(this.#env, content).then((answer) => relay(answer, sink, this.#env.WRITES)));
      },
    });
    return new Response(readable);
  }
}

/** Worker of the relay. */
export default {
  async fetch(
    request: Request,
    env: RelayEnv,
    ctx: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Response> {
    const form = await request.formData();
    const said = form.get('recorded_message');
    const content = typeof said === 'string' ? said : '';
    const headers = { 'content-type': 'application/x-ndjson' };
    if (env.OBJECTS !== undefined) {
      const object = env.OBJECTS.getByName(new URL(request.url).pathname);
      const answer = await object.fetch('https://object/', { method: 'POST', body: content });
      return new Response(answer.body as ReadableStream<Uint8Array> | null, { headers });
    }
    const answer = await ask(env, content);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    ctx.waitUntil(relay(answer, writable.getWriter(), env.WRITES));
    return new Response(readable, { headers });
  },
};
