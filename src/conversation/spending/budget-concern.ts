import { boundsOf } from '../../budget/bounds.ts';
import type { Amounts } from '../../budget/amounts.ts';
import { needOf } from '../../budget/need.ts';
import type { LeaseConcern } from '../../budget/lease-holder.ts';
import type { Env } from '../../bindings.ts';
import { callsModels } from '../../deployment/models.ts';
import { isLikelyVisitor } from '../../identifiers.ts';
import { logError } from '../../log.ts';
import type { Model } from '../../registry/capabilities.ts';
import { visitorBudgets, type BudgetLimit } from '../../registry/budgets.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import type { ConversationIdentity } from '../records.ts';

/** The budgets that concern a conversation, and the models that its organization may use. */
export interface BudgetConcern extends LeaseConcern {
  models: readonly Model[];
}

/** The parts of an identity by which budgets are found. */
export type Spender = Pick<ConversationIdentity, 'organization' | 'jurisdiction' | 'service_id' | 'user_id'>;

const EMPTY = { services: [], models: [] };

/**
 * Returns the budgets that concern a conversation. Where the registry does not answer, none concerns a known user; for a
 * visitor it throws, so that the public is never unlimited.
 */
export async function concernOf(registry: RegistryReader, spender: Spender): Promise<BudgetConcern> {
  const { organization: id, service_id, user_id } = spender;
  const isVisitor = isLikelyVisitor(user_id);
  const organization = await registry.organization(id).catch((error: unknown) => {
    if (isVisitor) throw error;
    logError('budgets_not_readable', error);
    return null;
  });
  const own = isVisitor ? await ownBudgets(registry, spender) : [];
  const budgets = [...(organization?.budgets ?? []), ...own];
  const bounds = await boundsOf(budgets, id, { service_id, user_id, isVisitor });
  const { services, models } = bounds.length === 0 ? EMPTY : await registry.catalog(id);
  const service = services.find((one) => one.id === service_id);
  return { home: spender, isVisitor, bounds, service, models };
}

/** Returns the limits of each visitor that the service states, as budgets. */
async function ownBudgets(
  registry: RegistryReader,
  { organization, service_id }: Spender,
): Promise<BudgetLimit[]> {
  const { services } = await registry.catalog(organization);
  return visitorBudgets(services.find(({ id }) => id === service_id)?.visitors?.per_visitor);
}

/** Returns the concern of a conversation whose budgets were not read: it has none. */
export function unconcerned(spender: Spender): LeaseConcern {
  return { home: spender, isVisitor: false, service: undefined, bounds: [] };
}

/** Returns the least with which a turn may begin, whose prompts show these texts. */
export function turnNeed(env: Env, { models }: BudgetConcern, texts: readonly string[]): Amounts {
  return needOf({ texts, usesModels: callsModels(env), models, turns: 1 });
}
