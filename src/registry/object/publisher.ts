import { inTime } from '../../deadline.ts';
import { logError } from '../../log.ts';
import { homeOf, type Home } from '../../home.ts';
import { STALE_KINDS, withRevision } from '../revisions.ts';
import type { Versioned } from './documents.ts';
import { namedBy, publicationOrder } from './names.ts';
import { outletsOf, type Outlets } from './outlets.ts';
import { TELL_PREFIX, type RegistryStore } from './store.ts';
import { publishedUnder } from './view.ts';

/** KV takes one write a second per key (platform limit): two rounds of writes begin at least this far apart. */
const ROUND_MS = 1_000;
/** Maximum number of writes to KV, or calls of limiters, at the same time. */
const AT_ONCE = 25;
/** Maximum number of rows of `unpublished` that are read at once. */
const BATCH = 1_000;
/** Time that one write, or one call of a limiter, may take, in milliseconds. */
const WAIT_MS = 5_000;

interface Pending {
  key: string;
  revision: number;
}

/**
 * Publishes what has changed: what is to be told first, then documents in their order. What fails stays in `unpublished`
 * for the alarm. Every step may be repeated.
 */
export class RegistryPublisher {
  readonly #store: RegistryStore;
  readonly #outlets: Outlets;
  #round: Promise<boolean> | null = null;
  #lastRoundAt = 0;

  constructor(store: RegistryStore, outlets: Outlets) {
    this.#store = store;
    this.#outlets = outlets;
  }

  /** Returns the publisher of a store to what the deployment binds. */
  static of(store: RegistryStore, env: Parameters<typeof outletsOf>[0]): RegistryPublisher {
    return new RegistryPublisher(store, outletsOf(env));
  }

  /** True while something is still to be published or told. */
  get isBehind(): boolean {
    return this.#store.unpublished(true, 1).length + this.#store.unpublished(false, 1).length > 0;
  }

  /** Tells limiters which copies are too old. Returns whether all of them know. */
  async tell(organization: string): Promise<boolean> {
    for (;;) {
      const batch = this.#store.unpublished(true, BATCH);
      if (batch.length === 0) return true;
      if (!(await this.#all(batch, (pending) => this.#tellOne(organization, pending)))) return false;
    }
  }

  /** Publishes everything that is not published. Returns whether it is. Changes that come meanwhile join. */
  async publish(organization: string): Promise<boolean> {
    this.#round ??= this.#rounds(organization).finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  async #rounds(organization: string): Promise<boolean> {
    for (;;) {
      const wait = this.#lastRoundAt + ROUND_MS - Date.now();
      if (wait > 0) await scheduler.wait(wait);
      this.#lastRoundAt = Date.now();
      const batch = this.#store.unpublished(false, BATCH);
      if (batch.length === 0) return this.tell(organization);
      if (!(await this.#publishBatch(organization, batch))) return false;
      if (!this.isBehind) return true;
    }
  }

  async #publishBatch(organization: string, batch: readonly Pending[]): Promise<boolean> {
    if (!(await this.tell(organization))) return false;
    const groups = Map.groupBy(batch, ({ key }) => publicationOrder(organization, key));
    for (const order of [...groups.keys()].sort((a, b) => a - b)) {
      const done = await this.#all(groups.get(order) ?? [], (pending) =>
        this.#publishOne(organization, pending),
      );
      if (!done) return false;
    }
    return true;
  }

  #home(organization: string): Home {
    const settings = this.#store.settings();
    return settings === null ? { organization } : homeOf(settings);
  }

  /** Returns what KV shows under a key. It is everywhere, so it has no user of an organization with a jurisdiction. */
  #shownInKv(organization: string, key: string): Versioned {
    const isUser = namedBy(organization, key)?.type === 'user';
    const isBound = isUser && this.#home(organization).jurisdiction !== undefined;
    return isBound ? { revision: 0, value: null } : publishedUnder(this.#store, organization, key);
  }

  async #publishOne(organization: string, { key, revision }: Pending): Promise<void> {
    const document = this.#shownInKv(organization, key);
    const { put, remove } = this.#outlets;
    // Versions never change and the revision of the whole is a text of its own: they carry no number.
    const isPlain = [0, 3].includes(publicationOrder(organization, key));
    const text = isPlain ? JSON.stringify(document.value) : withRevision(document.value, document.revision);
    await inTime(WAIT_MS, document.value === null ? remove(key) : put(key, text));
    this.#store.published(key, revision);
  }

  async #tellOne(organization: string, { key, revision }: Pending): Promise<void> {
    const [kind = '', user = ''] = key.slice(TELL_PREFIX.length).split(':');
    const known = STALE_KINDS.find((candidate) => candidate === kind);
    if (known !== undefined)
      await inTime(WAIT_MS, this.#outlets.tell(this.#home(organization), user, known, revision));
    this.#store.published(key, revision);
  }

  /** Does some work for each of a list. Returns whether all of it succeeded; logs what did not. */
  async #all(list: readonly Pending[], work: (pending: Pending) => Promise<void>): Promise<boolean> {
    for (let at = 0; at < list.length; at += AT_ONCE) {
      const results = await Promise.allSettled(list.slice(at, at + AT_ONCE).map(work));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed === undefined) continue;
      logError('registry_not_published', failed.reason, { waiting: list.length - at });
      return false;
    }
    return true;
  }
}
