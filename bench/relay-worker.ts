/**
 * The relay: the least cost of a turn with a model on this platform. It reads the form, asks the model, and passes each
 * token on as a line of JSON. It keeps nothing, and has no object, credentials, schemas, agent or log.
 */
interface RelayEnv {
  /** Address of the model in front of `/chat/completions`. */
  MODEL_URL: string;
}

interface Chunk {
  choices: { delta: { content?: string } }[];
}

const DATA = 'data: ';

/** Returns the lines for the complete events of a text. */
function linesOf(events: readonly string[]): string {
  let lines = '';
  for (const event of events) {
    if (!event.startsWith(DATA) || event.endsWith('[DONE]')) continue;
    const [choice] = (JSON.parse(event.slice(DATA.length)) as Chunk).choices;
    const message = choice?.delta.content;
    if (message !== undefined) lines += `${JSON.stringify({ type: 'new-message', message })}\n`;
  }
  return lines;
}

/** Returns a stream that makes lines of JSON of the model's events. */
function relay(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      const lines = linesOf(events);
      if (lines !== '') controller.enqueue(encoder.encode(lines));
    },
    flush(controller) {
      controller.enqueue(encoder.encode('{"type":"interaction-complete"}\n'));
    },
  });
}

/** Worker of the relay. */
export default {
  async fetch(request: Request, env: RelayEnv): Promise<Response> {
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
    return new Response(answer.body.pipeThrough(relay()), {
      headers: { 'content-type': 'application/x-ndjson' },
    });
  },
};
