import * as z from 'zod';
import { allows } from '../../access/permissions.ts';
import { limitsOf, type Bound } from '../../budget/bounds.ts';
import type { BoundStanding } from '../../budget/budget.ts';
import { readUsage } from '../../budget/client.ts';
import { endOf, periodAt } from '../../budget/periods.ts';
import { NO_USAGE, sumOf, type UsageCounts } from '../../budget/usage.ts';
import { UsageAnswer } from '../../contract/usage.ts';
import { homeOf } from '../../home.ts';
import { problem } from '../../problems.ts';
import type { BudgetLimit } from '../../registry/budgets.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, OrganizationParams } from '../parameters.ts';

/** The most days of a range: a year and the month that began it. */
const MAX_DAYS = 400;
/** The most groups of an answer. */
const MAX_GROUPS = 2_000;
/** The days that a question without a range is about. */
const USUAL_DAYS = 30;
const DAY_MS = 86_400_000;

const COLUMNS = ['day', 'service', 'model', 'kind'] as const;
/** Columns with commas between them, each at most once. */
const GROUPING = /^(day|service|model|kind)(,(day|service|model|kind)){0,3}$/;

const Day = z.iso.date({ error: 'must be a day, such as 2026-11-26' }).max(10);

const UsageQuery = z.object({
  from: Day.optional().meta({ description: 'The first day (UTC); 29 days before `to` if absent.' }),
  to: Day.optional().meta({ description: 'The last day (UTC), inclusive; today if absent.' }),
  group_by: z
    .string()
    .max(40)
    .regex(GROUPING, 'must name day, service, model or kind, with commas between them')
    .default('day,service,model,kind')
    .meta({ description: 'The columns to group by, with commas between them.' }),
});

/** Returns the range of a question as days. Throws 422 for one that ends before it begins, or is too long. */
function rangeOf({ from, to }: z.infer<typeof UsageQuery>, now: number): { from: string; to: string } {
  const last = to ?? periodAt('day', now);
  const first = from ?? periodAt('day', Date.parse(last) - (USUAL_DAYS - 1) * DAY_MS);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  if (days >= 1 && days <= MAX_DAYS) return { from: first, to: last };
  throw problem(
    'request_invalid',
    `The range must have from 1 to ${MAX_DAYS} days: "to" must not be before "from".`,
  );
}

function shown({ micro_usd, ...counts }: UsageCounts) {
  return { ...counts, cost_usd: micro_usd / 1_000_000 };
}

/** A limit with its bound; null for one of each service or person, which has no standing of its own. */
interface Limit {
  budget: BudgetLimit;
  unit: Bound['unit'];
  limit: number;
  bound: Bound | null;
}

function limitsIn(budgets: readonly BudgetLimit[]): Limit[] {
  return budgets.flatMap((budget) => {
    const { scope, service_id, period } = budget;
    const subject =
      scope === 'organization' ? scope : service_id === undefined ? null : `service:${service_id}`;
    return limitsOf(budget).map(([unit, limit]) => ({
      budget,
      unit,
      limit,
      bound: subject === null ? null : { subject, period, unit, limit, soft_percent: null, notify_url: null },
    }));
  });
}

function standingOf({ budget, unit, limit }: Limit, standing: BoundStanding | null, now: number) {
  const { scope, service_id = null, period, soft_percent = null } = budget;
  const value = (amount: number) => (unit === 'micro_usd' ? amount / 1_000_000 : amount);
  const resets = standing?.resets_at ?? endOf(periodAt(period, now));
  return {
    scope,
    service_id,
    period,
    unit: unit === 'micro_usd' ? ('usd' as const) : unit,
    limit: value(limit),
    soft_percent,
    spent: standing && value(standing.spent),
    held: standing && value(standing.held),
    left: standing && value(Math.max(limit - standing.spent - standing.held, 0)),
    resets_at: new Date(resets).toISOString(),
  };
}

export const getUsage = operation(
  {
    id: 'get-usage',
    isExtension: true,
    tag: 'Organization',
    summary: 'Get usage',
    description:
      'Returns the tokens, the calls and the cost of models by day, service, model and kind of work, and how the budgets ' +
      'stand. A conversation reports what it has used when it is finished or has been idle for ten minutes.',
    method: 'get',
    path: '/v1/{organization}/usage',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Organization:GetUsage', on: 'the organization' }],
      impactedBy: [],
    },
    params: OrganizationParams,
    query: UsageQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The usage.',
        content: { type: 'application/json', schema: UsageAnswer },
      },
      404: { description: 'The organization does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, organization, query, answer }) => {
    const { caller } = signedIn(c);
    if (!allows(caller.grants, 'Organization:GetUsage', { org_id: organization.id })) {
      throw problem('permission_missing', 'This requires the permission Organization:GetUsage.');
    }
    const now = Date.now();
    const range = rangeOf(query, now);
    const named = query.group_by.split(',');
    const columns = COLUMNS.filter((column) => named.includes(column));
    const limits = limitsIn(organization.budgets ?? []);
    const bounds = limits.flatMap(({ bound }) => bound ?? []);
    const question = { ...range, columns, limit: MAX_GROUPS + 1, bounds };
    const { groups, standing } = await readUsage(env, homeOf(organization), question);
    const found = groups.slice(0, MAX_GROUPS);
    const total = found.reduce<UsageCounts>((sum, group) => sumOf(sum, group), NO_USAGE);
    const standings = standing.values();
    return answer({
      ...range,
      groups: found.map(({ day, service, model, kind, ...counts }) => ({
        ...(day !== undefined && { day }),
        ...(service !== undefined && { service_id: service }),
        ...(model !== undefined && { model }),
        ...(kind !== undefined && { kind }),
        ...shown(counts),
      })),
      is_complete: groups.length <= MAX_GROUPS,
      total: shown(total),
      budgets: limits.map((limit) =>
        standingOf(limit, limit.bound === null ? null : (standings.next().value ?? null), now),
      ),
    });
  },
);
