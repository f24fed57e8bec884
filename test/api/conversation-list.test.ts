import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUser, publishTestOrganization, type Client } from '../support/client.ts';
import { MUTE_AGENT, NOBODY, OTHER_SERVICE, SERVICE } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

interface Listed {
  id: string;
  user_id: string;
  service_id: string;
  created_at: string;
  is_finished: boolean;
  is_analyzed: boolean;
  final_message: string;
  version_set_info: { name: string } | null;
  num_messages: number;
  tags: Record<string, string | null>;
}
interface Page {
  conversations: Listed[];
  has_more: boolean;
  continuation_token: number | null;
}

let user: Client;
/** Identifiers of the user's conversations, oldest first: four finished, one open, one of another service. */
let ids: string[];

async function list(client: Client, query = ''): Promise<Page> {
  return client.get<Page>(`/conversation/${query}`);
}

async function listedIds(query: string, client = user): Promise<string[]> {
  return (await list(client, query)).conversations.map(({ id }) => id);
}

beforeAll(publishTestOrganization);

beforeAll(async () => {
  user = await newUser();
  ids = [];
  for (const [index, tags] of [
    { kind: 'a' },
    { kind: 'b', empty: null },
    { 'odd key': 'a:b' },
    {},
  ].entries()) {
    const { id } = await user.begin({ tags });
    ids.push(id);
    if (index < 3) await user.post(`/conversation/${id}/finish/`);
  }
  ids.push((await user.begin({ service_id: OTHER_SERVICE, service_version_set_name: 'edge' })).id);
});

