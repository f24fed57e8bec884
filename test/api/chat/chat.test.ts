/** The chat operations over the routes: whose chat it is, what counts, and what is stored. */
import { beforeAll, describe, expect, it } from 'vitest';
import { UiMessageChunk } from '../../../src/contract/ui-message-stream.ts';
import { newUser, publishTestOrganization, type Client } from '../../support/client.ts';
import { SERVICE } from '../../support/organization.ts';
import { Tenant } from '../../support/tenant.ts';

const CHAT = `/service/${SERVICE}/chat`;

beforeAll(publishTestOrganization);

function said(text: string, id: string = crypto.randomUUID()): Record<string, unknown> {
  return { id, role: 'user', parts: [{ type: 'text', text }] };
}

function send(client: Client, chat: string, message: unknown, more: Record<string, unknown> = {}) {
  return client.post(CHAT, { id: chat, messages: [message], ...more });
}

/** The chunks of an answer, each of which the document describes; it ends with `[DONE]`. */
async function chunksOf(response: Response): Promise<UiMessageChunk[]> {
  const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
  const data = events.map((event) => event.slice('data: '.length));
  expect(data.at(-1)).toBe('[DONE]');
  return data.slice(0, -1).map((text) => UiMessageChunk.parse(JSON.parse(text)));
}

async function conversationsOf(client: Client): Promise<{ id: string; is_finished: boolean }[]> {
  interface Answer {
    conversations: { id: string; is_finished: boolean }[];
  }
  return (await client.get<Answer>('/conversation/?sort_by=%2Bcreated_at')).conversations;
}

describe('a message of a chat', () => {
  it('is answered by a stream that clients of the AI SDK know by its headers', async () => {
    const response = await send(await newUser(), 'chat', said('Hello.'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-vercel-ai-ui-message-stream')).toBe('v1');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const types = (await chunksOf(response)).map(({ type }) => type);
    expect(types[0]).toBe('start');
    expect(types.slice(-2)).toEqual(['text-end', 'finish']);
  });

  it('shows what the agent does only to users who may see it', async () => {
    const conditions = {
      org_id: { type: 'Equals', value: '{self_org_id}' },
      user_id: { type: 'Equals', value: '{self_user_id}' },
    } as const;
    const talking = [
      ...(['Conversation:CreateConversation', 'Conversation:InteractWithConversation'] as const),
      ...(['Conversation:GetConversation', 'Conversation:GetMessage', 'User:UpdateUserInfo'] as const),
    ];
    const roles = [
      { name: 'Talker', permissions: talking },
      { name: 'Watcher', permissions: [...talking, 'Conversation:GetInteractionInsights' as const] },
    ].map(({ name, permissions }) => ({
      name,
      description: 'For tests.',
      permission_grants: permissions.map((permission_name) => ({ permission_name, conditions })),
    }));
    const tenant = await Tenant.publish({ roles });
    const actions = roles.map(async ({ name }) => {
      const chunks = await chunksOf(await send(await tenant.user({ role: name }), 'chat', said('Hello.')));
      return chunks.some(({ type }) => type === 'data-agent-action');
    });
    expect(await Promise.all(actions)).toEqual([false, true]);
  });

  it('is said once when it is sent ten times at once, as the first one and as a further one', async () => {
    const client = await newUser();
    for (const message of [said('Hello.'), said('And then?')]) {
      const responses = await Promise.all(Array.from({ length: 10 }, () => send(client, 'chat', message)));
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
      const answers = await Promise.all(responses.map(chunksOf));
      expect(new Set(answers.map((chunks) => JSON.stringify(chunks))).size).toBe(1);
    }
    const [conversation, ...others] = await conversationsOf(client);
    expect(others).toEqual([]);
    interface Messages {
      messages: { message_type: string }[];
    }
    const { messages } = await client.get<Messages>(`/conversation/${conversation?.id}/messages/`);
    expect(messages.filter(({ message_type }) => message_type === 'user-message')).toHaveLength(2);
  });

  it('leads to a conversation of the user alone, whatever the chat is called', async () => {
    const [one, other] = [await newUser(), await newUser()];
    await chunksOf(await send(one, 'same', said('Hello.')));
    expect((await other.request(`${CHAT}/same`)).status).toBe(404);
    expect((await other.request(`${CHAT}/same/stream`)).status).toBe(204);
    await chunksOf(await send(other, 'same', said('Hello.')));
    const ids = [await conversationsOf(one), await conversationsOf(other)].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('finishes the older conversation when it begins a new chat', async () => {
    const client = await newUser();
    const { id } = await client.begin();
    await chunksOf(await send(client, 'new', said('Hello.')));
    const conversations = await conversationsOf(client);
    expect(conversations.map(({ is_finished }) => is_finished)).toEqual([true, false]);
    expect(conversations[0]?.id).toBe(id);
    const { is_finished } = await client.get<{ is_finished: boolean }>(`${CHAT}/new`);
    expect(is_finished).toBe(false);
  });

  it('is refused for a service that does not exist, and stores nothing', async () => {
    const client = await newUser();
    const response = await client.post(`/service/${'0'.repeat(24)}/chat`, {
      id: 'chat',
      messages: [said('Hello.')],
    });
    expect(response.status).toBe(404);
    expect(await conversationsOf(client)).toEqual([]);
  });

  it.each<[string, unknown, (string | number)[]]>([
    ['a part that is no text', { id: 'm', role: 'user', parts: [{ type: 'file' }] }, ['parts', 0, 'type']],
    ['a role that does not speak', { ...said('Hello.'), role: 'assistant' }, ['role']],
    ['no parts', { ...said('Hello.'), parts: [] }, ['parts']],
    ['an identifier with a space', said('Hello.', 'a b'), ['id']],
  ])('with %s is refused by the place of its fault', async (_what, message, place) => {
    const response = await client422(await newUser(), message);
    expect(response.errors[0]?.loc).toEqual(['body', 'messages', 0, ...place]);
  });

  async function client422(client: Client, message: unknown) {
    const response = await send(client, 'chat', message);
    expect(response.status).toBe(422);
    expect(await conversationsOf(client)).toEqual([]);
    return response.json<{ errors: { loc: (string | number)[] }[] }>();
  }

  it('is read whole when it has several texts, and is bounded as a whole', async () => {
    const client = await newUser();
    const parts = (length: number) => ['one', 'x'.repeat(length)].map((text) => ({ type: 'text', text }));
    const message = (length: number) => ({ id: `m${length}`, role: 'user', parts: parts(length) });
    expect((await send(client, 'chat', message(32 * 1024 - 3))).status).toBe(422);
    await chunksOf(await send(client, 'chat', message(10)));
    const { messages } = await client.get<{ messages: { parts: { text: string }[] }[] }>(`${CHAT}/chat`);
    expect(messages[0]?.parts).toEqual([{ type: 'text', text: `one\n${'x'.repeat(10)}` }]);
  });
});
