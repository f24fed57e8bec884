import { derivedSecret } from '../../derived-key.ts';
import { logError, logInfo } from '../../log.ts';
import { newestSecret, openedVariables, type SealingEnv } from './sealing.ts';
import { RESEALING_KEY, type RegistryStore } from './store.ts';

/** Number of users whose variables are sealed anew in one run of the alarm: at most 20 values each. */
const USERS_PER_RUN = 200;

interface Progress {
  /** Mark of the secret under which all values are sealed, once the run has come to its end. */
  under: string;
  /** Position of the last user that was looked at; null at the end. */
  after: number | null;
  users: number;
  /** Number of values that no secret of the deployment opens. */
  unreadable: number;
}

/** Returns a text that tells secrets apart, and from which no secret can be found. */
async function markOf(secret: string): Promise<string> {
  return (await derivedSecret(secret, 'conversation-api sealing mark')).slice(0, 16);
}

/**
 * Seals the secret variables of an organization's users anew after the secret has changed, some users at a time. Each step
 * may be repeated, and a process that dies goes on where it was.
 */
export class Resealing {
  readonly #store: RegistryStore;
  readonly #kv: SyncKvStorage;
  readonly #env: SealingEnv;

  constructor(store: RegistryStore, kv: SyncKvStorage, env: SealingEnv) {
    this.#store = store;
    this.#kv = kv;
    this.#env = env;
  }

  /** Returns whether values may be sealed under an older secret. */
  async isDue(): Promise<boolean> {
    const known = this.#kv.get<Progress>(RESEALING_KEY);
    const under = await markOf(await newestSecret(this.#env));
    return known?.under !== under || known.after !== null;
  }

  /** Goes on. Returns whether nothing is left. A deployment without usable secrets is left alone, and the log says so. */
  async run(organization: string): Promise<boolean> {
    try {
      return (await this.#step(organization)) === null;
    } catch (error) {
      logError('variables_not_resealed', error, { organization });
      return true;
    }
  }

  async #step(organization: string): Promise<number | null> {
    const under = await markOf(await newestSecret(this.#env));
    const known = this.#kv.get<Progress>(RESEALING_KEY);
    if (known?.under === under && known.after === null) return null;
    const begun = known?.under === under ? known : { under, after: 0, users: 0, unreadable: 0 };
    const batch = this.#store.people.withSecrets(begun.after ?? 0, USERS_PER_RUN);
    let { users, unreadable } = begun;
    for (const { id, variables } of batch) {
      const { values, resealed } = await openedVariables(this.#env, { organization, user: id }, variables);
      this.#store.people.reseal(id, variables, resealed);
      users += Object.keys(resealed).length > 0 ? 1 : 0;
      unreadable += Object.keys(variables).length - Object.keys(values).length;
    }
    const after = batch.length < USERS_PER_RUN ? null : (batch.at(-1)?.position ?? null);
    this.#kv.put<Progress>(RESEALING_KEY, { under, after, users, unreadable });
    if (after === null) logInfo('variables_resealed', { organization, users, unreadable });
    return after;
  }
}