describe('the list of conversations', () => {
  it('shows a conversation with all that belongs to it', async () => {
    const { conversations, has_more, continuation_token } = await list(user);
    expect([has_more, continuation_token]).toEqual([false, null]);
    expect(conversations[0]).toMatchObject({
      id: ids[4],
      user_id: user.userId,
      service_id: OTHER_SERVICE,
      is_finished: false,
      is_analyzed: false,
      completed_post_processings: [],
      final_message: 'Hello. Would you like apples or pears?',
      num_messages: 1,
      tags: {},
      version_set_info: {
        name: 'edge',
        agent_version_info: [MUTE_AGENT, 1],
        service_hierarchical_state_machine_version_info: ['ddddddddddddddddddddddd1', 1],
        llm_model_preferences: {},
      },
    });
    expect(Math.abs(Date.parse(conversations[0]!.created_at) - Date.now())).toBeLessThan(60_000);
  });

  it('comes newest first, or as sorted; a plus that became a space is a plus', async () => {
    const newestFirst = ids.toReversed();
    expect(await listedIds('')).toEqual(newestFirst);
    expect(await listedIds('?sort_by=-created_at')).toEqual(newestFirst);
    expect(await listedIds('?sort_by=%2Bcreated_at')).toEqual(ids);
    expect(await listedIds('?sort_by=+created_at')).toEqual(ids);
    expect(await listedIds('?sort_by=+created_at&sort_by=-created_at')).toEqual(ids);
  });

  it.each([
    ['?is_finished=true', [2, 1, 0]],
    ['?is_finished=False', [4, 3]],
    [`?service_id=${OTHER_SERVICE}`, [4]],
    [`?service_id=${OTHER_SERVICE}&service_id=${SERVICE}&is_finished=0`, [4, 3]],
    ['?tag=kind:a', [0]],
    ['?tag=kind:*', [1, 0]],
    ['?tag=kind:b&tag=empty:', [1]],
    ['?tag=kind:a&tag=empty:', []],
    ['?tag=kind:', []],
    ['?tag=odd key:a:b', [2]],
    ['?tag=nothing:*', []],
  ])('is filtered by %s', async (query, expected) => {
    expect(await listedIds(query)).toEqual(expected.map((index) => ids[index]));
  });

  it('is filtered by more tags than a conversation can have', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `tag=a${index}:*`).join('&');
    expect(await listedIds(`?${many}`)).toEqual([]);
    const repeated = Array.from({ length: 200 }, () => 'tag=kind:a').join('&');
    expect(await listedIds(`?${repeated}`)).toEqual([ids[0]]);
  });

  it('is filtered by identifiers and users', async () => {
    expect(await listedIds(`?id=${ids[1]}&id=${ids[3]}&id=${ids[3]}`)).toEqual([ids[3], ids[1]]);
    expect(await listedIds(`?id=${'0'.repeat(24)}`)).toEqual([]);
    expect(await listedIds(`?user_id=${user.userId}`)).toEqual(ids.toReversed());
    expect(await listedIds('?user_id=somebody-else')).toEqual([]);
  });

  it.each([
    ['', [4, 3, 2, 1, 0]],
    ['&sort_by=%2Bcreated_at', [0, 1, 2, 3, 4]],
  ])('by pages of two%s', async (sort, expected) => {
    const pages: string[][] = [];
    let token: number | null = 0;
    while (token !== null) {
      const page: Page = await list(user, `?limit=2${sort}&continuation_token=${token}`);
      expect(page.has_more).toBe(page.continuation_token !== null);
      expect(Number.isSafeInteger(page.continuation_token ?? 0)).toBe(true);
      pages.push(page.conversations.map(({ id }) => id));
      token = page.continuation_token;
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(expected.map((index) => ids[index]));
  });

  it('shows a user their own, an administrator those of every user, a user without permissions none', async () => {
    const tenant = await Tenant.publish();
    const [one, other] = [await tenant.user(), await tenant.user()];
    const first = await one.begin();
    const theirs = [(await one.begin({ service_id: OTHER_SERVICE })).id, first.id];
    const { id } = await other.begin();
    expect(await listedIds('', other)).toEqual([id]);
    expect(await listedIds(`?user_id=${one.userId}`, other)).toEqual([]);
    expect(await listedIds('', tenant.administrator)).toEqual([id, ...theirs]);
    expect(await listedIds(`?user_id=${other.userId}`, tenant.administrator)).toEqual([id]);
    expect(await listedIds('', tenant.client(NOBODY))).toEqual([]);
  });

  it('merges the shards of many users into one order, page by page', async () => {
    const tenant = await Tenant.publish();
    const { administrator } = tenant;
    const created: string[] = [];
    for (let index = 0; index < 6; index += 1) created.push((await (await tenant.user()).begin()).id);
    const first = await list(administrator, '?limit=4');
    const second = await list(administrator, `?limit=2&continuation_token=${first.continuation_token}`);
    const seen = [...first.conversations, ...second.conversations].map(({ id }) => id);
    expect(seen).toEqual(created.toReversed());
  });
});

describe('tags', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await (user = await newUser()).begin({ tags: { a: '1', b: null } }));
  });
  const tagsNow = async () => (await list(user, `?id=${id}`)).conversations[0]?.tags;

  it('are set and deleted, deletes first', async () => {
    const response = await user.post(`/conversation/${id}/tags/`, {
      updates: { a: '2', ' new key ': ' v ' },
      deletes: ['b', 'a', 'missing'],
    });
    expect(response.status).toBe(204);
    expect(await tagsNow()).toEqual({ a: '2', 'new key': 'v' });
  });

  it('are twenty at most: more changes nothing', async () => {
    const nineteen = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`k${index}`, null]));
    const response = await user.post(`/conversation/${id}/tags/`, { updates: nineteen });
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([400, 'too_many_tags']);
    expect(await tagsNow()).toEqual({ a: '1', b: null });
    const replaced = await user.post(`/conversation/${id}/tags/`, { updates: nineteen, deletes: ['a'] });
    expect(replaced.status).toBe(204);
    expect(Object.keys((await tagsNow()) ?? {})).toHaveLength(20);
  });
});
