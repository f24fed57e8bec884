import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Client,
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  type StreamedEvent,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { hurried } from '../support/faults.ts';
import { ADMIN } from '../support/organization.ts';
import { openGate } from '../support/scripted-reasoner.ts';

interface Conversations {
  conversations: { id: string; num_messages: number; final_message: string; is_finished: boolean }[];
}
interface Messages {
  messages: { id: string; message: string; created_at: string; interaction_id: string }[];
}

beforeAll(publishTestOrganization);

function kinds(events: StreamedEvent[]): string[] {
  return [...new Set(events.map(({ type }) => type))];
}

function spoken(events: StreamedEvent[]): string {
  return events
    .filter(({ type }) => type === 'new-message')
    .map(({ message }) => String(message))
    .join('');
}

/** Reads until the stream has said `part`; the reader is given back for the rest. */
async function readUntil(response: Response, part: string) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(part)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return { reader, text };
}

async function messagesOf(client: Client, id: string): Promise<Messages['messages']> {
  return (await client.get<Messages>(`/conversation/${id}/messages/`)).messages;
}

describe('the stream', () => {
  it('holds the five kinds of create and no other, in order', async () => {
    const user = await newUser();
    const response = await user.create({ initial_message: 'I would like apples' });
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    const events = parseLines(await response.text());
    expect(kinds(events)).toEqual([
      'conversation-created',
      'current-agent-action',
      'new-message',
      'interaction-complete',
    ]);
    expect(events.filter(({ type }) => type === 'interaction-complete')).toHaveLength(1);
  });

  it('begins with the message for an interact and joins to the full message', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = await user.say(id, 'Pears, please');
    expect(events[0]).toMatchObject({ type: 'user-message-available', user_message: 'Pears, please' });
    const pieces = events.filter(({ type }) => type === 'new-message');
    expect(pieces.map(({ sequence_number }) => sequence_number)).toEqual(pieces.map((_, index) => index));
    expect(pieces.map(({ stop }) => stop)).toEqual(pieces.map((_, index) => index === pieces.length - 1));
    const complete = events.at(-1);
    expect(complete).toMatchObject({ type: 'interaction-complete', full_message: 'How many pears?' });
    expect(spoken(events)).toBe(complete?.full_message);
    expect(pieces.every(({ message_id }) => message_id === complete?.message_id)).toBe(true);
    const stored = await messagesOf(user, id);
    expect(stored[0]).toMatchObject({ id: complete?.message_id, message: 'How many pears?' });
    expect(stored[1]).toMatchObject({ id: events[0]?.message_id, message: 'Pears, please' });
  });

  it('tells of navigation before the first piece', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = await user.say(id, 'apples');
    const firstPiece = events.findIndex(({ type }) => type === 'new-message');
    const navigation = events.flatMap(({ action }, index) =>
      (action as { type: string } | undefined)?.type.startsWith('navigate') ? [index] : [],
    );
    expect(navigation.length).toBeGreaterThan(3);
    expect(Math.max(...navigation)).toBeLessThan(firstPiece);
  });

  it('has no message of the user for a skip', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = parseLines(await (await user.interact(id, '', 'skip')).text());
    expect(kinds(events)).not.toContain('user-message-available');
    expect(events.at(-1)?.type).toBe('interaction-complete');
    expect(await messagesOf(user, id)).toHaveLength(2);
  });

  it('sends only the actions that the filter finds', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const none = await user.interact(id, 'apples', 'user-message', '&current_agent_action_type=^$');
    expect(kinds(parseLines(await none.text()))).not.toContain('current-agent-action');
    const some = await user.interact(id, 'hm', 'user-message', '&current_agent_action_type=fragment');
    const actions = parseLines(await some.text()).flatMap(({ action }) => (action ? [action] : []));
    expect(actions.map((action) => (action as { type: string }).type)).toEqual(
      actions.map(() => 'engage-user-message-fragment-generated'),
    );
    expect(actions.length).toBeGreaterThan(0);
  });
});

