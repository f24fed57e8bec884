/** Reads and writes the documents of an organization in KV for publications. */
import { registryKey } from './keys.ts';
import type { RegistryStore } from './publication.ts';
import type { Documents } from './published.ts';

/** The used methods of a KV namespace. */
export interface RegistryNamespace {
  get(key: string, type: 'json'): Promise<unknown>;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix: string;
    cursor?: string;
  }): Promise<{ keys: { name: string }[]; list_complete: boolean; cursor?: string }>;
}

/** Maximum number of simultaneous requests. */
const AT_ONCE = 50;

async function inChunks<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    await Promise.all(items.slice(at, at + AT_ONCE).map(work));
  }
}

/** Returns the keys of every document of an organization, that of the organization itself first. */
export async function keysIn(kv: Pick<RegistryNamespace, 'list'>, organization: string): Promise<string[]> {
  const keys = [registryKey.organization(organization)];
  let cursor: string | undefined;
  do {
    const page = await kv.list({
      prefix: registryKey.below(organization),
      ...(cursor !== undefined && { cursor }),
    });
    keys.push(...page.keys.map(({ name }) => name));
    cursor = page.list_complete ? undefined : page.cursor;
  } while (cursor !== undefined);
  return keys;
}

/** Registry store in a KV namespace. */
export class KvRegistry implements RegistryStore {
  readonly #kv: RegistryNamespace;

  constructor(kv: RegistryNamespace) {
    this.#kv = kv;
  }

  /** Returns every document of an organization. The list of keys may be a minute old if the namespace is replicated. */
  async documents(organization: string): Promise<Documents> {
    const keys = await keysIn(this.#kv, organization);
    const documents = new Map<string, unknown>();
    await inChunks(keys, async (key) => {
      const value = await this.#kv.get(key, 'json');
      if (value !== null) documents.set(key, value);
    });
    return documents;
  }

  /** Writes documents, in no order. */
  async write(entries: readonly (readonly [key: string, value: string])[]): Promise<void> {
    await inChunks(entries, ([key, value]) => this.#kv.put(key, value));
  }

  /** Removes documents. */
  async remove(keys: readonly string[]): Promise<void> {
    await inChunks(keys, (key) => this.#kv.delete(key));
  }
}
