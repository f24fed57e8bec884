/** Requests that are sent again with their key, through the whole API. */
import { abortAllDurableObjects, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
  type Client,
} from '../../support/client.ts';
import { evict } from '../../support/eviction.ts';
import { SERVICE } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { recordingOf } from '../../support/scripted-speech.ts';
import { interactionOf, linesOf, PartialStream } from '../../support/streams.ts';

beforeAll(publishTestOrganization);

interface Problem {
  code: string;
}

/** Says something under a key. */
function sayWith(client: Client, key: string, id: string, text: string, query = ''): Promise<Response> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  const path = `/conversation/${id}/interact?request_format=text&response_format=text${query}`;
  return client.request(path, { method: 'POST', body: form, headers: { 'idempotency-key': key } });
}

function speakWith(client: Client, key: string, id: string, words: string): Promise<Response> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', new File([recordingOf(words)], 'message.wav', { type: 'audio/wav' }));
  const path = `/conversation/${id}/interact?request_format=voice&response_format=text`;
  return client.request(path, { method: 'POST', body: form, headers: { 'idempotency-key': key } });
}

function createWith(client: Client, key: string, body: Record<string, unknown> = {}): Promise<Response> {
  return client.request('/conversation/?response_format=text', {
    method: 'POST',
    body: JSON.stringify({ service_id: SERVICE, ...body }),
    headers: { 'idempotency-key': key, 'content-type': 'application/json' },
  });
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json<Problem>()).code];
}

async function textsOf(client: Client, id: string): Promise<string[]> {
  const { messages } = await client.get<{ messages: { message: string; message_type: string }[] }>(
    `/conversation/${id}/messages/?sort_by=%2Bcreated_at`,
  );
  return messages.filter(({ message_type }) => message_type === 'user-message').map(({ message }) => message);
}

