/** The chat operations as the AI SDK uses them: its own transport and reader against the started server. */
import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, identities, Server, type Identity } from './server.ts';

const QUESTION = 'I would like to book an appointment';

interface Metadata {
  conversation_id: string;
  interaction_id: string;
  message_id?: string;
  stopped?: boolean;
}

type Message = UIMessage<Metadata>;

let server: Server;
let client: HttpClient;
let visitor: Identity;
let api: string;
let transport: DefaultChatTransport<Message>;
/** A fresh chat for each test. */
let chatId: string;

beforeAll(async () => {
  server = await Server.start('--var', 'RATE_LIMITS:off', '--var', 'EMBEDDED_PACE_MS:60');
  const [, identity] = identities();
  if (identity === undefined) throw new Error('The demo has no visitor.');
  visitor = identity;
  client = await HttpClient.signIn(server, visitor);
  api = `${server.url}/v1/${visitor.organization}/service/${visitor.service_ids[0] ?? ''}/chat`;
  transport = transportOf(client);
});

afterAll(() => server.stop());

beforeEach(() => {
  chatId = crypto.randomUUID();
});

function transportOf({ authorization }: HttpClient): DefaultChatTransport<Message> {
  const [name = '', value = ''] = authorization.split(': ');
  return new DefaultChatTransport<Message>({ api, headers: { [name]: value } });
}

function userMessage(text: string): Message {
  return { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] };
}

function send(
  messages: Message[],
  options: { chat?: string; abortSignal?: AbortSignal; by?: DefaultChatTransport<Message> } = {},
): Promise<ReadableStream<UIMessageChunk>> {
  const { chat = chatId, abortSignal, by = transport } = options;
  return by.sendMessages({
    chatId: chat,
    messages,
    trigger: 'submit-message',
    messageId: undefined,
    abortSignal,
  });
}

