/** Retention: conversations and recordings whose time is over are removed, once a day. */
import type { Env } from '../bindings.ts';
import { inTime } from '../deadline.ts';
import type { Home } from '../home.ts';
import { isLikelyVisitor } from '../identifiers.ts';
import { logError } from '../log.ts';
import { conversationOf } from '../objects.ts';
import { RegistryReader } from '../registry/reader.ts';
import type { Retention as RetentionDays } from '../registry/retention.ts';
import { positionAt } from './list-position.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Conversations that are asked at the same time, and the most in one run of the alarm. */
const AT_ONCE = 25;
const MAX_BATCHES = 40;
/** Time that the conversations of one batch may take, in milliseconds. */
const STEP_MS = 60_000;
/** Pause between two runs of one sweep, in milliseconds. */
const PAUSE_MS = 1_000;

/** State of the sweep in the key-value part of the storage. Times are in milliseconds since 1970. */
interface Sweep {
  /** When the next sweep begins. */
  due_at: number;
  /** Position up to which the sweep that runs has come; null if none runs. */
  after: number | null;
  /** When the sweep that runs began. */
  began_at: number;
  /** Conversations without a message since then have no recording to be removed. */
  cleared_until: number;
  /** The days for which `cleared_until` holds. */
  days: string;
  /** True if a conversation did not answer in the sweep that runs. */
  has_failed: boolean;
}

const NO_SWEEP: Sweep = {
  due_at: 0,
  after: null,
  began_at: 0,
  cleared_until: 0,
  days: '',
  has_failed: false,
};

const HOME_KEY = 'home';
const SWEEP_KEY = 'retention';

interface Place extends Record<string, SqlStorageValue> {
  position: number;
  id: string;
  user_id: string;
  service_id: string;
  /** Time of the newest message; null if it is not known. */
  last_at: number | null;
}

/** Returns the days that hold for a service: its own, and the organization's where it states none. */
export function daysOf(
  organization: Partial<RetentionDays> | null | undefined,
  service: Partial<RetentionDays> | null | undefined,
): RetentionDays {
  return {
    conversations_days: service?.conversations_days ?? organization?.conversations_days ?? null,
    recordings_days: service?.recordings_days ?? organization?.recordings_days ?? null,
    visitors_days: service?.visitors_days ?? organization?.visitors_days ?? null,
  };
}

/** Days of an organization and its services. */
interface Limits {
  /** The days as text: it changes with them. */
  days: string;
  /** The fewest and the most days of all; null and 0 where nothing is ever removed. */
  youngest: number | null;
  oldest: number;
  of: (service: string) => RetentionDays;
}

/** Returns a sweep that has come to its end. */
function ended(sweep: Sweep, { oldest }: Limits): Sweep {
  const { began_at, has_failed, cleared_until } = sweep;
  const cleared = has_failed ? cleared_until : began_at - oldest * DAY_MS;
  return { ...sweep, after: null, due_at: began_at + DAY_MS, cleared_until: cleared };
}

/**
 * Sweeps the conversations of a shard. The position of a conversation is its time of creation and the primary key, so that
 * a sweep reads those alone that are old enough. Each of them knows its newest message, and stays while that is younger.
 */
export class Retention {
  readonly #env: Env;
  readonly #storage: DurableObjectStorage;

  constructor(env: Env, storage: DurableObjectStorage) {
    this.#env = env;
    this.#storage = storage;
  }

