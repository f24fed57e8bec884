/** The budget object in the runtime: leases under concurrency and eviction, usage that is counted once, and notices. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NOTHING } from '../../src/budget/amounts.ts';
import type { Bound } from '../../src/budget/bounds.ts';
import { MAX_ATTEMPTS, sendDue } from '../../src/budget/notices.ts';
import { BudgetStore } from '../../src/budget/store.ts';
import type { UsageReport, UsageRow } from '../../src/budget/usage.ts';
import { NO_USAGE } from '../../src/budget/usage.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { testEnv } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { collectLog } from '../support/log-lines.ts';

const ORGANIZATION = 'fruit';
const fresh = () => testEnv.BUDGET.getByName(newIdentifier(Date.now()));

const daily = (limit: number, more: Partial<Bound> = {}): Bound => ({
  subject: 'organization',
  period: 'day',
  unit: 'tokens',
  limit,
  soft_percent: null,
  notify_url: null,
  ...more,
});

const renewal = (holder: string, bounds: Bound[], tokens = 100) => ({
  ...{ holder, number: 0, used: NOTHING, unleased: NOTHING, bounds },
  need: { tokens, micro_usd: 0, turns: 1 },
  want: { tokens, micro_usd: 0, turns: 1 },
});

const row = (tokens: number, more: Partial<UsageRow> = {}): UsageRow => ({
  ...NO_USAGE,
  day: '2026-11-26',
  model: 'small',
  kind: 'turn',
  input_tokens: tokens,
  model_calls: 1,
  ...more,
});

const report = (number: number, rows: UsageRow[], reporter = 'c'): UsageReport => ({
  reporter,
  service_id: 's',
  number,
  rows,
});

async function total(stub: ReturnType<typeof fresh>): Promise<number | null> {
  const question = { from: '2026-01-01', to: '2026-12-31', columns: [], limit: 1, bounds: [] };
  return (await stub.usage(question)).groups[0]?.input_tokens ?? null;
}

async function standing(stub: ReturnType<typeof fresh>, bound: Bound) {
  const question = { from: '2026-01-01', to: '2026-01-01', columns: [], limit: 1, bounds: [bound] };
  return (await stub.usage(question)).standing[0];
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the budget object', () => {
  it('never grants more than the limit to 200 conversations at once, and lets all of it be used', async () => {
    const stub = fresh();
    const bound = daily(30_000);
    let spent = 0;
    const converse = async (name: string) => {
      const answer = await stub.renew(ORGANIZATION, renewal(name, [bound]));
      const { held = 0, spent: counted = 0 } = (await standing(stub, bound)) ?? {};
      expect(held + counted).toBeLessThanOrEqual(bound.limit);
      if (answer.kind === 'refused') return;
      const used = { tokens: 100, micro_usd: 0, turns: 1 };
      spent += used.tokens;
      await stub.settle(
        { holder: name, number: answer.lease.number, used, unleased: NOTHING, bounds: [bound] },
        null,
      );
    };
    for (let round = 0; round < 10 && spent < bound.limit; round += 1) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => converse(`c${index}`)));
    }
    expect(spent).toBe(bound.limit);
  });

  it('holds an open lease over an eviction, as if it were spent', async () => {
    const stub = fresh();
    const bound = daily(500);
    expect((await stub.renew(ORGANIZATION, renewal('a', [bound], 400))).kind).toBe('granted');
    await evict(stub);
    expect(await stub.renew(ORGANIZATION, renewal('b', [bound], 400))).toMatchObject({
      kind: 'refused',
      bound: { unit: 'tokens' },
    });
    expect(await standing(stub, bound)).toMatchObject({ spent: 0, held: 400 });
  });

  it('stores nothing for a question, and nothing for a settlement of nothing', async () => {
    const stub = fresh();
    await total(stub);
    await stub.settle({ ...renewal('a', []), bounds: [] }, null);
    const tables = await runInDurableObject(stub, (_instance, { storage }) =>
      storage.sql
        .exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`)
        .toArray(),
    );
    expect(tables).toEqual([]);
  });

  it('counts what was spent without a lease', async () => {
    const stub = fresh();
    const bound = daily(10_000);
    const unleased = { tokens: 700, micro_usd: 0, turns: 1 };
    await stub.renew(ORGANIZATION, { ...renewal('a', [bound]), unleased });
    expect((await standing(stub, bound))?.spent).toBe(700);
  });

  it('forgets everything of a deleted organization', async () => {
    const stub = fresh();
    await stub.settle(null, report(1, [row(10)]));
    await stub.forget();
    expect(await total(stub)).toBeNull();
  });
});

describe('reports of usage', () => {
  it('are counted once, however often they are sent', async () => {
    const stub = fresh();
    for (let time = 0; time < 3; time += 1) await stub.settle(null, report(1, [row(10)]));
    await evict(stub);
    await stub.settle(null, report(1, [row(10)]));
    expect(await total(stub)).toBe(10);
  });

  it('are counted by what is new when they are sent again with more in them', async () => {
    const stub = fresh();
    await stub.settle(null, report(1, [row(10)]));
    await stub.settle(null, report(1, [row(25), row(5, { kind: 'analysis' })]));
    await stub.settle(null, report(2, [row(100)]));
    // A late copy of the first report.
    await stub.settle(null, report(1, [row(10)]));
    expect(await total(stub)).toBe(130);
  });

  it('are grouped by day, service, model and kind', async () => {
    const stub = fresh();
    await stub.settle(null, report(1, [row(1), row(2, { model: 'large' }), row(4, { kind: 'summary' })]));
    await stub.settle(null, { ...report(1, [row(8, { day: '2026-11-27' })], 'd'), service_id: 't' });
    const by = async (columns: readonly ('day' | 'service' | 'model' | 'kind')[], to = '2026-11-30') => {
      const { groups } = await stub.usage({ from: '2026-11-26', to, columns, limit: 100, bounds: [] });
      return groups.map(({ input_tokens, ...group }) => [
        ...columns.map((name) => group[name]),
        input_tokens,
      ]);
    };
    expect(await by(['service'])).toEqual([
      ['s', 7],
      ['t', 8],
    ]);
    expect(await by(['model'])).toEqual([
      ['large', 2],
      ['small', 13],
    ]);
    expect(await by(['day', 'kind'])).toEqual([
      ['2026-11-26', 'summary', 4],
      ['2026-11-26', 'turn', 3],
      ['2026-11-27', 'turn', 8],
    ]);
    expect(await by([], '2026-11-26')).toEqual([[7]]);
  });
});

describe('the notice of a soft percentage', () => {
  const url = 'https://hook.example.com/budget';
  const soft = (more: Partial<Bound> = {}) => daily(1_000, { soft_percent: 50, notify_url: url, ...more });

  function answers(status: number) {
    return vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('', { status }));
  }

  it('is posted once in a period, signed, when the percentage is passed', async () => {
    const stub = fresh();
    const posted = answers(204);
    await stub.renew(ORGANIZATION, renewal('a', [soft()], 400));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(posted).not.toHaveBeenCalled();
    for (const name of ['b', 'c']) await stub.renew(ORGANIZATION, renewal(name, [soft()], 150));
    await runDurableObjectAlarm(stub);
    await runDurableObjectAlarm(stub);
    expect(posted).toHaveBeenCalledTimes(1);
    const [address, init] = posted.mock.calls[0] ?? [];
    const headers = init?.headers as Record<string, string>;
    const [, claims = ''] = (headers['x-budget-notice-token'] ?? '').split('.');
    const { aud, body_sha256 } = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      string
    >;
    expect([address, aud]).toEqual([url, 'https://hook.example.com']);
    const sent = init?.body as string;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sent)));
    expect(body_sha256).toBe(digest.toBase64({ alphabet: 'base64url', omitPadding: true }));
    expect(JSON.parse(sent)).toMatchObject({
      type: 'budget-soft-limit-passed',
      organization: ORGANIZATION,
      scope: 'organization',
      unit: 'tokens',
      limit: 1_000,
      soft_percent: 50,
      committed: 550,
    });
  });

  it('is sent again while its address fails, and given up at last', async () => {
    const stub = fresh();
    const posted = answers(500);
    await stub.renew(ORGANIZATION, renewal('a', [soft()], 600));
    for (let time = 0; time < MAX_ATTEMPTS + 2; time += 1) {
      await runDurableObjectAlarm(stub);
      await runInDurableObject(stub, (_instance, { storage }) => {
        storage.sql.exec('UPDATE notices SET due_at = 1 WHERE due_at IS NOT NULL');
      });
    }
    expect(posted).toHaveBeenCalledTimes(MAX_ATTEMPTS);
  });

  it.each(['http://10.0.0.5/', 'http://localhost/', 'http://[::1]/', 'http://169.254.169.254/latest'])(
    'is not sent to %s in production: that is logged, and it is given up like any other',
    async (address) => {
      const stub = fresh();
      const posted = answers(204);
      const log = collectLog();
      await stub.renew(ORGANIZATION, renewal('a', [soft({ notify_url: address })], 600));
      for (let time = 0; time < MAX_ATTEMPTS + 2; time += 1) {
        await runInDurableObject(stub, async (_instance, { storage }) => {
          storage.sql.exec('UPDATE notices SET due_at = 1 WHERE due_at IS NOT NULL');
          const setting = { signingKeys: testEnv.SIGNING_KEYS, privateAddresses: false };
          await sendDue(new BudgetStore(storage), setting, Date.now());
        });
      }
      expect(posted).not.toHaveBeenCalled();
      expect(log.of('budget_notice_failed')).toHaveLength(MAX_ATTEMPTS);
      expect(log.of('budget_notice_given_up')).toHaveLength(1);
      // What the message was about stays out of the log.
      expect(log.all()).not.toContain(address);
    },
  );

  it('marks the lease, so that the economical models are used', async () => {
    const stub = fresh();
    const lease = async (name: string, tokens: number) => {
      const answer = await stub.renew(ORGANIZATION, renewal(name, [soft({ notify_url: null })], tokens));
      return answer.kind === 'granted' && answer.lease.soft;
    };
    expect([await lease('a', 400), await lease('b', 100), await lease('c', 100)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
