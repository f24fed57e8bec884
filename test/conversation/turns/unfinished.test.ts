/** Creates that find an unfinished conversation: refused, going on with it, or after its end. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  newUser,
  parseLines,
  publishTestOrganization,
  type Client,
  type StreamedEvent,
} from '../../support/client.ts';
import { SERVICE } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { PartialStream } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

function create(
  client: Client,
  on_unfinished: string,
  body: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return client.request(`/conversation/?response_format=text&on_unfinished=${on_unfinished}`, {
    method: 'POST',
    body: JSON.stringify({ service_id: SERVICE, ...body }),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  return parseLines(await response.text());
}

function kinds(events: StreamedEvent[]): string[] {
  return [...new Set(events.map(({ type }) => type))];
}

async function numberOf(client: Client): Promise<number> {
  return (await client.get<{ conversations: unknown[] }>('/conversation/')).conversations.length;
}

describe('a create beside an unfinished conversation', () => {
  it('is refused by default, as the published API has it', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const answer of [await user.create(), await create(user, 'reject')]) {
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { code: 'conversation_open', conversation_id: id },
      ]);
    }
  });

  it('shows the latest interaction of it in the shape of a create, when it resumes', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const said = await user.say(id, 'what?');
    const answer = await create(user, 'resume');
    expect(answer.status).toBe(200);
    const events = await eventsOf(answer);
    expect(events[0]).toMatchObject({
      type: 'conversation-created',
      conversation_id: id,
      resumed: true,
      cursor: 0,
    });
    expect(kinds(events)).not.toContain('user-message-available');
    expect(events.slice(1)).toEqual(said.filter(({ type }) => type !== 'user-message-available'));
    expect(await numberOf(user)).toBe(1);
  });

  it('joins the turn that runs, when it resumes', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const running = new PartialStream(await user.interact(id, '[wait resumes] what?'));
    await running.until('new-message');
    const resumed = await create(user, 'resume');
    openGate('resumes');
    const events = await eventsOf(resumed);
    await running.until(null);
    expect(events.at(-1)).toEqual(running.events.at(-1));
    expect(events[0]).toMatchObject({ conversation_id: id, resumed: true });
  });

  it('says its message in it, when it resumes with one, and once for a key', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const body = { initial_message: 'I would like apples' };
    const events = await eventsOf(await create(user, 'resume', body, { 'idempotency-key': 'resume' }));
    expect(events[0]).toMatchObject({ type: 'conversation-created', conversation_id: id, resumed: true });
    expect(events.at(-1)).toMatchObject({ full_message: 'How many apples?' });
    expect(kinds(events)).not.toContain('user-message-available');
    const again = await create(user, 'resume', body, { 'idempotency-key': 'resume' });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await eventsOf(again)).toEqual(events);
    const { messages } = await user.get<{ messages: unknown[] }>(`/conversation/${id}/messages/`);
    expect(messages).toHaveLength(3);
  });

  it('is a new conversation after the end of it, when it finishes', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = await eventsOf(await create(user, 'finish'));
    expect(events[0]?.conversation_id).not.toBe(id);
    expect(events[0]?.resumed).toBeUndefined();
    const { conversations } = await user.get<{ conversations: { id: string; is_finished: boolean }[] }>(
      '/conversation/',
    );
    expect(conversations.map((one) => one.is_finished)).toEqual([false, true]);
  });

  it('is refused while a turn of it runs, when it finishes', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const running = new PartialStream(await user.interact(id, '[wait finishes] what?'));
    await running.until('new-message');
    expect((await create(user, 'finish')).status).toBe(409);
    openGate('finishes');
    await running.until(null);
  });
});

describe('a create beside nothing', () => {
  it.each(['reject', 'resume', 'finish'])(
    'is a new conversation with on_unfinished=%s',
    async (on_unfinished) => {
      const user = await newUser();
      const answer = await create(user, on_unfinished);
      expect(answer.status).toBe(201);
      const events = await eventsOf(answer);
      expect(events[0]?.resumed).toBeUndefined();
      expect(events.at(-1)?.type).toBe('interaction-complete');
      expect(await numberOf(user)).toBe(1);
    },
  );
});
