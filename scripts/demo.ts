/** The demo organizations in `seed/` and their identities. For development only. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { registryKey } from '../src/registry/keys.ts';
import { carryOut, type Publication, type RegistryStore } from '../src/registry/publication.ts';
import { preparePublication } from '../src/registry/publish.ts';
import { isDeparted } from '../src/registry/users.ts';
import { changeLines, isRefused } from './registry/changes.ts';
import { logPublication } from './publication-log.ts';

const SEED = join(import.meta.dirname, '../seed');
const IDENTITIES = 'identities.json';

/** A demo user, with the key that signs the user in. */
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

/** Returns the identities in `seed/identities.json`. */
export async function demoIdentities(): Promise<DemoIdentity[]> {
  return (await readJson(join(SEED, IDENTITIES))) as DemoIdentity[];
}

/** Address of the demo's tools in the files of `seed/`: the server itself, on its default port. */
const USUAL_BASE_URL = 'http://localhost:8787';

/**
 * Returns a publication that removes no user and no key: those that the file lacks were created by the API, and a start
 * of the server keeps them.
 */
export function withPeople(publication: Publication): Publication {
  const { organization, writes, removals } = publication;
  const people = [registryKey.user(organization, ''), registryKey.apiKey(organization, '')];
  return {
    ...publication,
    writes: writes.map((group) => group.filter(([, value]) => !isDeparted(value))),
    removals: removals.filter((key) => !people.some((prefix) => key.startsWith(prefix))),
  };
}

/**
 * Publishes every demo organization to a registry with automatic versions, because an earlier start may have published
 * older content. Repeating it changes nothing. `baseUrl` is the address of the server, which serves the demo's tools.
 * Throws if a file conflicts with published content.
 */
export async function publishDemo(registry: RegistryStore, baseUrl: string): Promise<void> {
  const files = (await readdir(SEED)).filter((name) => name.endsWith('.json') && name !== IDENTITIES);
  for (const name of files) {
    const text = (await readFile(join(SEED, name), 'utf8')).replaceAll(USUAL_BASE_URL, baseUrl);
    const publication = await preparePublication(registry, JSON.parse(text), { bump: true, release: true });
    if (isRefused(publication)) {
      throw new Error(
        `seed/${name} conflicts with published content:\n${changeLines(publication).join('\n')}`,
      );
    }
    await carryOut(registry, withPeople(publication));
    logPublication(publication.organization);
  }
}
