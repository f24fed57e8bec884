/** A chat as a client of AG-UI holds it: the protocol's own `HttpAgent`, which checks every event and their order. */
import { HttpAgent, type AgentSubscriber, type BaseEvent } from '@ag-ui/client';
import { exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newUser, publishTestOrganization, type Client } from '../../support/client.ts';
import { ORGANIZATION, SERVICE } from '../../support/organization.ts';

const { default: worker } = exports as unknown as { default: Fetcher };
const URL = `http://localhost/v1/${ORGANIZATION}/service/${SERVICE}/ag-ui`;

beforeAll(publishTestOrganization);

async function agentOf(client: Client, threadId = 'thread'): Promise<HttpAgent> {
  return new HttpAgent({
    url: URL,
    headers: { authorization: await client.authorization() },
    threadId,
    fetch: (url, init) => worker.fetch(url, init),
  });
}

/** Says something by the agent. Returns the events. */
async function run(
  agent: HttpAgent,
  content: string,
  subscriber: AgentSubscriber = {},
): Promise<BaseEvent[]> {
  const events: BaseEvent[] = [];
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content });
  await agent.runAgent({}, { ...subscriber, onEvent: ({ event }) => void events.push(event) });
  return events;
}

interface Chat {
  messages: { role: string; parts: { text: string }[] }[];
}

/** The stored messages of a chat: who said what. */
async function stored(client: Client, thread = 'thread'): Promise<[role: string, text: string][]> {
  const { messages } = await client.get<Chat>(`/service/${SERVICE}/chat/${thread}`);
  return messages.map(({ role, parts }) => [role, parts.map(({ text }) => text).join('')]);
}

function kept({ messages }: HttpAgent): unknown[] {
  return messages.map(({ role, content }) => [role, content]);
}

describe('a client of AG-UI', () => {
  it('holds a chat, and keeps the messages that are stored', async () => {
    const user = await newUser();
    const agent = await agentOf(user);
    const events = await run(agent, 'I would like apples');
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['RUN_STARTED', 'RUN_FINISHED']);
    expect(events.map(({ type }) => type)).toContain('STEP_STARTED');
    await run(agent, 'what?');
    expect(kept(agent)).toEqual(await stored(user));
    expect(agent.messages).toHaveLength(4);
  });

  it('gets the same answer when it sends a message again, also in the other protocol', async () => {
    const user = await newUser();
    const agent = await agentOf(user);
    await run(agent, 'I would like apples');
    const again = await agentOf(user);
    again.setMessages(agent.messages.slice(0, 1));
    await again.runAgent();
    expect(again.messages).toEqual(agent.messages);
    const message = {
      id: agent.messages[0]?.id,
      role: 'user',
      parts: [{ type: 'text', text: 'I would like apples' }],
    };
    const chat = await user.post(`/service/${SERVICE}/chat`, { id: 'thread', messages: [message] });
    expect(await chat.text()).toContain(`"text-start","id":"${agent.messages[1]?.id}"`);
    expect(await stored(user)).toHaveLength(2);
  });

  it('is told that its run was cancelled when the answer is stopped, of which it keeps what was said', async () => {
    const user = await newUser();
    const agent = await agentOf(user);
    const stops: Promise<Response>[] = [];
    const events = await run(agent, '[say One two.] [wait agui1] [long 3] what?', {
      onTextMessageContentEvent: ({ event }) => {
        if (event.delta !== 'One two.') return;
        stops.push(user.post(`/service/${SERVICE}/chat/thread/stop`, {}));
      },
    });
    expect(events.at(-1)).toMatchObject({ type: 'RUN_FINISHED', outcome: { type: 'cancelled' } });
    expect(await Promise.all(stops)).toMatchObject([{ status: 200 }]);
    expect(kept(agent)).toEqual(await stored(user));
  });

  it('is told the code of an error, and can say the message again', async () => {
    const user = await newUser();
    const agent = await agentOf(user);
    await run(agent, 'pears');
    const events = await run(agent, '[fail] what?').catch((error: unknown) => error);
    expect(JSON.stringify(events)).toContain('turn_failed');
    expect(await stored(user)).toHaveLength(2);
  });

  it.each([
    [
      'an image',
      [{ type: 'image' as const, source: { type: 'url' as const, value: 'https://example.com/a.png' } }],
    ],
    ['nothing', []],
  ])('is refused %s: 422, and nothing is stored', async (_what, content) => {
    const user = await newUser();
    const agent = await agentOf(user);
    agent.addMessage({ id: 'm', role: 'user', content });
    await expect(agent.runAgent()).rejects.toThrow('422');
    await expect(stored(user)).rejects.toThrow('conversation_not_found');
  });
});
