/** The limits that a turn must keep, from the budgets of its organization. Pure. */
import { sha256 } from '../digest.ts';
import type { BudgetLimit } from '../registry/budgets.ts';
import type { Unit } from './amounts.ts';
import type { Period } from './periods.ts';

/** One limit in one unit. `subject` names what is counted: the organization, a service or one person. */
export interface Bound {
  subject: string;
  period: Period;
  unit: Unit;
  limit: number;
  /** The percentage from which a service uses its economical models; null for none. */
  soft_percent: number | null;
  /** The address that is told when the percentage is passed; null for none. */
  notify_url: string | null;
}

/** The service and the person of a turn. */
export interface Concern {
  service_id: string;
  user_id: string;
  isVisitor: boolean;
}

/** Returns the limits of a budget, one for each unit that it names. Dollars become whole millionths. */
export function limitsOf({ tokens, usd, turns }: BudgetLimit): [Unit, number][] {
  const limits: [Unit, number | undefined][] = [
    ['tokens', tokens],
    ['micro_usd', usd === undefined ? undefined : Math.round(usd * 1_000_000)],
    ['turns', turns],
  ];
  return limits.flatMap(([unit, limit]) => (limit === undefined ? [] : [[unit, limit]]));
}

/**
 * Returns the name under which the spending of a person is counted: a digest, so that the counters hold no identifier of a
 * person.
 */
export async function personSubject(scope: 'user' | 'visitor', organization: string, userId: string) {
  const digest = await sha256(`budget ${organization} ${userId}`);
  return `${scope}:${digest.toBase64({ alphabet: 'base64url', omitPadding: true }).slice(0, 22)}`;
}

/** Returns what a budget counts of a concern; null where the budget does not concern it. */
async function subjectOf(
  { scope, service_id }: BudgetLimit,
  organization: string,
  concern: Concern,
): Promise<string | null> {
  switch (scope) {
    case 'organization':
      return 'organization';
    case 'service':
      return service_id === undefined || service_id === concern.service_id
        ? `service:${concern.service_id}`
        : null;
    case 'user':
    case 'visitor':
      return concern.isVisitor === (scope === 'visitor')
        ? personSubject(scope, organization, concern.user_id)
        : null;
  }
}

/** Returns every limit that concerns a turn. Empty where none does: then nothing is asked and nothing is stored. */
export async function boundsOf(
  budgets: readonly BudgetLimit[],
  organization: string,
  concern: Concern,
): Promise<Bound[]> {
  const bounds: Bound[] = [];
  for (const budget of budgets) {
    const subject = await subjectOf(budget, organization, concern);
    if (subject === null) continue;
    const { period, soft_percent = null, notify_url = null } = budget;
    for (const [unit, limit] of limitsOf(budget)) {
      bounds.push({ subject, period, unit, limit, soft_percent, notify_url });
    }
  }
  return bounds;
}
