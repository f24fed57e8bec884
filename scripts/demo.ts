/** The demo organizations in `seed/`, and who may sign in to them. Development only. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { carryOut, type RegistryStore } from '../src/registry/publication.ts';
import { preparePublication } from '../src/registry/publish.ts';
import { changeLines, isRefused } from './registry/changes.ts';
import { logPublication } from './publication-log.ts';

const SEED = join(import.meta.dirname, '../seed');
const IDENTITIES = 'identities.json';

/** A demo user with the key to sign in as them. */
export interface DemoIdentity {
  organization: string;
  api_key_id: string;
  api_key: string;
  user_id: string;
  role: string;
  service_ids: string[];
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}

export async function demoIdentities(): Promise<DemoIdentity[]> {
  return (await readJson(join(SEED, IDENTITIES))) as DemoIdentity[];
}

/** Where the demo's tools stand in `seed/`: at the server itself, on its usual port. */
const USUAL_BASE_URL = 'http://localhost:8787';

/**
 * Publishes every demo organization into a registry, with automatic versions: what an earlier start has published may be
 * older. Repeating it changes nothing. `baseUrl` is where the server is, which serves the demo's tools.
 */
export async function publishDemo(registry: RegistryStore, baseUrl: string): Promise<void> {
  const files = (await readdir(SEED)).filter((name) => name.endsWith('.json') && name !== IDENTITIES);
  for (const name of files) {
    const text = (await readFile(join(SEED, name), 'utf8')).replaceAll(USUAL_BASE_URL, baseUrl);
    const publication = await preparePublication(registry, JSON.parse(text), { bump: true, release: true });
    if (isRefused(publication)) {
      throw new Error(`seed/${name} does not fit what is published:\n${changeLines(publication).join('\n')}`);
    }
    await carryOut(registry, publication);
    logPublication(publication.organization);
  }
}
