/** Opens the registry of a state folder, from which `wrangler dev --persist-to` serves. */
import { join } from 'node:path';
import type { KVNamespace } from '@cloudflare/workers-types';
import { getPlatformProxy } from 'wrangler';
import { KvRegistry } from '../../src/registry/kv-registry.ts';
import type { RegistryStore } from '../../src/registry/publication.ts';

/** Calls `use` with the registry of a state folder, and closes it. */
export async function withLocalRegistry<Result>(
  stateDir: string,
  use: (registry: RegistryStore) => Promise<Result>,
): Promise<Result> {
  const proxy = await getPlatformProxy<{ REGISTRY: KVNamespace }>({
    configPath: join(import.meta.dirname, 'registry.wrangler.toml'),
    persist: { path: join(stateDir, 'v3') },
  });
  try {
    return await use(new KvRegistry(proxy.env.REGISTRY));
  } finally {
    await proxy.dispose();
  }
}
