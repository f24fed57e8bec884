/** Checks the budgets of an organization against its services and models. */
import type { Draft } from './draft.ts';
import type { Issue } from './issues.ts';

/** Returns the issues of budgets: an unknown service, and a limit in money where a model has no prices. */
export function budgetIssues({ organization, services, models, unread }: Draft): Issue[] {
  const budgets = organization?.budgets ?? [];
  const known = new Set([...services.flatMap((service) => service?.id ?? []), ...unread]);
  const unpriced = models.find((model) => model !== null && model.prices === null)?.name;
  return budgets.flatMap(({ service_id, usd }, index) => {
    const path = ['organization', 'budgets', index];
    const isUnknown = service_id !== undefined && !known.has(service_id);
    const isUncountable = usd !== undefined && unpriced !== undefined;
    return [
      ...(isUnknown ? [{ path: [...path, 'service_id'], message: `there is no service ${service_id}` }] : []),
      ...(isUncountable
        ? [
            {
              path: [...path, 'usd'],
              message: `needs the prices of every model: "${unpriced}" has none`,
            },
          ]
        : []),
    ];
  });
}
