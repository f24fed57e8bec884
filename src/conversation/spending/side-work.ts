/** Work of a conversation beside its turns that calls models: each piece has a lease of its own. */
import type { UsageMeter } from '../../agent/usage.ts';
import type { Env } from '../../bindings.ts';
import { metered, type After, type MeteredWork } from '../../budget/metered.ts';
import { needOf } from '../../budget/need.ts';
import { callsModels } from '../../deployment/models.ts';
import type { RegistryReader } from '../../registry/reader.ts';
import { concernOf, type Spender } from './budget-concern.ts';

/** The meter of such work. */
export type WorkMeter = UsageMeter;

/** The parts that such work needs. */
export interface SideWorkParts {
  env: Env;
  registry: RegistryReader;
  waitUntil: After;
}

/** A piece of work: its holder's name, the texts of its prompts, and how its usage is counted. */
export interface SideWork extends Pick<MeteredWork, 'reports' | 'onCall' | 'isOpen'> {
  spender: Spender;
  holder: string;
  texts: readonly string[];
}

/**
 * Does work with a meter. `isEconomical` tells whether the economical models are to be used. Throws `budget_exhausted` when
 * a budget refuses it.
 */
export async function sideWork<T>(
  { env, registry, waitUntil }: SideWorkParts,
  { spender, texts, ...work }: SideWork,
  run: (meter: UsageMeter, isEconomical: boolean) => Promise<T>,
): Promise<T> {
  const concern = await concernOf(registry, spender);
  const need = needOf({ texts, usesModels: callsModels(env), models: concern.models, turns: 0 });
  return metered(env, { ...concern, ...work, need, service_id: spender.service_id }, waitUntil, run);
}