  /** The home of the shard's organization; null until the first reservation names it. */
  get #home(): Home | null {
    return this.#storage.kv.get<Home>(HOME_KEY) ?? null;
  }

  /** Notes whose conversations these are. Returns true if it was not known: then the daily alarm is to be set. */
  meet(home: Home): boolean {
    if (this.#home !== null) return false;
    this.#storage.kv.put(HOME_KEY, home);
    return true;
  }

  /** Forgets whose conversations these are: the organization was deleted. */
  #forget(): void {
    this.#storage.kv.delete(HOME_KEY);
    this.#storage.kv.delete(SWEEP_KEY);
  }

  /** Sweeps if it is time. Returns the pause in milliseconds until it is to be called again; null without an organization. */
  async run(now: number): Promise<number | null> {
    const home = this.#home;
    if (home === null) return null;
    const stored = this.#storage.kv.get<Sweep>(SWEEP_KEY) ?? NO_SWEEP;
    if (stored.after === null && stored.due_at > now) return stored.due_at - now;
    const limits = await this.#limits(home.organization);
    if (limits === null) {
      this.#forget();
      return null;
    }
    const begun = stored.after === null ? { ...stored, after: 0, began_at: now, has_failed: false } : stored;
    const sweep = begun.days === limits.days ? begun : { ...begun, days: limits.days, cleared_until: 0 };
    const next = await this.#advance(home, sweep, limits);
    this.#storage.kv.put(SWEEP_KEY, next);
    return next.after === null ? Math.max(next.due_at - now, 0) : PAUSE_MS;
  }

  async #advance(home: Home, begun: Sweep, limits: Limits): Promise<Sweep> {
    const { began_at } = begun;
    let sweep = begun;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const until = limits.youngest === null ? 0 : positionAt(began_at - limits.youngest * DAY_MS);
      const places = this.#places(sweep.after ?? 0, until);
      const last = places.at(-1);
      if (last === undefined) return ended(sweep, limits);
      const work = places.map((place) => this.#one(home, place, limits.of(place.service_id), sweep));
      const answers = await inTime(STEP_MS, Promise.all(work));
      const has_failed = sweep.has_failed || answers.includes(false);
      sweep = { ...sweep, after: last.position, has_failed };
    }
    return sweep;
  }

  #places(after: number, until: number): Place[] {
    return this.#storage.sql
      .exec<Place>(
        `SELECT position, id, user_id, service_id, last_at FROM conversations
         WHERE position > ? AND position < ? AND state <> 'creating' ORDER BY position LIMIT ?`,
        after,
        until,
        AT_ONCE,
      )
      .toArray();
  }

  /** Removes what is over of a conversation. Returns false if it did not answer: then it is asked in the next sweep. */
  async #one(home: Home, place: Place, days: RetentionDays, sweep: Sweep): Promise<boolean> {
    try {
      await this.#remove(home, place, days, sweep);
      return true;
    } catch (error) {
      logError('retention_failed', error, { conversation_id: place.id });
      return false;
    }
  }

  async #remove(
    home: Home,
    place: Place,
    days: RetentionDays,
    { began_at, cleared_until }: Sweep,
  ): Promise<void> {
    if (await this.#erased(home, place, days, began_at)) return;
    const { id, position, last_at } = place;
    if (days.recordings_days === null) return;
    const before = began_at - days.recordings_days * DAY_MS;
    const mayHave = last_at === null || last_at >= cleared_until;
    if (mayHave && position < positionAt(before))
      await conversationOf(this.#env, home, id).eraseRecordings(before);
  }

  /** Erases a conversation whose days are over. Returns true if it is gone. */
  async #erased(home: Home, place: Place, days: RetentionDays, began_at: number): Promise<boolean> {
    const { id, user_id, position, last_at } = place;
    const ask = async (count: number | null, of_visitor: boolean) => {
      if (count === null) return null;
      const before = began_at - count * DAY_MS;
      const isOld = position < positionAt(before) && (last_at === null || last_at < before);
      if (!isOld) return null;
      return (await conversationOf(this.#env, home, id).eraseFor({ type: 'retention', before, of_visitor }))
        .kind;
    };
    // An identifier tells a visitor with few exceptions, which the conversation knows.
    const isVisitor = days.visitors_days !== null && isLikelyVisitor(user_id);
    const kind = isVisitor ? await ask(days.visitors_days, true) : 'registered';
    const outcome = kind === 'registered' ? await ask(days.conversations_days, false) : kind;
    return outcome === 'erased' || outcome === 'unknown';
  }

  async #limits(organizationId: string): Promise<Limits | null> {
    const registry = new RegistryReader(this.#env.REGISTRY);
    const [organization, { services }] = await Promise.all([
      registry.organization(organizationId),
      registry.catalog(organizationId),
    ]);
    if (organization === null) return null;
    const own = daysOf(organization.retention, null);
    const byService = new Map(
      services.map((service) => [service.id, daysOf(organization.retention, service.retention)]),
    );
    const all = [own, ...byService.values()].flatMap((days) => Object.values(days));
    const days = all.filter((count) => count !== null);
    return {
      days: JSON.stringify([own, ...byService]),
      oldest: days.length === 0 ? 0 : Math.max(...days),
      youngest: days.length === 0 ? null : Math.min(...days),
      of: (service: string) => byService.get(service) ?? own,
    };
  }
}
