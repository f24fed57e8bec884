/** Messages that arrive while a turn runs: refused, waiting for its end, or interrupting it. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  newUser,
  parseLines,
  publishTestOrganization,
  type Client,
  type StreamedEvent,
} from '../../support/client.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { interactionOf, PartialStream, streamOf, turnOf } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

interface Shown {
  message: string;
  message_type: string;
  interaction_id: string;
}

function say(client: Client, id: string, text: string, if_busy: string): Promise<Response> {
  return client.interact(id, text, 'user-message', `&if_busy=${if_busy}`);
}

async function shown(client: Client, id: string): Promise<Shown[]> {
  const { messages } = await client.get<{ messages: Shown[] }>(
    `/conversation/${id}/messages/?sort_by=%2Bcreated_at`,
  );
  return messages;
}

async function eventsOf(response: Response): Promise<StreamedEvent[]> {
  return parseLines(await response.text());
}

function messagesIn(events: StreamedEvent[]): unknown[] {
  return events
    .filter(({ type }) => type === 'user-message-available')
    .map(({ user_message }) => user_message);
}

describe('a message that waits', () => {
  it('is answered after the running turn, together with the others that wait, each on its own stream', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(await say(user, id, '[wait queue1] what?', 'queue'));
    await first.until('new-message');
    const second = await say(user, id, 'and how?', 'queue');
    const third = await say(user, id, 'and why?', 'queue');
    expect([second.status, second.headers.get('content-location')]).toEqual([200, null]);
    expect((await turnOf(user, id)).waiting).toBe(2);
    openGate('queue1');
    const [two, three] = [await eventsOf(second), await eventsOf(third)];
    expect([messagesIn(two), messagesIn(three)]).toEqual([['and how?'], ['and why?']]);
    expect(two.at(-1)).toEqual(three.at(-1));
    expect(two[0]?.interaction_id).toBe(two.at(-1)?.interaction_id);
    expect(two.filter(({ type }) => type !== 'user-message-available')).toEqual(
      three.filter(({ type }) => type !== 'user-message-available'),
    );
    const messages = (await shown(user, id)).slice(-3);
    expect(messages.map(({ message_type }) => message_type)).toEqual([
      'user-message',
      'user-message',
      'agent-message',
    ]);
    expect(messages.slice(0, 2).map(({ message }) => message)).toEqual(['and how?', 'and why?']);
    expect(new Set(messages.map(({ interaction_id }) => interaction_id)).size).toBe(1);
    await first.until(null);
    expect(first.events.at(-1)?.type).toBe('interaction-complete');
    const all = await eventsOf(await user.request(streamOf(id, String(two.at(-1)?.interaction_id))));
    expect(messagesIn(all)).toEqual(['and how?', 'and why?']);
  });

  it('is one of at most eight; the ninth is refused at once', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(await say(user, id, '[wait queue2] what?', 'reject'));
    await first.until('new-message');
    const waiting: Response[] = [];
    for (let number = 1; number <= 8; number += 1)
      waiting.push(await say(user, id, `what ${number}?`, 'queue'));
    const ninth = await say(user, id, 'what 9?', 'queue');
    expect([ninth.status, await ninth.json()]).toMatchObject([
      409,
      { code: 'operation_in_progress', waiting: '8' },
    ]);
    expect((await say(user, id, 'what 10?', 'reject')).status).toBe(409);
    openGate('queue2');
    for (const [index, answer] of waiting.entries()) {
      const events = await eventsOf(answer);
      expect(messagesIn(events)).toEqual([`what ${index + 1}?`]);
      expect(events.at(-1)?.type).toBe('interaction-complete');
    }
    await first.until(null);
  });

  it('joins the same place when it is sent again with its key', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(await say(user, id, '[wait queue3] what?', 'queue'));
    await first.until('new-message');
    const form = () => {
      const body = new FormData();
      body.set('initial_message_type', 'user-message');
      body.set('recorded_message', 'how?');
      return body;
    };
    const path = `/conversation/${id}/interact?request_format=text&response_format=text&if_busy=queue`;
    const send = () =>
      user.request(path, { method: 'POST', body: form(), headers: { 'idempotency-key': 'line' } });
    const [one, other] = [await send(), await send()];
    expect((await turnOf(user, id)).waiting).toBe(1);
    openGate('queue3');
    expect(await other.text()).toBe(await one.text());
    expect((await shown(user, id)).filter(({ message }) => message === 'how?')).toHaveLength(1);
    await first.until(null);
  });

  it('is refused in its stream when the conversation ends before it', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I would like apples' });
    const last = new PartialStream(await say(user, id, '[wait queue4] 12345', 'queue'));
    await last.until('new-message');
    const waiting = await say(user, id, 'and?', 'queue');
    openGate('queue4');
    await last.until(null);
    expect(last.events.at(-1)).toMatchObject({ conversation_completed: true });
    expect((await eventsOf(waiting)).at(-1)).toMatchObject({ type: 'error', code: 'conversation_finished' });
  });
});

describe('a message that interrupts', () => {
  it('joins a turn that is still choosing, with one interaction and one answer', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(await say(user, id, '[choose never] what?', 'interrupt'));
    await first.until('user-message-available');
    const second = await say(user, id, 'I would like apples', 'interrupt');
    openGate('never');
    expect(interactionOf(second)).toBe((await turnOf(user, id)).interaction_id);
    const events = await eventsOf(second);
    await first.until(null);
    expect(first.events.at(-1)).toEqual(events.at(-1));
    expect(events[0]).toMatchObject({ type: 'user-message-available', attempt: 2 });
    expect(messagesIn(first.events)).toEqual(['[choose never] what?']);
    expect(new Set(first.events.map(({ cursor }) => cursor)).size).toBe(first.events.length);
    const messages = (await shown(user, id)).slice(-3);
    expect(new Set(messages.map(({ interaction_id }) => interaction_id)).size).toBe(1);
    const again = await eventsOf(await user.request(streamOf(id, interactionOf(second))));
    expect(again.filter(({ attempt }) => attempt === 2).length).toBeGreaterThan(0);
  });

  it('stops an answer that is being spoken, and is answered in the next turn', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(
      await say(user, id, '[say Hello there.] [wait cut1] [long 2] what?', 'interrupt'),
    );
    await first.until('Hello there.');
    const second = await say(user, id, 'I would like apples', 'interrupt');
    await first.until(null);
    expect(first.events.at(-1)).toMatchObject({ type: 'interaction-complete', stopped: true });
    const events = await eventsOf(second);
    expect(events.at(-1)).toMatchObject({ full_message: 'How many apples?' });
    openGate('cut1');
  });

  it('loses nothing of messages that are sent within a moment', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const texts = Array.from({ length: 6 }, (_, index) => `what ${index}?`);
    const answers = await Promise.all(texts.map((text) => say(user, id, text, 'interrupt')));
    for (const answer of answers) expect((await eventsOf(answer)).at(-1)?.type).toBe('interaction-complete');
    const sent = (await shown(user, id)).filter(({ message_type }) => message_type === 'user-message');
    expect(sent.map(({ message }) => message).toSorted()).toEqual(texts);
  });
});
