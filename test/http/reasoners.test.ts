/** The same conversation with the embedded agent and with a language model has the same shape, through the whole server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelServer, PROVIDER_SECRET } from './model-server.ts';
import { allEvents, HttpClient, identities, Server, type Identity, type StreamedEvent } from './server.ts';

const MODEL = 'a-model';

let identity: Identity;
let models: ModelServer;
let embedded: Server;
let modelled: Server;

beforeAll(async () => {
  const [, user] = identities();
  if (user === undefined) throw new Error('The demo has no user.');
  identity = user;
  models = new ModelServer();
  const baseUrl = await models.start();
  embedded = await Server.start();
  modelled = await Server.start(
    ...['--var', 'LLM_PROVIDER:openai-compatible'],
    ...['--var', `LLM_BASE_URL:${baseUrl}`],
    ...['--var', `LLM_MODEL:${MODEL}`],
  );
});

afterAll(async () => {
  await embedded.stop();
  await modelled.stop();
  await models.stop();
});

/** Returns the kinds of events and types of actions of a stream, repetitions as one. */
function shapeOf(events: StreamedEvent[]): string[] {
  const kinds = events.map(({ type, action }) => (action as { type: string } | undefined)?.type ?? type);
  const said = kinds.map((kind) =>
    kind === 'engage-user-message-fragment-generated' ? 'new-message' : kind,
  );
  return said.filter((kind, index) => kind !== said[index - 1]);
}

async function converse(
  server: Server,
): Promise<{ id: string; client: HttpClient; streams: StreamedEvent[][] }> {
  const client = await HttpClient.signIn(server, identity);
  const created = await allEvents(
    await client.post('/conversation/?response_format=text', { service_id: identity.service_ids[0] }),
  );
  const id = String(created[0]?.conversation_id);
  return { id, client, streams: [created, await allEvents(await client.interact(id, 'Xyzzy plugh.'))] };
}

describe('a conversation', () => {
  it('has the same shape with a language model as with the embedded agent', async () => {
    const speak = (text: string) => ({
      type: 'speak' as const,
      deltas: ['{"action": 0}\n', ...text.split(/(?= )/)],
    });
    models.script({ [MODEL]: [speak('Hello, how can I help you?'), speak('Could you say that again?')] });
    const plain = await converse(embedded);
    const spoken = await converse(modelled);
    expect(spoken.streams.map(shapeOf)).toEqual(plain.streams.map(shapeOf));
    expect(spoken.streams[0]?.at(-1)).toMatchObject({ full_message: 'Hello, how can I help you?' });
    expect(spoken.streams[1]?.at(-1)).toMatchObject({ full_message: 'Could you say that again?' });

    const complete = spoken.streams[1]?.at(-1);
    const path = `/conversation/${spoken.id}/interaction/${String(complete?.interaction_id)}/insights`;
    const insights = await spoken.client.get<{ model_calls: Record<string, unknown>[] }>(path);
    // A plain turn is one call of one model.
    expect(insights.model_calls).toMatchObject([{ model: MODEL, input_tokens: 120, output_tokens: 12 }]);
    expect(models.requests).toHaveLength(2);
  });

  it('continues after a turn that a failing model ended with an error without details of the provider', async () => {
    const client = await HttpClient.signIn(modelled, identity);
    const { conversations } = await client.get<{ conversations: { id: string; num_messages: number }[] }>(
      '/conversation/?is_finished=false',
    );
    const [open] = conversations;
    if (open === undefined) throw new Error('The conversation is gone.');
    const { id, num_messages } = open;
    models.script({
      [MODEL]: [
        { type: 'status', status: 500 },
        { type: 'status', status: 500 },
      ],
    });
    const failed = await allEvents(await client.interact(id, 'Hello?'));
    expect(failed.at(-1)).toMatchObject({ type: 'error', http_error_code: 502, code: 'model_unavailable' });
    expect(JSON.stringify(failed) + modelled.output).not.toContain(PROVIDER_SECRET);
    models.script({ [MODEL]: [{ type: 'speak', deltas: ['Here I am again.'] }] });
    const again = await allEvents(await client.interact(id, 'Hello?'));
    expect(again.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: 'Here I am again.' });
    const after = await client.get<{ conversations: { num_messages: number }[] }>(`/conversation/?id=${id}`);
    expect(after.conversations[0]?.num_messages).toBe(num_messages + 2);
  });
});
