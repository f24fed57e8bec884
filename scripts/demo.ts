/** The demo organizations in `seed/`, and who may sign in to them. Development only. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOrganizationFile, publishOrganization } from '../src/registry/publish.ts';

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

/** Publishes every demo organization into a registry. Repeating it changes nothing. */
export async function publishDemo(registry: {
  put(key: string, value: string): Promise<void>;
}): Promise<void> {
  const files = (await readdir(SEED)).filter((name) => name.endsWith('.json') && name !== IDENTITIES);
  for (const name of files) {
    await publishOrganization(registry, parseOrganizationFile(await readJson(join(SEED, name))));
  }
}