describe('an interact with a key', () => {
  it('is one turn with one message and twenty equal streams, when it is sent twenty times at once', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => sayWith(user, 'twenty', id, '[long 9] what?')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(interactionOf)).size).toBe(1);
    const streams = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(streams.map((text) => linesOf(text).join(''))).size).toBe(1);
    expect(await textsOf(user, id)).toEqual(['[long 9] what?']);
  });

  it('is told again byte for byte once it is stored, in quotes or not, after eviction and restart', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = linesOf(await (await sayWith(user, 'again', id, 'what?')).text()).join('');
    for (const then of ['same', 'evicted', 'restarted']) {
      if (then === 'evicted') await evict(conversationObject(id));
      if (then === 'restarted') await abortAllDurableObjects();
      const again = await sayWith(user, '"again"', id, 'what?');
      expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
      expect(await again.text()).toBe(first);
    }
    expect(await textsOf(user, id)).toEqual(['what?']);
  });

  it('is refused with another content, and stores nothing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await (await sayWith(user, 'other', id, 'what?')).text();
    const skip = new FormData();
    skip.set('initial_message_type', 'skip');
    const path = `/conversation/${id}/interact?request_format=text&response_format=text`;
    const headers = { 'idempotency-key': 'other' };
    for (const answer of [
      await sayWith(user, 'other', id, 'how?'),
      await user.request(path, { method: 'POST', body: skip, headers }),
    ]) {
      expect(await codeOf(answer)).toEqual([422, 'idempotency_key_reused']);
    }
    expect(await textsOf(user, id)).toEqual(['what?']);
  });

  it('is the same request with another filter of actions', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await (await sayWith(user, 'filter', id, 'what?')).text();
    const again = await sayWith(user, 'filter', id, 'what?', '&current_agent_action_type=%5E%24');
    const kinds = new Set(parseLines(await again.text()).map(({ type }) => type));
    expect([...kinds]).toEqual(['user-message-available', 'new-message', 'interaction-complete']);
  });

  it.each(['a b', '"open', 'x'.repeat(256), 'a\u0001'])('refuses the key %j', async (key) => {
    const user = await newUser();
    const answer = await user.request(`/conversation/${'1'.repeat(24)}/finish/`, {
      method: 'POST',
      headers: { 'idempotency-key': key },
    });
    expect(await codeOf(answer)).toEqual([400, 'idempotency_key_invalid']);
  });

  it('runs again after its turn came to nothing', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const failed = parseLines(await (await sayWith(user, 'fails', id, '[fail] pears')).text());
    expect(failed.at(-1)?.type).toBe('error');
    const again = await sayWith(user, 'fails', id, '[fail] pears');
    expect(again.headers.get('idempotent-replayed')).toBeNull();
    expect(parseLines(await again.text()).at(-1)?.type).toBe('error');
    const other = await sayWith(user, 'fails', id, 'pears');
    expect(parseLines(await other.text()).at(-1)?.type).toBe('interaction-complete');
  });

  it('belongs to its user: the key of another user is another key', async () => {
    const [one, other] = [await newUser(), await newUser()];
    const { id } = await one.begin();
    await (await sayWith(one, 'mine', id, 'what?')).text();
    expect((await sayWith(other, 'mine', id, 'what?')).status).toBe(404);
  });

  it('is remembered for the last 100 interactions', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await (await sayWith(user, 'old', id, 'what?')).text();
    const fill = (count: number) =>
      runInDurableObject(conversationObject(id), (_instance, { storage: { sql } }) => {
        const [{ last } = { last: 0 }] = sql
          .exec<{ last: number }>('SELECT last_interaction AS last FROM conversation')
          .toArray();
        sql.exec(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
           INSERT INTO interactions (sequence, id, first_message, last_message, started_at, log, actions)
           SELECT ?2 + i, printf('%024x', ?2 + i), 1, 1, 0, '{}', '[]' FROM n`,
          count,
          last,
        );
        sql.exec('UPDATE conversation SET last_interaction = last_interaction + ?', count);
      });
    await fill(99);
    await evict(conversationObject(id));
    const again = await sayWith(user, 'old', id, 'what?');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await again.text();
    await fill(1);
    await evict(conversationObject(id));
    const forgotten = await sayWith(user, 'old', id, 'what?');
    expect(forgotten.headers.get('idempotent-replayed')).toBeNull();
    await forgotten.text();
  });
});

describe('a spoken interact with a key', () => {
  it('is carried out once, and its recording is stored once', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = linesOf(await (await speakWith(user, 'spoken', id, 'what?')).text()).join('');
    const again = await speakWith(user, 'spoken', id, 'what?');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(first);
    expect(await codeOf(await speakWith(user, 'spoken', id, 'how?'))).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    const recordings = await runInDurableObject(conversationObject(id), (_instance, { storage: { sql } }) => [
      sql.exec('SELECT * FROM recordings').toArray().length,
      sql.exec('SELECT * FROM pending_recordings').toArray().length,
    ]);
    expect(recordings).toEqual([1, 0]);
  });

  it('joins the turn that runs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const first = new PartialStream(await speakWith(user, 'joins', id, '[wait joins] what?'));
    await first.until('new-message');
    const second = await speakWith(user, 'joins', id, '[wait joins] what?');
    expect(second.status).toBe(200);
    openGate('joins');
    expect(linesOf(await second.text()).join('')).toBe(linesOf(await first.until(null)).join(''));
  });
});

describe('a create with a key', () => {
  it('makes one conversation, when it is sent twenty times at once', async () => {
    const user = await newUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => createWith(user, 'create')));
    const begun = answers.filter(({ status }) => status === 201);
    expect(begun.length).toBeGreaterThan(0);
    for (const answer of answers)
      if (answer.status !== 201) expect(answer.headers.get('retry-after')).toBe('1');
    const streams = await Promise.all(begun.map((answer) => answer.text()));
    expect(new Set(streams.map((text) => linesOf(text).join(''))).size).toBe(1);
    const { conversations } = await user.get<{ conversations: unknown[] }>('/conversation/');
    expect(conversations).toHaveLength(1);
    const again = await createWith(user, 'create');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(await again.text()).toBe(streams[0]);
  });

  it('is told again after the conversation is finished, and refused with another content', async () => {
    const user = await newUser();
    const events = parseLines(await (await createWith(user, 'done')).text());
    const id = String(events[0]?.conversation_id);
    await user.post(`/conversation/${id}/finish/`);
    expect(parseLines(await (await createWith(user, 'done')).text())).toEqual(events);
    expect(await codeOf(await createWith(user, 'done', { initial_message: 'Hello' }))).toEqual([
      422,
      'idempotency_key_reused',
    ]);
  });

  it('runs again after it failed, and after its object died', async () => {
    const user = await newUser();
    const failed = await createWith(user, 'dies', { initial_message: '[fail]' });
    expect(parseLines(await failed.text()).at(-1)?.type).toBe('error');
    const dying = new PartialStream(
      await createWith(user, 'crash', { initial_message: '[wait crash9] Hello' }),
    );
    await dying.until('new-message');
    await abortAllDurableObjects();
    await dying.leave();
    openGate('crash9');
    const again = await createWith(user, 'crash', { initial_message: '[wait crash9] Hello' });
    expect(parseLines(await again.text()).at(-1)?.type).toBe('interaction-complete');
    const { conversations } = await user.get<{ conversations: unknown[] }>('/conversation/');
    expect(conversations).toHaveLength(1);
  });
});

describe('a finish with a key', () => {
  it('succeeds again, and not with another key', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const finish = (key: string) =>
      user.request(`/conversation/${id}/finish/`, { method: 'POST', headers: { 'idempotency-key': key } });
    expect((await finish('end')).status).toBe(204);
    expect((await finish('end')).status).toBe(204);
    await evict(conversationObject(id));
    expect((await finish('end')).status).toBe(204);
    expect((await finish('another')).status).toBe(409);
  });
});
