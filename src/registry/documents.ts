/** Reads documents of the registry by key from KV, with a cache in the isolate that also serves while KV fails. */
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';
import { DocumentCache } from './cache.ts';

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
function remember(key: string, value: unknown, now: number): void {
  // A removed document leaves the cache: it must not be served while KV fails.
  if (value === null) current.delete(key);
  else current.set(key, { value, readAt: now, until: now + FRESH_MS });
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

/** Reads documents. Throws `registry_unavailable` (503) if KV fails and the document is not cached. */
export class RegistryDocuments {
  readonly #kv: KVNamespace;
  readonly #timeoutMs: number;

  constructor(kv: KVNamespace, timeoutMs: number) {
    this.#kv = kv;
    this.#timeoutMs = timeoutMs;
  }

  /** Returns a document that never changes; null if it does not exist, which is not cached. */
  async version<T>(key: string): Promise<T | null> {
    const known = versions.get(key);
    if (known !== null) return known.value as T;
    const now = Date.now();
    const value = await this.#fetch(key).catch((error: unknown) => {
      throw unavailable(key, error);
    });
    if (value !== null) versions.set(key, { value, readAt: now, until: Infinity });
    return value as T | null;
  }

  /** Returns a document as it was at most `FRESH_MS` and KV's cache time ago; null if it does not exist. */
  async current<T>(key: string, parse = (value: unknown) => value as T): Promise<T | null> {
    const known = current.get(key);
    const now = Date.now();
    if (known !== null && known.until > now) return known.value as T;
    try {
      const stored = await this.#fetch(key);
      const value = stored === null ? null : parse(stored);
      remember(key, value, now);
      return value;
    } catch (error) {
      return staleCopy(key, now, error) as T;
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
      const values = await this.#inTime(this.#kv.get(keys, READ_OPTIONS));
      for (const [key, value] of values) remember(key, value, now);
      return values;
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
