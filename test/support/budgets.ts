/** Budgets in tests: limits of a day, how they stand, and the answers to turns within them. */
import type { Budget } from '../../src/budget/budget.ts';
import type { BudgetLimit } from '../../src/registry/budgets.ts';
import { parseLines, testEnv, type Client } from './client.ts';
import type { Tenant } from './tenant.ts';

/** Returns a limit of turns in a day. */
export const turns = (limit: number, scope: BudgetLimit['scope'] = 'organization'): BudgetLimit => ({
  scope,
  period: 'day',
  turns: limit,
});

/** Returns a limit of the organization's tokens in a day. */
export const tokens = (limit: number): BudgetLimit => ({
  scope: 'organization',
  period: 'day',
  tokens: limit,
});

/** Returns the object of a conversation. */
export function objectOf(tenant: Tenant, id: string) {
  return testEnv.CONVERSATION.getByName(`${tenant.id}/${id}`);
}

/** Returns what is settled and what is held of the organization's day, and the input tokens that were reported. */
export async function standing(tenant: Tenant, unit: 'turns' | 'tokens') {
  const bound = {
    subject: 'organization',
    period: 'day',
    unit,
    limit: 1,
    soft_percent: null,
    notify_url: null,
  };
  const question = { from: '2000-01-01', to: '2099-01-01', columns: [], limit: 1, bounds: [bound] };
  const answer = await testEnv.BUDGET.getByName(tenant.id).usage(question as Parameters<Budget['usage']>[0]);
  return { ...answer.standing[0], reported: answer.groups[0]?.input_tokens ?? 0 };
}

/** Returns the problem of an answer, with its status and its `Retry-After`. */
export async function problemOf(response: Response) {
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ...(await response.json<{ code: string }>()),
  };
}

/** Says something and returns the events of the answer. */
export async function interacted(user: Client, id: string, text: string) {
  return parseLines(await (await user.interact(id, text)).text());
}
