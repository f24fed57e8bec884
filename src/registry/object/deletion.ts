import { registryKey } from '../keys.ts';
import { keysIn } from '../kv-registry.ts';
import type { Organization } from '../organization.ts';
import type { RegistryStore } from './store.ts';

/**
 * Time after which every copy of a deleted organization has expired, in milliseconds: KV answers with earlier reads for
 * a minute (platform), and isolates keep them for seconds. Until then a request may still come through.
 */
export const COPIES_EXPIRE_MS = 2 * 60_000;
/** Number of users whose contents are erased at the same time. */
const AT_ONCE = 25;
/** Number of users whose contents are erased by one alarm: an alarm may take 15 minutes (platform limit). */
const USERS_PER_ALARM = 1_000;

/** Eraser of what an organization has outside its registry. Everything may be erased again. */
export interface Contents {
  /** Erases conversations and recordings, and what is kept about their users. Resolves to false while something is left. */
  eraseConversations: (organization: Organization) => Promise<boolean>;
  /** Erases what is kept about a user besides their conversations. */
  eraseUser: (organization: Organization, user: string) => Promise<void>;
}

/**
 * Erases a deleted organization: its conversations and recordings, then what is kept about its users, user by user, its
 * copies in KV, and the rows of the registry at the end. Each step may be repeated, and a process that dies goes on where it was.
 */
export class Deletion {
  readonly #store: RegistryStore;
  readonly #kv: KVNamespace;
  readonly #contents: Contents;

  constructor(store: RegistryStore, kv: KVNamespace, contents: Contents) {
    this.#store = store;
    this.#kv = kv;
    this.#contents = contents;
  }

  /** Returns the time at which the erasure goes on, in milliseconds since 1970; null when nothing is to be erased. */
  dueAt(): number | null {
    const pending = this.#store.deletion();
    return pending === null ? null : pending.since + COPIES_EXPIRE_MS;
  }

  /** Goes on with the erasure. Returns whether everything is gone. Throws what erasing throws. */
  async proceed(now: number): Promise<boolean> {
    const pending = this.#store.deletion();
    if (pending === null) return true;
    if (now < pending.since + COPIES_EXPIRE_MS) return false;
    const { organization } = pending;
    if (!(await this.#contents.eraseConversations(organization))) return false;
    if (!(await this.#eraseUsers(organization))) return false;
    await this.#removeCopies(organization.id);
    this.#store.erase();
    return true;
  }

  async #eraseUsers(organization: Organization): Promise<boolean> {
    const users = this.#store.userIds(USERS_PER_ALARM);
    for (let at = 0; at < users.length; at += AT_ONCE) {
      const some = users.slice(at, at + AT_ONCE);
      await Promise.all(some.map((user) => this.#contents.eraseUser(organization, user)));
      this.#store.people.erase(some);
    }
    return users.length < USERS_PER_ALARM;
  }

  async #removeCopies(organization: string): Promise<void> {
    const keys = await keysIn(this.#kv, organization);
    for (let at = 0; at < keys.length; at += AT_ONCE) {
      await Promise.all(keys.slice(at, at + AT_ONCE).map((key) => this.#kv.delete(key)));
    }
    await this.#kv.delete(registryKey.revision(organization));
  }
}
