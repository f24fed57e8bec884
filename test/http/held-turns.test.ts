/** A client that sends again by its key, against a server that is killed in the middle of turns. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, HttpClient, identities, Server, type StreamedEvent } from './server.ts';

/** The kills. Each takes about as long as a start of the server. */
const KILLS = 4;

let server: Server;
const [identity] = identities();

beforeAll(async () => {
  // Slow enough to be killed in the middle of an answer.
  server = await Server.start('--var', 'EMBEDDED_PACE_MS:150', '--var', 'RATE_LIMITS:off');
});

afterAll(async () => {
  await server.stop();
});

async function client(): Promise<HttpClient> {
  if (identity === undefined) throw new Error('The demo has no identity.');
  return HttpClient.signIn(server, identity);
}

function sayWith(user: HttpClient, key: string, id: string, text: string): Promise<Response> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', text);
  const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
  return user.request(path, { method: 'POST', body, headers: { 'idempotency-key': key } });
}

/** Reads a stream until it has so many events, or ends or breaks. */
async function firstEvents(response: Response, count: number): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  try {
    for await (const event of eventsOf(response)) if (events.push(event) >= count) break;
  } catch {
    // The connection broke: the client sends again.
  }
  return events;
}

describe('a client that sends again by its key', () => {
  it('gets each message answered once, however often the server is killed in a turn', async () => {
    const user = await client();
    await user.finishAll();
    const service_id = identity?.service_ids[0];
    const created = await firstEvents(
      await user.post('/conversation/?response_format=text', { service_id }),
      Infinity,
    );
    const id = String(created[0]?.conversation_id);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const text = `This is message number ${kill}.`;
      const before = await firstEvents(await sayWith(user, `key-${kill}`, id, text), 2 + kill);
      expect(before[0]).toMatchObject({ type: 'user-message-available', user_message: text });
      await server.kill();
      await server.start();
      const again = await sayWith(await client(), `key-${kill}`, id, text);
      expect(again.status).toBe(200);
      const events = await firstEvents(again, Infinity);
      expect(events[0]).toMatchObject({ message_id: before[0]?.message_id, user_message: text });
      expect(events.at(-1)).toMatchObject({
        type: 'interaction-complete',
        interaction_id: before[0]?.interaction_id,
      });
    }
    const { messages } = await (
      await client()
    ).get<{ messages: { message: string; message_type: string }[] }>(
      `/conversation/${id}/messages/?sort_by=%2Bcreated_at&limit=100`,
    );
    const sent = messages.filter(({ message_type }) => message_type === 'user-message');
    expect(sent.map(({ message }) => message)).toEqual(
      Array.from({ length: KILLS }, (_, index) => `This is message number ${index + 1}.`),
    );
    expect(messages.filter(({ message_type }) => message_type === 'agent-message')).toHaveLength(KILLS + 1);
  });
});