describe('one turn at a time', () => {
  it('runs exactly one of concurrent interacts and refuses the others, naming the one that runs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = await user.interact(id, '[wait concurrent] apples');
    const others = await Promise.all([1, 2, 3, 4].map(() => user.interact(id, 'pears')));
    expect(others.map(({ status }) => status)).toEqual([409, 409, 409, 409]);
    const refusal = await others[0]!.json<Record<string, string>>();
    expect(refusal.code).toBe('operation_in_progress');
    expect(new Date(refusal.since!).getTime()).toBeLessThanOrEqual(Date.now());
    openGate('concurrent');
    const events = parseLines(await first.text());
    expect(events.at(-1)).toMatchObject({
      type: 'interaction-complete',
      interaction_id: refusal.interaction_id,
    });
    expect(await messagesOf(user, id)).toHaveLength(3);
  });

  it('refuses finish, tags excepted, while a turn runs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const turn = await user.interact(id, '[wait finish] apples');
    const finish = await user.post(`/conversation/${id}/finish/`);
    expect([finish.status, (await finish.json<{ code: string }>()).code]).toEqual([
      409,
      'operation_in_progress',
    ]);
    expect((await user.post(`/conversation/${id}/tags/`, { updates: { during: 'turn' } })).status).toBe(204);
    openGate('finish');
    await turn.text();
    const { conversations } = await user.get<{ conversations: { tags: unknown; num_messages: number }[] }>(
      '/conversation/',
    );
    expect(conversations[0]).toMatchObject({ tags: { during: 'turn' }, num_messages: 3 });
  });

  it('admits the next turn as soon as the client is told of the end', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (const text of ['what?', 'how?', 'why?']) {
      const { reader, text: streamed } = await readUntil(
        await user.interact(id, text),
        'interaction-complete',
      );
      expect(streamed).toContain('interaction-complete');
      void reader.cancel();
    }
    expect(await messagesOf(user, id)).toHaveLength(7);
  });

  it('makes exactly one of concurrent creates', async () => {
    const user = await newUser();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => user.create()));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses[0]).toBe(201);
    expect(statuses.slice(1).every((status) => status === 400 || status === 409)).toBe(true);
    await Promise.all(answers.map((answer) => answer.text()));
    const { conversations } = await user.get<Conversations>('/conversation/');
    expect(conversations).toHaveLength(1);
  });

  it('refuses a create beside an unfinished conversation and names it', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const refusal = await user.create();
    expect(refusal.status).toBe(400);
    expect(await refusal.json()).toMatchObject({ code: 'conversation_open', conversation_id: id });
  });

  it('answers 409 to a create while another one is running', async () => {
    const user = await newUser();
    const first = await user.create({ initial_message: '[wait create] apples' });
    const second = await user.create();
    expect([second.status, (await second.json<{ code: string }>()).code]).toEqual([
      409,
      'operation_in_progress',
    ]);
    openGate('create');
    expect(parseLines(await first.text()).at(-1)?.type).toBe('interaction-complete');
  });
});

describe('a client that leaves', () => {
  it('changes nothing: the turn runs to its end', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { reader } = await readUntil(await user.interact(id, '[wait leaver] apples'), 'new-message');
    await reader.cancel();
    openGate('leaver');
    await expect.poll(async () => (await messagesOf(user, id)).length, { timeout: 2000 }).toBe(3);
    const { conversations } = await user.get<Conversations>('/conversation/');
    expect(conversations[0]?.num_messages).toBe(3);
  });
});

