/** Reads documents of the registry by key from KV, with a cache in the isolate that also serves while KV fails. */
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { homeOf, type Home, type Jurisdiction } from '../home.ts';
import { problem, type ProblemError } from '../problems.ts';
import { DocumentCache, type Revised } from './cache.ts';
import { splitRevision } from './revisions.ts';
import { registryKey } from './keys.ts';
import { RecentChanges } from './recent-changes.ts';
import { LookupBound, type RegistrySource } from './source.ts';

/**
 * `FRESH_MS` is the time in milliseconds that an isolate uses a document before it reads it again. `KV_CACHE_SECONDS`
 * is the time that KV may answer with an earlier read (the minimum of its `cacheTtl`). Their sum is the time until a
 * change holds everywhere, such as a removed user or key, a changed role or a closed organization: 40 seconds.
 */
export const FRESH_MS = 10_000;
/** Time in seconds that KV may answer with an earlier read. */
export const KV_CACHE_SECONDS = 30;
/** Time in milliseconds after its last read for which a document is served while KV fails. */
export const STALE_ON_ERROR_MS = 60 * 60_000;
/** Time that a request waits for KV, in milliseconds. */
export const REGISTRY_TIMEOUT_MS = 3_000;
/** Maximum number of keys that KV reads in one request (platform limit). */
const KEYS_PER_READ = 100;
const READ_OPTIONS = { type: 'json', cacheTtl: KV_CACHE_SECONDS } as const;
/**
 * Maximum size of each cache in characters of JSON. An isolate has 128 MB of memory, and parsed JSON takes more room
 * than its text.
 */
const CACHE_CHARACTERS = 8 * 1024 * 1024;

/** Cache of documents that change, shared by all requests of an isolate. */
const current = new DocumentCache(CACHE_CHARACTERS);
/** Cache of versions of agents and graphs. They never change, so they stay cached, and users cannot displace them. */
const versions = new DocumentCache(CACHE_CHARACTERS);

/** Clears the cache of documents that change. Call it after a publication in this isolate. */
export function forgetRegistry(): void {
  current.clear();
}

const lookups = new LookupBound();
const changes = new RecentChanges();

/**
 * Removes documents from the cache, and has later reads in this isolate take no older copies. Call it after a change of
 * them that this isolate has asked for.
 */
export function forgetDocuments(keys: readonly string[], revision: number): void {
  for (const key of keys) current.delete(key);
  changes.add(keys, revision, Date.now());
}

/**
 * Maximum length of a key. No document has a longer one, and KV throws for keys of more than 512 bytes. So an invented
 * identifier of any length is not found.
 */
const MAX_KEY_LENGTH = 128;

/** Returns the organization and kind of a key for the log, without the identifier of a user or a key. */
function documentKind(key: string): string {
  return key.split(':').slice(0, 3).join(':');
}

function unavailable(key: string, error: unknown): ProblemError {
  logError('registry_unavailable', error, { key: documentKind(key) });
  return problem('registry_unavailable', 'The registry did not answer. Try again soon.');
}

/**
 * Caches the answer of KV. `now` is the time before the read, so that a slow read does not make a document look newer.
 */
function remember(key: string, { value, revision }: Revised, now: number): void {
  // A removed document leaves the cache: it must not be served while KV fails.
  if (value === null) current.delete(key);
  else current.set(key, { value, revision, readAt: now, until: now + FRESH_MS });
}

/**
 * Returns the cached copy of a document that KV failed to read. Throws `registry_unavailable` if there is none or it is
 * too old.
 */
function staleCopy(key: string, now: number, error: unknown): unknown {
  const known = current.get(key);
  if (known === null || known.readAt + STALE_ON_ERROR_MS <= now) throw unavailable(key, error);
  logError('registry_served_stale', error, { key: documentKind(key), age_ms: now - known.readAt });
  // This copy counts as current for a while, so that not every request of an outage asks KV.
  current.set(key, { ...known, until: now + FRESH_MS });
  return known.value;
}

/** When the registry's object is asked about a document. */
export interface Through {
  organization: string;
  /** True if it is asked about a document that KV does not have: the document may be new. */
  misses: boolean;
  /** The minimum revision of a copy. */
  least: number;
}

/** A document that is read from KV alone. */
const FROM_KV: Through = { organization: '', misses: false, least: 0 };

/** Reads documents. Throws `registry_unavailable` (503) if KV fails and the document is not cached. */
export class RegistryDocuments {
  readonly #kv: KVNamespace;
  readonly #timeoutMs: number;
  readonly #source: RegistrySource | null;

  constructor(kv: KVNamespace, timeoutMs: number, source: RegistrySource | null = null) {
    this.#kv = kv;
    this.#timeoutMs = timeoutMs;
    this.#source = source;
  }

