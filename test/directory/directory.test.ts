/** The list at scale: what a page costs, first and deep, in a shard of many conversations. */
import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { grantsFor } from '../../src/access/permissions.ts';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { directoryOf } from '../../src/objects.ts';
import { nextPosition } from '../../src/directory/list-position.ts';
import { DirectoryStore } from '../../src/directory/store.ts';
import type { PageQuery } from '../../src/directory/summary.ts';
import { testEnv } from '../support/client.ts';
import { Ledger } from '../support/ledger.ts';

const CONVERSATIONS = 10_000;
const USERS = 10;
const START = Date.UTC(2026, 5, 1);

const directory = directoryOf(testEnv, { organization: 'scale' }, 0);
const caller = {
  request_id: 'test',
  organization: 'scale',
  user_id: 'admin',
  grants: grantsFor(DEFAULT_ROLES.DefaultAdministratorRole!, { user_id: 'admin', org_id: 'scale' }),
};
const query: PageQuery = {
  user_ids: null,
  service_ids: [],
  ids: [],
  is_finished: null,
  tags: [],
  ascending: false,
  after: 0,
  limit: 50,
  max_bytes: 8 * 1024 * 1024,
};
const ledger = new Ledger();
const UNUSUAL = ['"', '\\', '\u0000', '\u2028', '{', '}', '[', ']', ',', ':', 'é', '👍', '__proto__'];

async function cost(changes: Partial<PageQuery>): Promise<{ ids: string[]; read: number }> {
  await ledger.take();
  const page = await directory.page({ ...query, ...changes }, caller);
  return { ids: page.conversations.map(({ id }) => id), read: (await ledger.take()).read };
}

beforeAll(async () => {
  await runInDurableObject(directory, (_instance, { storage }) => {
    let position = 0;
    for (let index = 0; index < CONVERSATIONS; index += 1) {
      position = nextPosition(START + index, position, 0);
      storage.sql.exec(
        `INSERT INTO conversations VALUES (?, ?, ?, 'service', 'finished', 1, '[]', 'Bye', 3, ?, '{}', NULL)`,
        position,
        index.toString(16).padStart(24, '0'),
        `user-${index % USERS}`,
        JSON.stringify({ parity: index % 2 === 0 ? 'even' : 'odd' }),
      );
    }
  });
  await ledger.watch(directory);
});

describe('a page of the directory', () => {
  const middle = nextPosition(START + CONVERSATIONS / 2, 0, 0);

  it.each<[string, Partial<PageQuery>]>([
    ['of everybody', {}],
    ['of everybody, oldest first', { ascending: true }],
    ['of one user', { user_ids: ['user-3'] }],
    ['of one service', { service_ids: ['service'] }],
    ['of finished ones', { is_finished: true }],
    ['with a tag', { tags: [{ key: 'parity', value: 'odd' }] }],
  ])('%s reads as few rows at any depth as at the beginning', async (_name, changes) => {
    const first = await cost(changes);
    const deep = await cost({ ...changes, after: middle });
    expect(first.ids).toHaveLength(50);
    expect(deep.ids).toHaveLength(50);
    expect(deep.ids).not.toEqual(first.ids);
    expect(Math.abs(deep.read - first.read)).toBeLessThanOrEqual(2);
    // Each as an entry of an index, as a candidate, in the list of those that are found, and as a row.
    expect(first.read).toBeLessThanOrEqual(50 * 5 + 10);
  });

  it('reads only the conversations that it is asked for', async () => {
    const ids = [1, 5000, 9999].map((index) => index.toString(16).padStart(24, '0'));
    const found = await cost({ ids, ascending: true });
    expect(found.ids).toEqual(ids);
    expect(found.read).toBeLessThanOrEqual(25);
  });
});

describe('a conversation in the list', () => {
  it('is returned as it was recorded, whatever its texts contain', async () => {
    await runInDurableObject(testEnv.DIRECTORY.getByName('texts'), (_instance, { storage }) => {
      const store = new DirectoryStore(storage);
      const Text = fc.string({ unit: fc.oneof(fc.constantFrom(...UNUSUAL), fc.string()) });
      fc.assert(
        fc.property(Text, fc.dictionary(Text, fc.option(Text)), Text, (final_message, tags, name) => {
          store.erase('one');
          const versions = { name, agent: ['a', 1], graph: ['g', 1], llm_model_preferences: {} } as never;
          const owner = { user_id: 'writing', service_id: 's' };
          store.reserve({ conversation_id: 'one', ...owner, versions, tags: {}, shard: 0 }, START);
          const told = { final_message, tags: { ...tags }, revision: 1, num_messages: 2 };
          store.record('one', {
            ...told,
            is_finished: true,
            completed_post_processings: ['compute-metrics'],
          });
          const [listed] = store.page(query, () => true).conversations;
          expect(listed).toMatchObject({
            ...told,
            ...owner,
            id: 'one',
            is_finished: true,
            created_at: START,
          });
          expect(listed?.tags).toEqual(told.tags);
          expect(listed?.versions).toEqual(versions);
          expect(listed?.completed_post_processings).toEqual(['compute-metrics']);
        }),
      );
    });
  });
});

describe('a reservation', () => {
  const reservation = (conversation_id: string) => ({
    conversation_id,
    user_id: 'reserving',
    service_id: 's',
    versions: {
      name: 'release',
      agent: ['a', 1] as [string, number],
      graph: ['g', 1] as [string, number],
      llm_model_preferences: {},
    },
    tags: {},
    shard: 0,
  });
  const progress = {
    revision: 1,
    is_finished: false,
    completed_post_processings: [],
    final_message: '',
    num_messages: 1,
    tags: {},
  };

  it('exists once at a time, can be released, and is not listed until the conversation is created', async () => {
    expect((await directory.reserve(reservation('one'))).kind).toBe('reserved');
    expect(await directory.reserve(reservation('two'))).toMatchObject({
      kind: 'creating',
      conversation_id: 'one',
    });
    expect((await cost({ ids: ['one'] })).ids).toEqual([]);
    await directory.release('one');
    expect((await directory.reserve(reservation('two'))).kind).toBe('reserved');
    await directory.record('two', progress);
    expect((await cost({ ids: ['two'] })).ids).toEqual(['two']);
    await directory.release('two');
    expect(await directory.reserve(reservation('three'))).toMatchObject({
      kind: 'open',
      conversation_id: 'two',
    });
    await directory.record('two', { ...progress, revision: 2, is_finished: true });
    expect(await directory.reserve(reservation('three'))).toMatchObject({
      kind: 'reserved',
      returning: true,
    });
  });

  it('ignores older progress', async () => {
    await directory.record('three', { ...progress, revision: 5, num_messages: 9 });
    await directory.record('three', { ...progress, revision: 4, num_messages: 7 });
    const { conversations } = await directory.page({ ...query, ids: ['three'] }, caller);
    const [shown] = conversations;
    expect(shown?.num_messages).toBe(9);
  });

  it('takes a shorter final message of the same revision as newer: it was cut', async () => {
    const told: [final_message: string, revision: number][] = [
      ['Hello', 7],
      ['Hel', 7],
      ['Hello', 7],
      ['Heo', 7],
      ['He', 6],
    ];
    const news: boolean[] = [];
    for (const [final_message, revision] of told)
      news.push(await directory.record('three', { ...progress, final_message, revision }));
    expect(news).toEqual([true, true, false, false, false]);
    const { conversations } = await directory.page({ ...query, ids: ['three'] }, caller);
    expect(conversations[0]?.final_message).toBe('Hel');
  });
});
