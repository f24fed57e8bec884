/** The registry in its KV namespace: the documents of one organization, read and written as a publication needs them. */
import { registryKey } from './keys.ts';
import type { RegistryStore } from './publication.ts';
import type { Documents } from './published.ts';

/** As much of a KV namespace as is used here. */
export interface RegistryNamespace {
  get(key: string, type: 'json'): Promise<unknown>;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix: string;
    cursor?: string;
  }): Promise<{ keys: { name: string }[]; list_complete: boolean; cursor?: string }>;
}

/** How many requests are on their way at the same time. */
const AT_ONCE = 50;

async function inChunks<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map(work));
  }
}

export class KvRegistry implements RegistryStore {
  readonly #kv: RegistryNamespace;

  constructor(kv: RegistryNamespace) {
    this.#kv = kv;
  }

  /** Returns every document of an organization. Listing is up to a minute stale where the namespace is replicated. */
  async documents(organization: string): Promise<Documents> {
    const keys = [registryKey.organization(organization)];
    let cursor: string | undefined;
    do {
      const page = await this.#kv.list({
        prefix: registryKey.below(organization),
        ...(cursor !== undefined && { cursor }),
      });
      keys.push(...page.keys.map(({ name }) => name));
      cursor = page.list_complete ? undefined : page.cursor;
    } while (cursor !== undefined);
    const documents = new Map<string, unknown>();
    await inChunks(keys, async (key) => {
      const value = await this.#kv.get(key, 'json');
      if (value !== null) documents.set(key, value);
    });
    return documents;
  }

  async write(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    await inChunks(entries, ([key, value]) => this.#kv.put(key, value));
  }

  async remove(keys: readonly string[]): Promise<void> {
    await inChunks(keys, (key) => this.#kv.delete(key));
  }
}
