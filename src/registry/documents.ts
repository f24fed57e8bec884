/** Documents of the registry by key: from KV, from the isolate's memory, and while KV fails from there for longer. */
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';
import { DocumentCache } from './cache.ts';

/**
 * How long an isolate takes what it read for current, and how long KV may answer with what it read before (its own
 * lower bound for `cacheTtl`). Their sum is what a change takes to hold everywhere: a removed user or key, a changed
 * role or a closed organization, 40 seconds.
 */
export const FRESH_MS = 10_000;
export const KV_CACHE_SECONDS = 30;
/** How long a document is served after it was last read, while KV fails. */
export const STALE_ON_ERROR_MS = 60 * 60_000;
/** How long KV may take to answer. */
export const REGISTRY_TIMEOUT_MS = 3_000;
/** The most keys that KV reads in one request. */
const KEYS_PER_READ = 100;
const READ_OPTIONS = { type: 'json', cacheTtl: KV_CACHE_SECONDS } as const;
/** Characters of JSON that each cache keeps: an isolate has 128 MB for everything, and parsed JSON takes more room. */
const CACHE_CHARACTERS = 8 * 1024 * 1024;

/** Shared by all requests of an isolate. */
const current = new DocumentCache(CACHE_CHARACTERS);
/** Versions of agents and graphs never change: read once, read for good. No number of users displaces them. */
const versions = new DocumentCache(CACHE_CHARACTERS);

/** Makes this isolate read everything again, because a publication has just been made here. */
export function forgetRegistry(): void {
  current.clear();
}

/**
 * No document stands under a longer key, and KV throws at keys of more than 512 bytes: an identifier that a caller
 * made up is not found, whatever its length.
 */
const MAX_KEY_LENGTH = 128;

/** What a key stands for, for the log: its organization and kind, without the identifier of a user or a key. */
function documentKind(key: string): string {
  return key.split(':').slice(0, 3).join(':');
}

function unavailable(key: string, error: unknown): ProblemError {
  logError('registry_unavailable', error, { key: documentKind(key) });
  return problem('registry_unavailable', 'The registry did not answer. Try again soon.');
}

/** Remembers what KV said at `now`, counted from before the read: a slow one makes nothing older than it is said to be. */
function remember(key: string, value: unknown, now: number): void {
  // What is removed is forgotten at once: it must not come back while KV fails.
  if (value === null) current.delete(key);
  else current.set(key, { value, readAt: now, until: now + FRESH_MS });
}

/** What is known of a document that KV failed to give. Throws when nothing is, or what is known is too old. */
function staleCopy(key: string, now: number, error: unknown): unknown {
  const known = current.get(key);
  if (known === null || known.readAt + STALE_ON_ERROR_MS <= now) throw unavailable(key, error);
  logError('registry_served_stale', error, { key: documentKind(key), age_ms: now - known.readAt });
  // KV is asked again when this copy would have been read again anyway: not by every request of an outage.
  current.set(key, { ...known, until: now + FRESH_MS });
  return known.value;
}

/** Reads documents. Throws 503 `registry_unavailable` when KV fails and the document is not known. */
export class RegistryDocuments {
  readonly #kv: KVNamespace;
  readonly #timeoutMs: number;

  constructor(kv: KVNamespace, timeoutMs: number) {
    this.#kv = kv;
    this.#timeoutMs = timeoutMs;
  }

  /** A document that never changes; `null` when it is not there, which is asked again the next time. */
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

  /** A document as it is now, or was at most `FRESH_MS` and KV's own staleness ago; `null` when it is not there. */
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

  /** Documents by key, as `current` gives them; those that are not fresh here are read together. What is missing is left out. */
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

  /** The answer of KV, or an error when it takes too long. */
  #inTime<T>(read: Promise<T>): Promise<T> {
    return inTime(this.#timeoutMs, read);
  }
}
