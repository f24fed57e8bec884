/** A search of everything that the deployment stores for a text. */
import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { testEnv } from './client.ts';

const NAMESPACES = ['CONVERSATION', 'DIRECTORY', 'MEMORY', 'LIMITER', 'REGISTRY_OBJECT', 'BUDGET'] as const;

/** Returns a stored value as text: bytes by their characters, so that a text inside them is found. */
function textOf(value: unknown): string {
  if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value);
  if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** Returns the tables of a database with a row that contains the text, and the keys of its key-value part. */
function placesIn({ sql, kv }: DurableObjectStorage, canary: string): string[] {
  const tables = sql
    .exec<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`,
    )
    .toArray()
    .map(({ name }) => name);
  const found = tables.filter((table) => {
    for (const row of sql.exec(`SELECT * FROM "${table}"`)) {
      if (Object.values(row).some((value) => textOf(value).includes(canary))) return true;
    }
    return false;
  });
  const keys = [...kv.list()].filter((entry) => textOf(entry).includes(canary)).map(([key]) => `kv ${key}`);
  return [...found, ...keys];
}

async function placesInKv(name: string, kv: KVNamespace, canary: string): Promise<string[]> {
  const { keys } = await kv.list();
  const values = await Promise.all(keys.map(async (key) => [key.name, await kv.get(key.name)]));
  return values.filter((entry) => textOf(entry).includes(canary)).map(([key]) => `${name} ${key}`);
}

async function placesInBucket(canary: string): Promise<string[]> {
  const { objects } = await testEnv.AUDIO.list();
  const found = await Promise.all(
    objects.map(async (object) => {
      const stored = await testEnv.AUDIO.get(object.key);
      const text = `${object.key} ${JSON.stringify(object.customMetadata ?? {})} ${textOf(await stored?.arrayBuffer())}`;
      return text.includes(canary) ? [`AUDIO ${object.key}`] : [];
    }),
  );
  return found.flat();
}

/** Returns every place in objects, buckets and KV that contains the text: the binding, then the table or the key. */
export async function placesOf(canary: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of NAMESPACES) {
    const namespace = testEnv[name] as DurableObjectNamespace;
    for (const id of await listDurableObjectIds(namespace)) {
      const places = await runInDurableObject(namespace.get(id), (_instance, { storage }) =>
        placesIn(storage, canary),
      );
      found.push(...places.map((place) => `${name} ${place}`));
    }
  }
  found.push(...(await placesInKv('REGISTRY', testEnv.REGISTRY, canary)));
  found.push(...(await placesInKv('COUNTERS', testEnv.COUNTERS, canary)));
  found.push(...(await placesInBucket(canary)));
  return [...new Set(found)].sort();
}