describe('a failure before the commit', () => {
  it('ends in an error event without a word of the cause, and leaves nothing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = await user.say(id, '[fail] apples');
    expect(events.at(-1)).toEqual({
      type: 'error',
      http_error_code: 500,
      error_description: 'The agent could not answer. Nothing was stored; try again.',
      code: 'turn_failed',
      cursor: expect.any(Number),
    });
    expect(await messagesOf(user, id)).toHaveLength(1);
    const again = await user.say(id, 'apples');
    expect(again.at(-1)).toMatchObject({ type: 'interaction-complete', full_message: 'How many apples?' });
  });

  it('leaves no conversation of a create, and the next create is admitted at once', async () => {
    const user = await newUser();
    const failed = parseLines(await (await user.create({ initial_message: '[fail]' })).text());
    expect(failed.map(({ type }) => type)).toContain('conversation-created');
    expect(failed.at(-1)?.type).toBe('error');
    const gone = await user.request(`/conversation/${String(failed[0]?.conversation_id)}/messages/`);
    expect(gone.status).toBe(404);
    expect((await user.get<Conversations>('/conversation/')).conversations).toEqual([]);
    expect((await user.begin()).id).not.toBe(failed[0]?.conversation_id);
  });

  it('is what a turn past its deadline is', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const hurry = hurried();
    const events = await user.say(id, '[hang] apples');
    hurry.end();
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      http_error_code: 504,
      code: 'turn_deadline_exceeded',
    });
    expect((await user.say(id, 'apples')).at(-1)?.type).toBe('interaction-complete');
  });

  it('leaves nothing of an interact when it is a crash, and the conversation goes on', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const { reader } = await readUntil(await user.interact(id, '[wait never1] apples'), 'new-message');
    await abortAllDurableObjects();
    await reader.cancel().catch(() => undefined);
    expect(await messagesOf(user, id)).toHaveLength(1);
    expect((await user.say(id, 'apples')).at(-1)?.type).toBe('interaction-complete');
  });

  it('is cleaned up by the alarm when a create crashed', async () => {
    const user = await newUser();
    const { reader, text } = await readUntil(
      await user.create({ initial_message: '[wait never2]' }),
      'new-message',
    );
    await abortAllDurableObjects();
    await reader.cancel().catch(() => undefined);
    const id = String(parseLines(text.slice(0, text.lastIndexOf('\n')))[0]?.conversation_id);
    expect((await user.request(`/conversation/${id}/messages/`)).status).toBe(404);
    expect(await runDurableObjectAlarm(conversationObject(id))).toBe(true);
    expect(await runDurableObjectAlarm(conversationObject(id))).toBe(false);
    await user.begin();
  });

  it('is cleaned up by the next create when a create crashed, without waiting for the alarm', async () => {
    const user = await newUser();
    const { reader } = await readUntil(
      await user.create({ initial_message: '[wait never3]' }),
      'new-message',
    );
    await abortAllDurableObjects();
    await reader.cancel().catch(() => undefined);
    await user.begin();
    expect((await user.get<Conversations>('/conversation/')).conversations).toHaveLength(1);
  });
});

describe('eviction', () => {
  it('between turns changes nothing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await evict(conversationObject(id));
    expect((await user.say(id, 'apples')).at(-1)).toMatchObject({ full_message: 'How many apples?' });
    await evict(conversationObject(id));
    const events = await user.say(id, '12345');
    expect(events.at(-1)).toMatchObject({
      full_message: 'Thank you. Goodbye!',
      conversation_completed: true,
    });
  });
});

describe('the end', () => {
  it('comes with the terminal state, and starts the returning user elsewhere', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await user.say(id, 'apples');
    expect((await user.say(id, '12345')).at(-1)).toMatchObject({ conversation_completed: true });
    const refused = await user.interact(id, 'more');
    expect([refused.status, (await refused.json<{ code: string }>()).code]).toEqual([
      409,
      'conversation_finished',
    ]);
    const events = parseLines(await (await user.create()).text());
    expect(events.at(-1)).toMatchObject({ full_message: 'Welcome back. Apples or pears again?' });
  });

  it('is seen in the list by the time the stream says so', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const events = await user.say(id, 'goodbye');
    const { conversations } = await user.get<Conversations>(`/conversation/?id=${id}`);
    expect(conversations).toMatchObject([
      { id, is_finished: true, num_messages: 3, final_message: events.at(-1)?.full_message },
    ]);
  });
});

describe('another user', () => {
  it('finds no conversation of another user, whatever they try', async () => {
    const user = await newUser();
    const other = await newUser();
    const { id, interactionId } = await user.begin();
    const answers = await Promise.all([
      other.interact(id, 'hello'),
      other.request(`/conversation/${id}/messages/`),
      other.post(`/conversation/${id}/finish/`),
      other.post(`/conversation/${id}/tags/`, { updates: { a: 'b' } }),
      other.request(`/conversation/${id}/interaction/${interactionId}/insights`),
      other.post(`/conversation/${id}/interaction/${interactionId}/recommend_responses`, {}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    const administrator = new Client(ADMIN);
    expect(await messagesOf(administrator, id)).toHaveLength(1);
  });
});
