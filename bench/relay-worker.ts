/**
 * The relay: the least cost of a turn with a model on this platform. It reads the form, asks the model, and passes each
 * token on as a line of JSON. It keeps nothing, and has no object, credentials, schemas, agent or log.
 */
interface RelayEnv {
  /** Address of the model in front of `/chat/completions`. */
  MODEL_URL: string;
  /** `chunks`: the tokens of one chunk of the model's answer are one write. `tokens`: each token is a write. */
  WRITES: 'chunks' | 'tokens';
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

/** Passes the model's answer on, line by line. */
async function relay(
  answer: ReadableStream<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  writes: RelayEnv['WRITES'],
): Promise<void> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const writer = writable.getWriter();
  let rest = '';
  for await (const chunk of answer) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    const lines = linesOf(events);
    const written = writes === 'tokens' || lines.length === 0 ? lines : [lines.join('')];
    for (const text of written) await writer.write(encoder.encode(text));
  }
  await writer.write(encoder.encode('{"type":"interaction-complete"}\n'));
  await writer.close();
}

/** Worker of the relay. */
export default {
  async fetch(
    request: Request,
    env: RelayEnv,
    ctx: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Response> {
    const form = await request.formData();
    const answer = await fetch(`${env.MODEL_URL}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'bench',
        stream: true,
        messages: [{ role: 'user', content: form.get('recorded_message') }],
      }),
    });
    if (answer.body === null) throw new Error('The model has no answer.');
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    ctx.waitUntil(relay(answer.body, writable, env.WRITES));
    return new Response(readable, {
      headers: { 'content-type': 'application/x-ndjson' },
    });
  },
};
