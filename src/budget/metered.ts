/** Work outside of turns that calls models under a lease of its own: starters, recommendations and analyses. */
import type { UsageMeter } from '../agent/usage.ts';
import type { ModelCall } from '../contract/insights.ts';
import { logError } from '../log.ts';
import { ProblemError } from '../problems.ts';
import type { Amounts } from './amounts.ts';
import { settleWith, type Budgets } from './client.ts';
import { LeaseHolder, type LeaseConcern } from './lease-holder.ts';
import { rowsOf, spentBy } from './tally.ts';
import type { UsageReport } from './usage.ts';

/** Work that calls models. */
export interface MeteredWork extends LeaseConcern {
  /** Names the work: no other lease has the same holder. */
  holder: string;
  need: Amounts;
  service_id: string;
  /** True when the work reports its usage itself, because nothing else stores it. */
  reports: boolean;
  /** True without the maxima of a turn. */
  isOpen?: boolean;
  /** Is called with every call that has ended. */
  onCall?: (call: ModelCall) => void;
}

/** Does something after the answer. */
export type After = (work: Promise<unknown>) => void;

/**
 * Does work with a meter. Throws `budget_exhausted` when the budget refuses it, before or in the middle. What was used is
 * settled in `after`. `isEconomical` tells whether the economical models are to be used.
 */
export async function metered<T>(
  env: Budgets,
  work: MeteredWork,
  after: After,
  run: (meter: UsageMeter, isEconomical: boolean) => Promise<T>,
): Promise<T> {
  const { home, holder: name, bounds, need, service_id, reports } = work;
  const holder = new LeaseHolder(env, name);
  const refused = bounds.length === 0 ? null : await holder.renew(work, need);
  if (refused !== null) throw new ProblemError(refused.problem);
  const calls: ModelCall[] = [];
  const onCall = (call: ModelCall) => {
    calls.push(call);
    if (bounds.length > 0) holder.spend(spentBy([call], 0));
    work.onCall?.(call);
  };
  const meter = holder.meter(work, { onCall, ...(work.isOpen === true && { isOpen: true }) });
  try {
    return await run(meter, holder.isSoft);
  } finally {
    const rows = reports ? rowsOf(calls, Date.now()) : [];
    // A report without a number is sent once: it is not recognized when it is sent again.
    const report: UsageReport | null =
      rows.length > 0 ? { reporter: name, service_id, number: 0, rows } : null;
    after(
      settleWith(env, home, holder.settlement(bounds), report).catch((error: unknown) => {
        logError('usage_not_reported', error);
      }),
    );
  }
}
