/** Schema of the budgets of an organization. */
import * as z from 'zod';
import { Identifier } from './primitives.ts';

/** Maximum number of budgets of an organization. Each turn looks at all of them. */
export const MAX_BUDGETS = 20;
/** Maximum of a budget in each unit. Sums stay far below the largest exact number. */
const MAX_TOKENS = 1_000_000_000_000;
const MAX_USD = 10_000_000;
const MAX_TURNS = 1_000_000_000;
/** Minimum of a budget in US dollars: one millionth, the unit in which money is counted. */
const MIN_USD = 0.000_001;

/**
 * Schema of a budget: a hard limit of what is spent in a calendar day or month (UTC), by the organization, by a service, or
 * by one person.
 */
export const BudgetLimit = z
  .strictObject({
    /** The part that has the limit: `service` each service, `user` each known user, `visitor` each visitor. */
    scope: z.enum(['organization', 'service', 'user', 'visitor']),
    /** With the scope `service`: the one service that the budget is for. */
    service_id: Identifier.optional(),
    period: z.enum(['day', 'month']),
    /** Input and output tokens of models together. */
    tokens: z.int().min(1).max(MAX_TOKENS).optional(),
    /** US dollars by the prices of the models. */
    usd: z.number().min(MIN_USD).max(MAX_USD).optional(),
    turns: z.int().min(1).max(MAX_TURNS).optional(),
    /** The percentage from which the economical models are used and the address below is told. */
    soft_percent: z.int().min(1).max(99).optional(),
    /** The address that gets a signed message, once in a period, when the percentage is passed. */
    notify_url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2_000)
      .optional(),
  })
  .refine(({ tokens, usd, turns }) => tokens !== undefined || usd !== undefined || turns !== undefined, {
    message: 'must have a limit: "tokens", "usd" or "turns"',
  })
  .refine(({ scope, service_id }) => service_id === undefined || scope === 'service', {
    path: ['service_id'],
    message: 'is only for the scope "service"',
  })
  .refine(({ soft_percent, notify_url }) => notify_url === undefined || soft_percent !== undefined, {
    path: ['notify_url'],
    message: 'needs "soft_percent": it is told when that percentage is passed',
  })
  .refine(
    ({ scope, notify_url }) => notify_url === undefined || scope === 'organization' || scope === 'service',
    {
      path: ['notify_url'],
      message: 'is only for the scopes "organization" and "service"',
    },
  );
export type BudgetLimit = z.infer<typeof BudgetLimit>;

/** Limits of each visitor of a service, as the service states them. */
export interface VisitorLimits {
  turns_per_day?: number | undefined;
  tokens_per_day?: number | undefined;
}

/** Returns the budget that keeps the limits of each visitor; none where a service states no limits. */
export function visitorBudgets(limits: VisitorLimits | undefined): BudgetLimit[] {
  if (limits === undefined) return [];
  const { turns_per_day: turns, tokens_per_day: tokens } = limits;
  return [
    {
      ...{ scope: 'visitor' as const, period: 'day' as const },
      ...(turns !== undefined && { turns }),
      ...(tokens !== undefined && { tokens }),
    },
  ];
}
