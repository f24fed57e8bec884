/** The list of an organization over several shards, asked as the Worker asks it. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { grantsFor } from '../../src/access/permissions.ts';
import { listConversations } from '../../src/directory/client.ts';
import { directoryOf } from '../../src/objects.ts';
import { Directory } from '../../src/directory/directory.ts';
import { SEARCH_BOUNDS } from '../../src/directory/search.ts';
import { testEnv } from '../support/client.ts';

// Shards of many thousand conversations, on a machine that may be busy with others.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const organization = { id: 'paging', directory_shards: 3 };
/** More than the shards look at for one page, however often they are asked. */
const PER_SHARD = 15_000;
const query = {
  user_ids: null,
  service_ids: [],
  ids: [],
  is_finished: null,
  tags: [],
  ascending: false,
  after: 0,
  limit: 50,
};

function callerWith(role: string) {
  const about = { user_id: 'admin', org_id: 'paging' };
  return {
    request_id: 'test',
    organization: 'paging',
    user_id: 'admin',
    grants: grantsFor(DEFAULT_ROLES[role]!, about),
  };
}
const administrator = callerWith('DefaultAdministratorRole');

beforeAll(async () => {
  for (let shard = 0; shard < organization.directory_shards; shard += 1) {
    await runInDurableObject(
      directoryOf(testEnv, { organization: 'paging' }, shard),
      (_instance, { storage }) => {
        storage.sql.exec(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO conversations SELECT 64 * i + ?, printf('%023x', i) || ?, 'user-' || i, 'service',
           CASE WHEN i IN (1, 2, 14000) THEN 'finished' ELSE 'open' END, 1, '[]', 'Bye', 3, '{}', '{}', NULL FROM n`,
          PER_SHARD,
          shard,
          shard,
        );
      },
    );
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Three conversations in each shard are finished, and no index leads to them. */
const sought = { ...query, is_finished: true };

describe('the list of a large organization', () => {
  it('returns full pages at once if every conversation matches', async () => {
    const pages = vi.spyOn(Directory.prototype, 'page');
    const page = await listConversations(testEnv, organization, query, administrator);
    expect(page.conversations).toHaveLength(50);
    expect(page.next).toBe(page.conversations.at(-1)?.position);
    expect(pages).toHaveBeenCalledTimes(3);
  });

  it.each([false, true])(
    'finds rare conversations from page to page at a small cost for each page (ascending: %s)',
    async (ascending) => {
      const seen: string[] = [];
      const sizes: number[] = [];
      const pages = vi.spyOn(Directory.prototype, 'page');
      for (let after: number | null = 0; after !== null;) {
        pages.mockClear();
        const page: Awaited<ReturnType<typeof listConversations>> = await listConversations(
          testEnv,
          organization,
          { ...sought, ascending, after },
          administrator,
        );
        // Each of three shards is asked five times at most.
        expect(pages.mock.calls.length).toBeLessThanOrEqual(15);
        seen.push(...page.conversations.map(({ user_id }) => user_id));
        sizes.push(page.conversations.length);
        after = page.next;
      }
      const newest = ['user-14000', 'user-2', 'user-1'].flatMap((user) => [user, user, user]);
      expect(seen).toEqual(ascending ? newest.toReversed() : newest);
      expect(sizes.length).toBeGreaterThan(1);
      expect(sizes.length).toBeLessThanOrEqual(1 + Math.ceil(PER_SHARD / (5 * SEARCH_BOUNDS.scanned)));
    },
  );

  it('asks once more instead of returning an empty page', async () => {
    const narrow = { ...sought, after: 64 * 14_000 + 64 * 2 * SEARCH_BOUNDS.scanned };
    const page = await listConversations(testEnv, organization, narrow, administrator);
    expect(new Set(page.conversations.map(({ user_id }) => user_id))).toEqual(new Set(['user-14000']));
  });

  it('is empty and complete for a caller who may see nothing', async () => {
    const page = await listConversations(testEnv, organization, query, { ...administrator, grants: [] });
    expect(page).toEqual({ conversations: [], next: null });
  });
});