/** The message as it is when its stream has ended. Throws what the stream says went wrong. */
async function lastOf(stream: ReadableStream<UIMessageChunk>): Promise<Message> {
  let last: Message | null = null;
  for await (const message of readUIMessageStream<Message>({ stream, terminateOnError: true }))
    last = message;
  if (last === null) throw new Error('The stream had no message.');
  return last;
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

async function chunksOf(stream: ReadableStream<UIMessageChunk>): Promise<UIMessageChunk[]> {
  const chunks: UIMessageChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** Reads until the agent has begun to speak; the rest of the stream is left. */
async function untilSpeaking(stream: ReadableStream<UIMessageChunk>): Promise<UIMessageChunk[]> {
  const chunks: UIMessageChunk[] = [];
  const reader = stream.getReader();
  while (chunks.at(-1)?.type !== 'text-delta') {
    const { value } = await reader.read();
    if (value === undefined) throw new Error('The stream ended.');
    chunks.push(value);
  }
  reader.releaseLock();
  return chunks;
}

interface Stored {
  conversation_id: string;
  messages: Message[];
}

function storedChat(chat = chatId): Promise<Stored> {
  return client.get<Stored>(`/service/${visitor.service_ids[0] ?? ''}/chat/${chat}`);
}

describe('sending', () => {
  it('begins a conversation with the first message, and goes on in it with the others', async () => {
    const first = userMessage(QUESTION);
    const answer = await lastOf(await send([first]));
    expect(answer).toMatchObject({ role: 'assistant', id: answer.metadata?.interaction_id });
    expect(textOf(answer).length).toBeGreaterThan(10);
    const second = await lastOf(await send([first, answer, userMessage('It is for my yearly check-up')]));
    expect(second.metadata?.conversation_id).toBe(answer.metadata?.conversation_id);
    const { conversation_id, messages } = await storedChat();
    expect(conversation_id).toBe(answer.metadata?.conversation_id);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(messages.map(textOf)).toEqual([
      QUESTION,
      textOf(answer),
      'It is for my yearly check-up',
      textOf(second),
    ]);
    expect(messages[1]?.id).toBe(answer.id);
  });

  it('says a message once, however often it is sent, and gives each request the same answer', async () => {
    const first = userMessage(QUESTION);
    const streams = await Promise.all(Array.from({ length: 5 }, () => send([first])));
    const answers = await Promise.all(streams.map(lastOf));
    expect(new Set(answers.map(textOf)).size).toBe(1);
    const again = await lastOf(await send([first]));
    expect(answers.map(textOf)).toContain(textOf(again));
    const next = userMessage('It is for my yearly check-up');
    const both = await Promise.all([send([next]), send([next])].map(async (stream) => lastOf(await stream)));
    expect(new Set(both.map(textOf)).size).toBe(1);
    expect((await storedChat()).messages).toHaveLength(4);
  });

  it('refuses another text under the identifier of a message that was said', async () => {
    const first = userMessage(QUESTION);
    await lastOf(await send([first]));
    const changed: Message = { ...first, parts: [{ type: 'text', text: 'Something else' }] };
    await expect(send([changed])).rejects.toMatchObject({
      statusCode: 422,
      responseBody: expect.stringContaining('idempotency_key_reused') as string,
    });
    expect((await storedChat()).messages).toHaveLength(2);
  });

  it('finishes the conversation of an older chat when another one begins', async () => {
    const older = await lastOf(await send([userMessage(QUESTION)]));
    const other = crypto.randomUUID();
    const newer = await lastOf(await send([userMessage('Where can I park?')], { chat: other }));
    expect(newer.metadata?.conversation_id).not.toBe(older.metadata?.conversation_id);
    await expect(send([userMessage('Hello?')])).rejects.toMatchObject({
      statusCode: 409,
      responseBody: expect.stringContaining('conversation_finished') as string,
    });
  });

  it('keeps the chats of two users apart, although their identifiers are the same', async () => {
    const [, , third] = identities();
    const other = await HttpClient.signIn(server, third ?? visitor);
    const mine = await lastOf(await send([userMessage(QUESTION)]));
    const theirs = await lastOf(await send([userMessage(QUESTION)], { by: transportOf(other) }));
    expect(theirs.metadata?.conversation_id).not.toBe(mine.metadata?.conversation_id);
  });
});

describe('what cannot be said', () => {
  const FILE = { type: 'file' as const, mediaType: 'image/png', url: 'data:image/png;base64,AA==' };

  it.each<[string, Message[]]>([
    ['a file', [{ ...userMessage(QUESTION), parts: [FILE] }]],
    ['a file beside a text', [{ ...userMessage(QUESTION), parts: [{ type: 'text', text: 'See' }, FILE] }]],
    ['nothing', [{ ...userMessage(QUESTION), parts: [] }]],
    ['a last message of the agent', [userMessage(QUESTION), { id: 'a', role: 'assistant', parts: [] }]],
    ['no message', []],
  ])('is %s: 422, and nothing is stored', async (_what, messages) => {
    await expect(send(messages)).rejects.toMatchObject({ statusCode: 422 });
    await expect(storedChat()).rejects.toThrow('conversation_not_found');
  });

  it('is a text of which nothing can be seen: 400', async () => {
    await expect(send([userMessage(' \u200b ')])).rejects.toMatchObject({ statusCode: 400 });
  });

  it('is an answer that is to be made again: 422', async () => {
    const asked = transport.sendMessages({
      chatId,
      messages: [userMessage(QUESTION)],
      trigger: 'regenerate-message',
      messageId: undefined,
      abortSignal: undefined,
    });
    await expect(asked).rejects.toMatchObject({ statusCode: 422 });
  });

  it('is a chat that is not named by visible ASCII: 422', async () => {
    await expect(send([userMessage(QUESTION)], { chat: 'a b' })).rejects.toMatchObject({ statusCode: 422 });
  });
});

describe('reconnecting', () => {
  it('follows a running answer from its beginning, after the connection was cut', async () => {
    const cut = new AbortController();
    const stream = await send([userMessage(QUESTION)], { abortSignal: cut.signal });
    const before = await untilSpeaking(stream);
    cut.abort();
    const again = await transport.reconnectToStream({ chatId });
    if (again === null) throw new Error('No turn was running.');
    const chunks = await chunksOf(again);
    expect(chunks.slice(0, before.length)).toEqual(before);
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
    expect((await storedChat()).messages).toHaveLength(2);
  });

  it('gives two tabs one answer', async () => {
    const stream = await send([userMessage(QUESTION)]);
    const seen = await untilSpeaking(stream);
    const second = await transport.reconnectToStream({ chatId });
    if (second === null) throw new Error('No turn was running.');
    const [rest, whole] = await Promise.all([chunksOf(stream), chunksOf(second)]);
    expect(whole).toEqual([...seen, ...rest]);
  });

  it('is told that nothing runs, before the first message and after an answer', async () => {
    expect(await transport.reconnectToStream({ chatId })).toBeNull();
    await lastOf(await send([userMessage(QUESTION)]));
    expect(await transport.reconnectToStream({ chatId })).toBeNull();
  });
});

describe('stopping', () => {
  function stop(body?: unknown): Promise<Response> {
    const path = `/service/${visitor.service_ids[0] ?? ''}/chat/${chatId}/stop`;
    return body === undefined ? client.request(path, { method: 'POST' }) : client.post(path, body);
  }

  it('ends the answer in every tab and keeps what was said, and the chat goes on', async () => {
    const stream = await send([userMessage(QUESTION)]);
    const seen = await untilSpeaking(stream);
    const response = await stop();
    expect(response.status).toBe(200);
    const stopped = (await response.json()) as { stopped: boolean; full_message: string };
    expect(stopped).toMatchObject({ stopped: true });
    const chunks = [...seen, ...(await chunksOf(stream))];
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', finishReason: 'interrupted' });
    const said = chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.delta : '')).join('');
    expect(said.startsWith(stopped.full_message)).toBe(true);
    const { messages } = await storedChat();
    expect(messages.map(textOf)).toEqual([QUESTION, stopped.full_message]);
    expect(messages.map(({ metadata }) => metadata?.stopped)).toEqual([undefined, true]);
    await lastOf(await send([userMessage('It is for my yearly check-up')]));
  });

  it('changes nothing where nothing runs', async () => {
    await lastOf(await send([userMessage(QUESTION)]));
    const response = await stop({});
    expect([response.status, await response.json()]).toMatchObject([200, { stopped: false }]);
  });

  it('finds no chat that has not begun: 404', async () => {
    expect((await stop()).status).toBe(404);
  });
});