  /** Returns a document that never changes; null if it does not exist, which is not cached. */
  async version<T>(key: string, organization = ''): Promise<T | null> {
    const known = versions.get(key);
    if (known !== null) return known.value as T;
    const now = Date.now();
    const stored = await this.#fetch(key).catch((error: unknown) => {
      throw unavailable(key, error);
    });
    const through = { organization, misses: true, least: 0 };
    const { value } = await this.#through(key, splitRevision(stored), through, now);
    if (value !== null) versions.set(key, { value, readAt: now, until: Infinity });
    return value as T | null;
  }

  /** Returns a document as it was at most `FRESH_MS` and KV's cache time ago; null if it does not exist. */
  async current<T>(
    key: string,
    parse = (value: unknown) => value as T,
    through: Through = FROM_KV,
  ): Promise<T | null> {
    const known = current.get(key);
    const now = Date.now();
    const isRecent = known !== null && known.until > now;
    const least = Math.max(through.least, changes.revisionOf(key, now));
    if (isRecent && (known.revision ?? 0) >= least) return known.value as T;
    try {
      // If the cached copy is too old, that of KV is as old or hardly younger.
      const copy = isRecent ? { value: known.value, revision: 0 } : splitRevision(await this.#fetch(key));
      const { value, revision } = await this.#through(key, copy, { ...through, least }, now);
      const parsed = value === null ? null : parse(value);
      remember(key, { value: parsed, revision }, now);
      return parsed;
    } catch (error) {
      return staleCopy(key, now, error) as T;
    }
  }

  /** Returns the revision of the cached copy of a document; 0 if there is none, or its revision is unknown. */
  revisionOf(key: string): number {
    return current.get(key)?.revision ?? 0;
  }

  /** Returns the document of the registry's object if KV has none, or too old a copy; otherwise KV's copy. */
  async #through(key: string, copy: Revised, through: Through, now: number): Promise<Revised> {
    const { organization, misses, least } = through;
    const isMissing = copy.value === null;
    const asks = isMissing ? misses || least > 0 : copy.revision < least;
    const canAsk = organization !== '' && key.length <= MAX_KEY_LENGTH;
    if (!asks || !canAsk || this.#source === null) return copy;
    try {
      const home = homeOf({
        id: organization,
        jurisdiction: await this.#jurisdiction(key, copy, organization),
      });
      // KV has no user of a jurisdiction: each of them is looked up.
      const isBounded = isMissing && home.jurisdiction === undefined;
      if (isBounded && !lookups.admits(organization, now)) return copy;
      const documents = await this.#source.read(home, [key]);
      return documents?.get(key) ?? copy;
    } catch (error) {
      if (isMissing) throw error;
      logError('registry_served_stale', error, { key: documentKind(key), revision: copy.revision });
      return copy;
    }
  }

  /** Returns the jurisdiction of an organization, whose document `copy` may be. KV always has that document. */
  async #jurisdiction(key: string, copy: Revised, organization: string): Promise<Jurisdiction | null> {
    const own = registryKey.organization(organization);
    const settings = key === own ? copy.value : await this.current(own);
    return (settings as { jurisdiction?: Jurisdiction | null } | null)?.jurisdiction ?? null;
  }

  /**
   * Returns documents that KV must not have, by key: those of the registry's object as they were at most `FRESH_MS` ago.
   * Documents that do not exist are left out. Throws `registry_unavailable` if the object does not answer and a document
   * is not cached.
   */
  async confined<T>(home: Home, keys: readonly string[]): Promise<Map<string, T>> {
    const asked = keys.filter((key) => key.length <= MAX_KEY_LENGTH);
    const found = await this.#confined(home, asked, Date.now());
    return new Map([...found].filter(([, value]) => value !== null)) as Map<string, T>;
  }

  async #confined(home: Home, keys: readonly string[], now: number): Promise<Map<string, unknown>> {
    if (keys.length === 0 || this.#source === null) return new Map();
    try {
      const documents = (await this.#source.read(home, keys)) ?? new Map<string, Revised>();
      for (const [key, document] of documents) remember(key, document, now);
      return new Map([...documents].map(([key, { value }]) => [key, value]));
    } catch (error) {
      return new Map(keys.map((key) => [key, staleCopy(key, now, error)]));
    }
  }

  /**
   * Returns documents by key, as `current` does. Those that are not in the cache are read together. Documents that do
   * not exist are left out.
   */
  async currentAll<T>(keys: readonly string[]): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const now = Date.now();
    const missing: string[] = [];
    for (const key of keys) {
      const known = current.get(key);
      if (known !== null && known.until > now) found.set(key, known.value as T);
      else if (key.length <= MAX_KEY_LENGTH) missing.push(key);
    }
    for (let at = 0; at < missing.length; at += KEYS_PER_READ) {
      const part = missing.slice(at, at + KEYS_PER_READ);
      const values = await this.#fetchAll(part, now);
      for (const [key, value] of values) if (value !== null) found.set(key, value as T);
    }
    return found;
  }

  async #fetchAll(keys: string[], now: number): Promise<Map<string, unknown>> {
    try {
      const stored = await this.#inTime(this.#kv.get(keys, READ_OPTIONS));
      const copies = [...stored].map(([key, value]) => [key, splitRevision(value)] as const);
      for (const [key, copy] of copies) remember(key, copy, now);
      return new Map(copies.map(([key, { value }]) => [key, value]));
    } catch (error) {
      return new Map(keys.map((key) => [key, staleCopy(key, now, error)]));
    }
  }

  #fetch(key: string): Promise<unknown> {
    if (key.length > MAX_KEY_LENGTH) return Promise.resolve(null);
    return this.#inTime(this.#kv.get(key, READ_OPTIONS));
  }

  /** Returns the answer of KV. Throws if it takes longer than the timeout. */
  #inTime<T>(read: Promise<T>): Promise<T> {
    return inTime(this.#timeoutMs, read);
  }
}
