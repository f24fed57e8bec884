/** `npm run seed -- FILE [--remote]`: validates an organization's file and publishes it, here or to production. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOrganizationFile, PublicationError, publishOrganization } from '../src/registry/publish.ts';
import type { OrganizationFile } from '../src/registry/organization.ts';
import { withLocalRegistry } from './local-registry.ts';
import { logPublication } from './publication-log.ts';
import { localSettings } from './settings.ts';

/** Writes to the deployed registry, by wrangler's bulk command and the account it is logged in to. */
async function publishRemotely(file: OrganizationFile): Promise<number> {
  const entries: { key: string; value: string }[] = [];
  await publishOrganization(
    {
      put: (key, value) => {
        entries.push({ key, value });
        return Promise.resolve();
      },
    },
    file,
  );
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  try {
    const path = join(folder, 'entries.json');
    await writeFile(path, JSON.stringify(entries), { mode: 0o600 });
    const wrangler = join(import.meta.dirname, '../node_modules/wrangler/bin/wrangler.js');
    const command = ['kv', 'bulk', 'put', path, '--binding', 'REGISTRY', '--env', 'production', '--remote'];
    return spawnSync(process.execPath, [wrangler, ...command], { stdio: 'inherit' }).status ?? 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: 'boolean', default: false } },
  });
  const [path] = positionals;
  if (path === undefined) {
    console.error('Usage: npm run seed -- FILE [--remote]');
    return 2;
  }
  try {
    const file = parseOrganizationFile(JSON.parse(await readFile(path, 'utf8')));
    if (values.remote) {
      const status = await publishRemotely(file);
      if (status === 0) logPublication(file);
      return status;
    }
    await withLocalRegistry(localSettings().stateDir, (registry) => publishOrganization(registry, file));
    logPublication(file);
    console.log(`Published ${file.organization.id}.`);
    return 0;
  } catch (error) {
    if (error instanceof PublicationError) {
      console.error(`${path} cannot be published:`);
      for (const { path: where, message } of error.errors) console.error(`  ${where}: ${message}`);
    } else {
      console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return 1;
  }
}

process.exitCode = await main();
