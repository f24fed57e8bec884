/** A page ends by its bytes as well as by its count: what is stored already never makes a list unanswerable. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/access/permissions.ts';
import { directoryOfUser } from '../../src/directory/client.ts';
import { MAX_PAGE_BYTES } from '../../src/pages.ts';
import { memoryOf } from '../../src/objects.ts';
import { utf8Length } from '../../src/text.ts';
import { send, tokenOf } from '../workbench/support.ts';
import { Client, conversationObject, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ADMIN, ORGANIZATION, SERVICE } from '../support/organization.ts';

const SHARDS = { id: ORGANIZATION, directory_shards: 4 };

beforeAll(publishTestOrganization);

interface Paged {
  has_more: boolean;
  continuation_token: number | null;
}

/** Reads a list page by page to its end, checking that each page is bounded. Returns the entries and the pages' sizes. */
async function walk<Entry>(
  ask: (token: number) => Promise<Response>,
  entriesOf: (body: Paged & Record<string, Entry[]>) => Entry[],
): Promise<{ entries: Entry[]; sizes: number[] }> {
  const entries: Entry[] = [];
  const sizes: number[] = [];
  let token: number | null = 0;
  while (token !== null) {
    const response = await ask(token);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(utf8Length(text)).toBeLessThan(MAX_PAGE_BYTES * 1.5);
    const body = JSON.parse(text) as Paged & Record<string, Entry[]>;
    expect(body.has_more).toBe(body.continuation_token !== null);
    expect(entriesOf(body).length).toBeGreaterThan(0);
    entries.push(...entriesOf(body));
    sizes.push(entriesOf(body).length);
    token = body.continuation_token;
    if (sizes.length > 100) throw new Error('The pages do not come to an end.');
  }
  return { entries, sizes };
}

/** Writes finished conversations below the schema of the API, each with a tag key of a megabyte. */
async function insertConversations(user: Client, count: number, bytes: number): Promise<string[]> {
  const directory = directoryOfUser(testEnv, SHARDS, user.userId);
  return runInDurableObject(directory, (_instance, { storage }) => {
    const known = storage.sql.exec<{ last: number | null }>(
      'SELECT max(position) AS last FROM conversations',
    );
    const last = known.one().last ?? 0;
    return Array.from({ length: count }, (_, index) => {
      const id = `${index.toString(16).padStart(4, '0')}${user.userId.slice(4)}`;
      storage.sql.exec(
        `INSERT INTO conversations (position, id, user_id, service_id, state, revision, post_processings,
           final_message, num_messages, tags, versions) VALUES (?, ?, ?, ?, 'finished', 1, '[]', 'Bye', 3, ?, ?)`,
        last + (index + 1) * 64,
        id,
        user.userId,
        SERVICE,
        JSON.stringify({ ['k'.repeat(bytes)]: 'value' }),
        JSON.stringify({ name: 'release', agent: ['a', 1], graph: ['b', 1], llm_model_preferences: {} }),
      );
      return id;
    });
  });
}

type Listed = { id: string };

describe('the list of conversations', () => {
  it.each(['', '&sort_by=%2Bcreated_at'])('comes in pages when 34 weigh a megabyte each%s', async (sort) => {
    const user = await newUser();
    const ids = await insertConversations(user, 34, 1_000_000);
    const { entries, sizes } = await walk<Listed>(
      (token) => user.request(`/conversation/?continuation_token=${token}${sort}`),
      (body) => body['conversations'] ?? [],
    );
    const found = entries.map(({ id }) => id);
    expect(found).toEqual(sort === '' ? ids.toReversed() : ids);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
  });

  it('misses none of several shards and shows none twice, for an administrator', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, () => newUser()));
    const inserted = await Promise.all(users.map((user) => insertConversations(user, 5, 900_000)));
    const filter = users.map(({ userId }) => `&user_id=${userId}`).join('');
    const { entries } = await walk<Listed>(
      (token) => new Client(ADMIN).request(`/conversation/?continuation_token=${token}${filter}`),
      (body) => body['conversations'] ?? [],
    );
    expect(entries.map(({ id }) => id).sort()).toEqual(inserted.flat().sort());
  });

  it('is still as long as its limit when they are small', async () => {
    const user = await newUser();
    await insertConversations(user, 40, 60);
    const page = await user.get<{ conversations: unknown[]; has_more: boolean }>('/conversation/?limit=30');
    expect([page.conversations.length, page.has_more]).toEqual([30, true]);
  });

  it('shows the end of a conversation by at most as much as a message may have', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const progress = {
      revision: 99,
      is_finished: false,
      completed_post_processings: [],
      final_message: '語'.repeat(500_000),
      num_messages: 2,
      tags: {},
    };
    await directoryOfUser(testEnv, SHARDS, user.userId).record(id, progress);
    const { conversations } = await user.get<{ conversations: { final_message: string }[] }>(
      `/conversation/?id=${id}`,
    );
    const [shown = ''] = conversations.map(({ final_message }) => final_message);
    expect(utf8Length(shown)).toBeLessThanOrEqual(32 * 1024);
    expect(shown).toMatch(/^語+$/);
  });
});

