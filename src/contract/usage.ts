/** Usage of models by an organization, and its budgets. */
import * as z from 'zod';

const counts = {
  input_tokens: z.int(),
  cached_input_tokens: z.int().meta({
    description: 'Those of the input that the provider had in its cache.',
  }),
  output_tokens: z.int(),
  model_calls: z.int(),
  estimated_calls: z.int().meta({
    description: 'Calls whose tokens are estimated, because the provider did not count them.',
  }),
  cost_usd: z.number().meta({
    description: 'In US dollars by the prices of the registry; a model without prices costs nothing here.',
  }),
};

/** Usage of one group: its members are the columns that were asked for. */
const UsageGroup = z
  .object({
    day: z.string().optional().meta({ description: 'A day in UTC.' }),
    service_id: z.string().optional(),
    model: z.string().optional().meta({ description: 'The name of the model in the registry.' }),
    kind: z.string().optional().meta({
      description:
        'What models were called for: `turn`, `summary`, `analysis`, `starters`, `recommendation`.',
    }),
    ...counts,
  })
  .meta({ id: 'UsageGroup' });

/** A limit of a budget, and how it stands in the present period. */
const BudgetStanding = z
  .object({
    scope: z.string(),
    service_id: z.string().nullable(),
    period: z.string(),
    unit: z.enum(['tokens', 'usd', 'turns']),
    limit: z.number(),
    soft_percent: z.int().nullable(),
    spent: z.number().nullable().meta({
      description: 'What is settled; null for a budget of each service, user or visitor.',
    }),
    held: z.number().nullable().meta({ description: 'What open leases hold.' }),
    left: z.number().nullable(),
    resets_at: z.iso.datetime().meta({ description: 'When the period ends.' }),
  })
  .meta({ id: 'BudgetStanding' });

/** The usage of models in a range of days, and the budgets. */
export const UsageAnswer = z
  .object({
    from: z.string(),
    to: z.string(),
    groups: z.array(UsageGroup).meta({ description: 'At most 2,000, in the order of their columns.' }),
    is_complete: z.boolean().meta({ description: 'False when there are more groups.' }),
    total: z.object(counts),
    budgets: z.array(BudgetStanding),
  })
  .meta({ id: 'GetUsageResponse' });
/** The usage of models in a range of days, and the budgets. */
export type UsageAnswer = z.infer<typeof UsageAnswer>;
