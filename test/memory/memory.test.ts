import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { memoryOf } from '../../src/objects.ts';
import { matchExpression } from '../../src/memory/entries.ts';
import { conversationObject, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

const memory = (user: string) => memoryOf(testEnv, { organization: ORGANIZATION }, user);

describe('a memory', () => {
  it('is found by its words in any form, the best one first', async () => {
    const mine = memory('finds');
    await mine.learn('c1', [
      { text: 'I have two cats and a dog.', message_ids: ['m1'] },
      { text: 'My cat hates the vet.', message_ids: ['m2', 'm3'] },
      { text: 'I work nights.', message_ids: ['m4'] },
    ]);
    expect(await mine.recall(['the vet', 'dogs', 'holidays'])).toEqual([
      'My cat hates the vet.',
      'I have two cats and a dog.',
      '',
    ]);
    await evict(mine);
    expect(await mine.recall(['working'])).toEqual(['I work nights.']);
  });

  it('is stored once, even if it is learnt several times', async () => {
    const mine = memory('learns');
    for (const text of ['I like tea.', 'I like tea.', 'I like coffee.']) {
      await mine.learn('c1', [{ text, message_ids: ['m'] }]);
    }
    await mine.learn('c2', [{ text: 'I like milk.', message_ids: ['n'] }]);
    expect((await mine.all()).map(({ conversation_id, text }) => [conversation_id, text])).toEqual([
      ['c2', 'I like milk.'],
      ['c1', 'I like coffee.'],
    ]);
    expect(await mine.recall(['tea'])).toEqual(['']);
  });

  it('belongs to one user only', async () => {
    await memory('one').learn('c', [{ text: 'A secret.', message_ids: [] }]);
    expect(await memory('two').recall(['secret'])).toEqual(['']);
  });

  it('stores nothing if it is only read', async () => {
    const mine = memory('empty');
    expect([await mine.recall(['x']), await mine.model(), await mine.all()]).toEqual([[''], null, []]);
    const tables = await runInDurableObject(mine, (_instance, { storage }) =>
      storage.sql.exec(`SELECT name FROM sqlite_master WHERE name IN ('memories', 'user_model')`).toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe('the user model', () => {
  it('is replaced only if it is still the one that was read', async () => {
    const mine = memory('merges');
    expect(await mine.modelBefore('c1')).toEqual({
      text: null,
      last_conversation_id: null,
      includes_conversation: false,
    });
    expect(await mine.setModel('c1', 'One.', null)).toBe(true);
    // Another conversation read the model before the first was added.
    expect(await mine.setModel('c2', 'Two.', null)).toBe(false);
    expect(await mine.model()).toBe('One.');
    const base = await mine.modelBefore('c2');
    expect(base).toEqual({ text: 'One.', last_conversation_id: 'c1', includes_conversation: false });
    await evict(mine);
    expect(await mine.setModel('c2', 'One. Two.', base.last_conversation_id)).toBe(true);
    expect(await mine.model()).toBe('One. Two.');
  });

  it('keeps the list of the conversations that it includes', async () => {
    const mine = memory('includes');
    const conversations = ['c1', 'c2', 'c3'];
    let base: string | null = null;
    for (const id of conversations) {
      expect(await mine.setModel(id, id, base)).toBe(true);
      base = id;
    }
    await evict(mine);
    for (const id of conversations) expect((await mine.modelBefore(id)).includes_conversation).toBe(true);
    expect((await mine.modelBefore('c4')).includes_conversation).toBe(false);
  });

  it('continues from the last added conversation if it is of format 1', async () => {
    const mine = memory('earlier');
    await mine.learn('c1', [{ text: 'I like tea.', message_ids: ['m'] }]);
    await runInDurableObject(mine, (_instance, { storage }) => {
      storage.sql.exec('DROP TABLE model_conversations; DROP VIEW memory_version');
      storage.sql.exec(`INSERT INTO user_model VALUES (1, 'c1', 'Likes tea.')`);
    });
    await evict(mine);
    const before = { text: 'Likes tea.', last_conversation_id: 'c1' };
    expect(await mine.modelBefore('c1')).toEqual({ ...before, includes_conversation: true });
    expect(await mine.modelBefore('c2')).toEqual({ ...before, includes_conversation: false });
    expect(await mine.setModel('c2', 'Likes tea and milk.', 'c1')).toBe(true);
    for (const id of ['c1', 'c2']) expect((await mine.modelBefore(id)).includes_conversation).toBe(true);
    expect(await mine.recall(['tea'])).toEqual(['I like tea.']);
  });
});

describe('a query', () => {
  it('is read as words, never as an expression', async () => {
    const mine = memory('queries');
    await mine.learn('c', [{ text: 'Plain words.', message_ids: [] }]);
    const recall = (query: string) => runInDurableObject(mine, (instance) => instance.recall([query]));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.constantFrom('"', 'a" OR "b', 'NEAR(a b)', 'text:x', '*', '^a', '-a')),
        async (query) => {
          expect(await recall(query)).toHaveLength(1);
        },
      ),
      { numRuns: 200 },
    );
    expect(matchExpression('?! ...')).toBeNull();
    expect(matchExpression("it's NOT")).toBe('"it" OR "s" OR "NOT"');
  });
});

describe('a memory from a conversation', () => {
  it('is recalled in the next one with its query, and the user model is used', async () => {
    const user = await newUser();
    const first = await user.begin();
    const said = await user.say(first.id, 'My basket is made of willow. what?');
    await user.post(`/conversation/${first.id}/finish/`);
    while (await runDurableObjectAlarm(conversationObject(first.id)));
    expect(await memory(user.userId).all()).toEqual([
      { conversation_id: first.id, text: 'My basket is made of willow.', message_ids: [said[0]?.message_id] },
    ]);
    expect(await memory(user.userId).model()).toBe('My basket is made of willow.');

    const second = await user.begin();
    const events = await user.say(second.id, 'Do you remember the basket?');
    const actions = events.flatMap(({ action }) =>
      action === undefined ? [] : [action as { type: string }],
    );
    expect(actions).toContainEqual({
      type: 'extract-active-memories-completed',
      queries_and_responses: [['remember basket', 'My basket is made of willow.']],
    });
    const complete = events.at(-1);
    const insights = await user.get<{ working_memory: unknown }>(
      `/conversation/${second.id}/interaction/${String(complete?.interaction_id)}/insights`,
    );
    expect(insights.working_memory).toEqual([
      { content: 'My basket is made of willow.', context: 'remember basket' },
    ]);
  });
});
