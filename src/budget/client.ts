/** Asks the budget of an organization. */
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import type { Home } from '../home.ts';
import { logError } from '../log.ts';
import { budgetOf } from '../objects.ts';
import { failure, type Problem } from '../problems.ts';
import type { Service } from '../registry/services.ts';
import type { Bound } from './bounds.ts';
import type { UsageAnswer, UsageQuestion } from './budget.ts';
import type { Lease, Renewal, RenewalAnswer, Settlement } from './decide.ts';
import type { UsageReport } from './usage.ts';

/** Time that work waits for a lease, in milliseconds. After it, visitors are refused and known users go on. */
const LEASE_MS = 1_500;
/** Time that a settlement, a report or a question may take, in milliseconds. */
const SETTLE_MS = 10_000;

/** The bindings of budgets. */
export type Budgets = Pick<Env, 'BUDGET' | 'JURISDICTIONS'>;

/** The answer to a request for a lease. `open`: the budget does not answer, and the user may go on without one. */
export type LeaseAnswer =
  | { kind: 'granted'; lease: Lease }
  | { kind: 'open' }
  | { kind: 'refused'; problem: Problem; resets_at: number };

/** Names what a limit is of, for people. */
function nameOf({ subject, period }: Bound): string {
  const scope = subject.split(':', 1)[0] ?? '';
  const owner = scope === 'user' || scope === 'visitor' ? 'your' : `the ${scope}'s`;
  return `${owner} budget for this ${period}`;
}

/** Returns the problem of work that a budget refuses. */
export function refusedBy(bound: Bound, resetsAt: number, service: Service | undefined): Problem {
  const resets_at = new Date(resetsAt).toISOString();
  const name = nameOf(bound);
  const detail = `${name.charAt(0).toUpperCase()}${name.slice(1)} is spent. It begins anew at ${resets_at}.`;
  const { closed_message } = service ?? {};
  const extra = { resets_at, ...(closed_message !== undefined && { closed_message }) };
  return failure('budget_exhausted', detail, extra).problem;
}

/** The work that asks for a lease. */
export interface LeaseRequest {
  home: Home;
  renewal: Renewal;
  isVisitor: boolean;
  /** The service, whose closed message a refusal has. */
  service: Service | undefined;
  request_id?: string;
}

/**
 * Renews a lease. While the budget does not answer, visitors are refused, so that the public is never unlimited, and known
 * users go on: what they spend is counted with the next lease.
 */
export async function leaseFrom(
  env: Budgets,
  { home, renewal, isVisitor, service, request_id }: LeaseRequest,
): Promise<LeaseAnswer> {
  try {
    const asked = budgetOf(env, home).renew(home.organization, renewal) as Promise<RenewalAnswer>;
    const answer = await inTime(LEASE_MS, asked);
    if (answer.kind === 'granted') return answer;
    const { bound, resets_at } = answer;
    return { kind: 'refused', problem: refusedBy(bound, resets_at, service), resets_at };
  } catch (error) {
    logError('budget_unavailable', error, request_id === undefined ? {} : { request_id });
    if (!isVisitor) return { kind: 'open' };
    const detail = 'The budget of the service does not answer. Try again soon.';
    const refused = failure('service_overloaded', detail).problem;
    return { kind: 'refused', problem: refused, resets_at: Date.now() + SETTLE_MS };
  }
}

/** Settles a lease and counts a report. Throws when the budget does not answer. */
export async function settleWith(
  env: Budgets,
  home: Home,
  settlement: Settlement | null,
  report: UsageReport | null,
): Promise<void> {
  if (settlement === null && report === null) return;
  await inTime(SETTLE_MS, budgetOf(env, home).settle(settlement, report));
}

/** Returns the usage of an organization, and how limits stand. */
export async function readUsage(env: Budgets, home: Home, question: UsageQuestion): Promise<UsageAnswer> {
  return inTime(SETTLE_MS, budgetOf(env, home).usage(question) as Promise<UsageAnswer>);
}
