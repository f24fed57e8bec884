/** The operation that reads usage and budgets. */
import { describe, expect, it } from 'vitest';
import { NO_USAGE } from '../../src/budget/usage.ts';
import { testEnv } from '../support/client.ts';
import { SERVICE } from '../support/organization.ts';
import { Tenant } from '../support/tenant.ts';

interface Usage {
  groups: Record<string, unknown>[];
  total: Record<string, number>;
  budgets: Record<string, unknown>[];
  is_complete: boolean;
}

const row = (day: string, model: string, tokens: number) => ({
  ...NO_USAGE,
  ...{ day, model, kind: 'turn' as const, input_tokens: tokens, model_calls: 1, micro_usd: 1_500_000 },
});

async function tenantWithUsage(): Promise<Tenant> {
  const tenant = await Tenant.publish({
    budgets: [
      { scope: 'organization', period: 'month', usd: 12.5, soft_percent: 80 },
      { scope: 'user', period: 'day', turns: 20 },
    ],
  });
  const rows = [row('2026-11-01', 'small', 10), row('2026-11-02', 'large', 5)];
  const report = { reporter: 'c', service_id: SERVICE, number: 1, rows };
  await testEnv.BUDGET.getByName(tenant.id).settle(null, report);
  return tenant;
}

describe('the usage of an organization', () => {
  it('is grouped as it is asked for, with the cost and the budgets', async () => {
    const { administrator } = await tenantWithUsage();
    const usage = await administrator.get<Usage>(
      '/usage?from=2026-11-01&to=2026-11-30&group_by=model,service',
    );
    expect(usage).toMatchObject({
      groups: [
        { service_id: SERVICE, model: 'large', input_tokens: 5, cost_usd: 1.5 },
        { service_id: SERVICE, model: 'small', input_tokens: 10, cost_usd: 1.5 },
      ],
      total: { input_tokens: 15, model_calls: 2, cost_usd: 3 },
      is_complete: true,
      budgets: [
        { scope: 'organization', unit: 'usd', limit: 12.5, soft_percent: 80, spent: 0, held: 0, left: 12.5 },
        { scope: 'user', unit: 'turns', limit: 20, spent: null, held: null, left: null },
      ],
    });
    const first = await administrator.get<Usage>('/usage?from=2026-11-01&to=2026-11-01');
    expect(first.groups).toMatchObject([{ day: '2026-11-01', kind: 'turn', input_tokens: 10 }]);
  });

  it.each([
    ['ends before it begins', 'from=2026-11-02&to=2026-11-01'],
    ['is longer than 400 days', 'from=2025-01-01&to=2026-11-01'],
    ['has no days', 'from=yesterday'],
    ['is grouped by something else', 'group_by=user'],
  ])('is refused for a question that %s', async (_what, query) => {
    const { administrator } = await Tenant.publish();
    expect((await administrator.request(`/usage?${query}`)).status).toBe(422);
  });

  it('is for administrators, and for no user', async () => {
    const tenant = await Tenant.publish();
    const user = await tenant.user();
    expect((await user.request('/usage')).status).toBe(403);
    expect((await tenant.administrator.request('/usage')).status).toBe(200);
  });
});
