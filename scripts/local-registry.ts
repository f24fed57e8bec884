import { join } from 'node:path';
import type { KVNamespace } from '@cloudflare/workers-types';
import { getPlatformProxy } from 'wrangler';

/** Gives `use` the registry that `wrangler dev --persist-to` keeps in a state directory. */
export async function withLocalRegistry(
  stateDir: string,
  use: (registry: KVNamespace) => Promise<void>,
): Promise<void> {
  const proxy = await getPlatformProxy<{ REGISTRY: KVNamespace }>({
    configPath: join(import.meta.dirname, 'registry.wrangler.toml'),
    persist: { path: join(stateDir, 'v3') },
  });
  try {
    await use(proxy.env.REGISTRY);
  } finally {
    await proxy.dispose();
  }
}
