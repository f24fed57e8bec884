/** The same conversation with the embedded agent and with a language model has the same shape, through the whole server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelServer, PROVIDER_SECRET } from './model-server.ts';
import { allEvents, HttpClient, identities, Server, type Identity, type StreamedEvent } from './server.ts';

const MODEL = 'a-model';
const OPERATOR_TOKEN = 'the-operator-token-of-tests-0123456789';

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
    ...['--var', `OPERATOR_TOKEN:${OPERATOR_TOKEN}`],
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

/** Reads a file of an organization. */
async function fileOf(path: string) {
  const text = await readFile(join(import.meta.dirname, '../..', path), 'utf8');
  return JSON.parse(text) as {
    organization: Record<string, unknown> & { id: string };
    users: { id: string }[];
    services: { id: string }[];
    api_keys?: unknown[];
  };
}

/** Publishes the fruit stall with a budget of so many tokens a month, and the key of the demo. Returns its user. */
async function limited(tokens: number): Promise<Identity> {
  const { api_keys = [] } = await fileOf('seed/riverside-clinic.json');
  const stall = await fileOf('examples/fruit-stall.json');
  const { id: organization } = stall.organization;
  const budgets = [{ scope: 'organization', period: 'month', tokens }];
  const response = await fetch(`${modelled.url}/v1/${organization}/organization/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${OPERATOR_TOKEN}` },
    body: JSON.stringify({ ...stall, api_keys, organization: { ...stall.organization, budgets } }),
  });
  expect(await response.text()).toContain('"revision"');
  const service_ids = stall.services.map(({ id }) => id);
  return { ...identity, organization, user_id: stall.users[0]?.id ?? '', service_ids };
}

describe('a budget that ends in the middle of an answer', () => {
  it('ends the answer as a stop does, keeps what was said, and refuses the next turn', async () => {
    const user = await limited(3_000);
    const client = await HttpClient.signIn(modelled, user);
    models.script({
      [MODEL]: [
        { type: 'speak', deltas: ['{"action": 0}\nHello.'] },
        { type: 'drone', head: '{"action": 0}\nWell', word: ' and so on' },
      ],
    });
    const created = await allEvents(
      await client.post('/conversation/?response_format=text', { service_id: user.service_ids[0] }),
    );
    const id = String(created[0]?.conversation_id);
    const events = await allEvents(await client.interact(id, 'Tell me everything.'));
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'interaction-complete', stopped: true, stop_cause: 'budget' });
    const said = String(last?.full_message);
    expect(said).toMatch(/^Well(?: and so on)+/);
    // The pieces that were streamed are what is kept, and a strict client knows the end of the message.
    const pieces = events.filter(({ type }) => type === 'new-message');
    expect(pieces.map(({ message }) => message).join('')).toBe(said);
    expect(pieces.at(-1)).toMatchObject({ stop: true });
    // The provider was told how much it may write, and was left when that was used up.
    expect(models.requests.at(-1)?.['max_tokens']).toBeLessThan(3_000);
    await expect.poll(() => models.aborted).toBe(1);
    const { messages } = await client.get<{ messages: { message: string }[] }>(
      `/conversation/${id}/messages/`,
    );
    expect(messages.map(({ message }) => message)).toContain(said);

    const refused = await client.interact(id, 'Go on.');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
    expect(await refused.json()).toMatchObject({
      code: 'budget_exhausted',
      resets_at: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00/) as string,
    });
    expect(models.requests).toHaveLength(2);
  });
});