/** Writes messages of an interaction below the schema of the API. */
async function insertMessages(id: string, count: number, characters: number): Promise<void> {
  await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
    const columns = [...storage.sql.exec('SELECT * FROM messages LIMIT 1').columnNames];
    for (let index = 0; index < count; index += 1) {
      const sequence = index + 2;
      const values: Record<string, SqlStorageValue> = {
        sequence,
        id: `${'0'.repeat(16)}${sequence.toString(16).padStart(8, '0')}`,
        interaction: 1,
        interaction_id: 'f'.repeat(24),
        type: 'user-message',
        sender: 'Una',
        text: `${sequence} ${'x'.repeat(characters)}`,
        format: 'text',
        created_at: Date.now() + index,
      };
      const named = columns.map((name) => values[name] ?? null);
      storage.sql.exec(`INSERT INTO messages VALUES (${columns.map(() => '?').join(', ')})`, ...named);
    }
    storage.sql.exec('UPDATE interactions SET last_message = ? WHERE sequence = 1', count + 1);
  });
}

describe('the list of messages', () => {
  it.each(['', '&sort_by=%2Bcreated_at', '&sort_by=-interaction_id&sort_by=%2Bcreated_at'])(
    'comes in pages when 44 weigh 900 KB each%s',
    async (sort) => {
      const user = await newUser();
      const { id } = await user.begin();
      await insertMessages(id, 44, 900_000);
      const { entries, sizes } = await walk<{ message: string }>(
        (token) => user.request(`/conversation/${id}/messages/?continuation_token=${token}${sort}`),
        (body) => body['messages'] ?? [],
      );
      expect(entries).toHaveLength(45);
      expect(new Set(entries.map(({ message }) => message.split(' ')[0])).size).toBe(45);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    },
  );

  it('can be gone on from: the agent answers, and the analysis runs', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await insertMessages(id, 44, 900_000);
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec('UPDATE conversation SET last_message = 45, last_at = ?', Date.now() + 100);
    });
    await evict(conversationObject(id));
    const events = await user.say(id, 'I would like apples');
    expect(events.at(-1)?.type).toBe('interaction-complete');
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
    await runDurableObjectAlarm(conversationObject(id));
    const { conversations } = await user.get<{ conversations: { is_analyzed: boolean }[] }>('/conversation/');
    expect(conversations.map(({ is_analyzed }) => is_analyzed)).toEqual([true]);
  });
});

describe('the pages of the workbench', () => {
  it('are bounded when turns weigh a megabyte each', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      const [row] = storage.sql.exec<{ log: string }>('SELECT log FROM interactions').toArray();
      const actions = JSON.stringify([{ type: 'tool-call-ended', result: 'x'.repeat(950_000) }]);
      for (let sequence = 2; sequence <= 40; sequence += 1) {
        const identifier = `${'0'.repeat(16)}${sequence.toString(16).padStart(8, '0')}`;
        storage.sql.exec(
          'INSERT INTO interactions (sequence, id, first_message, last_message, started_at, log, actions) VALUES (?, ?, 1, 1, 1, ?, ?)',
          sequence,
          identifier,
          row?.log ?? '{}',
          actions,
        );
      }
    });
    const token = await tokenOf(ADMIN);
    const { entries, sizes } = await walk<{ number: number }>(
      (after) => send(`/${ORGANIZATION}/conversations/${id}/turns?continuation_token=${after}`, { token }),
      (body) => body['turns'] ?? [],
    );
    expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => 40 - index));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(9);
  });

  it('are bounded when memories weigh 300 KB each', async () => {
    const user = await newUser();
    const memory = memoryOf(testEnv, { organization: ORGANIZATION }, user.userId);
    await memory.learn('c'.repeat(24), [{ text: 'I like pears.', message_ids: [] }]);
    await runInDurableObject(memory, (_instance, { storage }) => {
      for (let index = 0; index < 60; index += 1) {
        storage.sql.exec(
          `INSERT INTO memories (conversation_id, text, message_ids) VALUES (?, ?, '[]')`,
          'c'.repeat(24),
          'x'.repeat(300_000),
        );
      }
    });
    const token = await tokenOf(ADMIN);
    const { entries, sizes } = await walk<unknown>(
      (after) =>
        send(`/${ORGANIZATION}/users/${user.userId}/memories?continuation_token=${after}`, { token }),
      (body) => body['memories'] ?? [],
    );
    expect(entries).toHaveLength(61);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(28);
  });
});

it('a shard answers no more than its part, for every caller', async () => {
  const user = await newUser();
  await insertConversations(user, 12, 500_000);
  const shard = directoryOfUser(testEnv, SHARDS, user.userId);
  const query = {
    user_ids: [user.userId],
    service_ids: [],
    ids: [],
    is_finished: null,
    tags: [],
    ascending: true,
    after: 0,
    limit: 150,
    max_bytes: 2_000_000,
  };
  const grants = [{ permission_name: 'Conversation:GetConversation' as const, conditions: {} }];
  const caller = { request_id: 'x', organization: ORGANIZATION, user_id: ADMIN, grants } as unknown as Caller;
  const part = await shard.page(query, caller);
  expect(part.conversations.length).toBeGreaterThanOrEqual(1);
  expect(part.conversations.length).toBeLessThanOrEqual(5);
});
