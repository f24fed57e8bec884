/** The list where owners decide who sees their conversations: right pages, and few looks at owners. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { directoryOf } from '../../src/objects.ts';
import type { Reservation } from '../../src/directory/summary.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { testEnv, type Client } from '../support/client.ts';
import { SERVICE } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

interface Page {
  conversations: { id: string; user_id: string }[];
  has_more: boolean;
  continuation_token: number | null;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** For tests that make many conversations. */
const SLOW = { timeout: 60_000 };

type Stated = boolean | null;

/** Conversations of one fresh user each, who state what is given, oldest first. */
async function conversations(tenant: Tenant, stated: readonly Stated[]) {
  const made: { id: string; owner: Client; stated: Stated }[] = [];
  for (const visible of stated) {
    const owner = await tenant.user({ preferences: { conversations_visible_to_admins: visible } });
    made.push({ ...(await owner.begin()), owner, stated: visible });
  }
  return made;
}

/** Every page of a list until there are no more, and whether each but the last said that there was more. */
async function pages(client: Client, query: string): Promise<string[][]> {
  const seen: string[][] = [];
  for (let token: number | null = 0; token !== null;) {
    const page: Page = await client.get<Page>(`/conversation/?continuation_token=${token}&${query}`);
    expect(page.has_more).toBe(page.continuation_token !== null);
    seen.push(page.conversations.map(({ id }) => id));
    token = page.continuation_token;
  }
  return seen;
}

describe.each([true, false])('where the organization says %s', (byDefault) => {
  it('lists for an administrator what each owner shows, page by page', SLOW, async () => {
    const tenant = await Tenant.withDefault(byDefault);
    const made = await conversations(tenant, [null, false, true, false, null, true, false]);
    const shown = made.filter(({ stated }) => stated ?? byDefault).map(({ id }) => id);
    expect(shown.length).toBeGreaterThan(1);
    const { administrator } = tenant;
    expect(await pages(administrator, 'limit=150')).toEqual([shown.toReversed()]);
    const expected = { true: [2, 2], false: [2] }[`${byDefault}`];
    const down = await pages(administrator, 'limit=2');
    expect(down.map(({ length }) => length)).toEqual(expected);
    expect(down.flat()).toEqual(shown.toReversed());
    expect((await pages(administrator, 'limit=1&sort_by=%2Bcreated_at')).flat()).toEqual(shown);
  });

  it('lists for an administrator their own, whatever they say', async () => {
    const tenant = await Tenant.withDefault(byDefault);
    const self = await tenant.user({
      role: 'DefaultAdministratorRole',
      preferences: { conversations_visible_to_admins: false },
    });
    const { id } = await self.begin();
    expect((await pages(self, '')).flat()).toEqual([id]);
    expect((await pages(tenant.administrator, '')).flat()).toEqual([]);
  });

  it('finds a hidden conversation by no filter', async () => {
    const tenant = await Tenant.withDefault(byDefault);
    const [hidden] = await conversations(tenant, [false]);
    const { id, owner } = hidden!;
    for (const filter of [`id=${id}`, `user_id=${owner.userId}`, 'is_finished=false']) {
      expect((await pages(tenant.administrator, filter)).flat()).toEqual([]);
      expect((await pages(owner, filter)).flat()).toEqual([id]);
    }
  });
});

describe('where the organization hides conversations and no user decides', () => {
  it('lists for an administrator their own alone', async () => {
    const tenant = await Tenant.withDefault(false);
    const [user, administrator] = [await tenant.user(), tenant.administrator];
    await user.begin();
    const { id } = await administrator.begin();
    expect((await pages(administrator, '')).flat()).toEqual([id]);
    expect((await pages(administrator, `user_id=${user.userId}`)).flat()).toEqual([]);
    expect(
      (await pages(administrator, `user_id=${user.userId}&user_id=${administrator.userId}`)).flat(),
    ).toEqual([id]);
  });
});

describe('what a list reads of the registry', () => {
  async function readsOf(client: Client): Promise<{ keys: number; requests: number }> {
    const get = vi.spyOn(testEnv.REGISTRY, 'get');
    await client.get('/conversation/');
    const keys = get.mock.calls
      .flatMap(([key]) => key as string | string[])
      .filter((key) => key.includes(':user:') && !key.endsWith(`:${client.userId}`));
    const requests = get.mock.calls.length;
    get.mockRestore();
    return { keys: keys.length, requests };
  }

  it('is no owner where no user of the organization decides', async () => {
    const tenant = await Tenant.withDefault(true);
    for (let index = 0; index < 5; index += 1) await (await tenant.user()).begin();
    expect((await readsOf(tenant.administrator)).keys).toBe(0);
  });

  it('is each owner once, in one request, where a user does', async () => {
    const tenant = await Tenant.withDefault(true);
    const made = await conversations(tenant, [null, null, true, false]);
    await made[0]!.owner.post(`/conversation/${made[0]!.id}/finish/`);
    await made[0]!.owner.begin();
    // What the owners' own requests left in the isolate is trusted for ten seconds.
    const later = Date.now() + 11_000;
    vi.spyOn(Date, 'now').mockImplementation(() => later);
    const read = await readsOf(tenant.administrator);
    expect(read.keys).toBe(4);
    // The organization, the caller, whether users decide, and the owners.
    expect(read.requests).toBeLessThanOrEqual(4);
  });

  it('is nothing for a user who can only find their own', async () => {
    const tenant = await Tenant.withDefault(true);
    const [first] = await conversations(tenant, [false]);
    const get = vi.spyOn(testEnv.REGISTRY, 'get');
    await first!.owner.get('/conversation/');
    expect(get.mock.calls.flatMap(([key]) => key).filter((key) => key.endsWith(':preferences'))).toEqual([]);
  });
});

/** Puts finished conversations of a user into the list alone. */
async function finishedConversations(tenant: Tenant, user_id: string, count: number): Promise<void> {
  const versions = { name: 'release', agent: ['a', 1], graph: ['g', 1], llm_model_preferences: {} };
  await runInDurableObject(directoryOf(testEnv, { organization: tenant.id }, 0), (directory) => {
    for (let index = 0; index < count; index += 1) {
      const conversation_id = newIdentifier(Date.now());
      const reservation = { conversation_id, user_id, service_id: SERVICE, versions, tags: {}, shard: 0 };
      directory.reserve(reservation as Reservation);
      directory.record(conversation_id, {
        revision: 1,
        is_finished: true,
        completed_post_processings: [],
        final_message: '',
        num_messages: 1,
        tags: {},
      });
    }
  });
}

describe('a page among many hidden conversations', () => {
  it('ends, says that there is more, and goes on until all are seen', SLOW, async () => {
    const tenant = await Tenant.withDefault(true, { directory_shards: 1 });
    const [shown] = await conversations(tenant, [true]);
    const hiding = await tenant.user({ preferences: { conversations_visible_to_admins: false } });
    await finishedConversations(tenant, hiding.userId, 260);
    const seen = await pages(tenant.administrator, 'limit=1');
    expect(seen.flat()).toEqual([shown!.id]);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.length).toBeLessThan(5);
    expect((await pages(tenant.administrator, 'limit=150')).flat()).toEqual([shown!.id]);
  });
});
