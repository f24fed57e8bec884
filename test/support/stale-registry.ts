/** A KV namespace as it looks from afar: what it once answered it goes on answering for its `cacheTtl`, misses too. */

/** The default of KV, and the least it takes, in seconds (platform limits). */
const USUAL_CACHE_SECONDS = 60;
const LEAST_CACHE_SECONDS = 30;

type Options = { type?: string; cacheTtl?: number } | undefined;

/** Reads `inner` through a cache, by the clock of `Date.now`. It can be made to fail, or not to answer. */
export class StaleRegistry {
  readonly #inner: KVNamespace;
  readonly #cached = new Map<string, { text: string | null; until: number }>();
  /** Number of reads. */
  reads = 0;
  mode: 'answers' | 'fails' | 'hangs' = 'answers';

  constructor(inner: KVNamespace) {
    this.#inner = inner;
  }

  get namespace(): KVNamespace {
    const get = (key: string | string[], options: Options) =>
      Array.isArray(key) ? this.#getAll(key, options) : this.#get(key, options);
    return { get } as unknown as KVNamespace;
  }

  async #getAll(keys: string[], options: Options): Promise<Map<string, unknown>> {
    const values = await Promise.all(keys.map((key) => this.#get(key, options)));
    this.reads -= keys.length - 1;
    return new Map(keys.map((key, index) => [key, values[index]]));
  }

  async #get(
    key: string,
    { type, cacheTtl = USUAL_CACHE_SECONDS }: NonNullable<Options> = {},
  ): Promise<unknown> {
    this.reads += 1;
    if (this.mode === 'fails') throw new Error('KV is down.');
    if (this.mode === 'hangs') return new Promise(() => undefined);
    if (cacheTtl < LEAST_CACHE_SECONDS) throw new Error('Invalid cache_ttl.');
    const known = this.#cached.get(key);
    const text =
      known !== undefined && known.until > Date.now() ? known.text : await this.#fresh(key, cacheTtl);
    return type === 'json' && text !== null ? JSON.parse(text) : text;
  }

  async #fresh(key: string, cacheTtl: number): Promise<string | null> {
    const text = await this.#inner.get(key);
    this.#cached.set(key, { text, until: Date.now() + cacheTtl * 1_000 });
    return text;
  }
}
