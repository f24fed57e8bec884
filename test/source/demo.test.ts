/** The demo organizations in a registry in memory: what a start of the server publishes, and what it keeps. */
import { describe, expect, it } from 'vitest';
import { publishDemo } from '../../scripts/demo.ts';
import { registryKey } from '../../src/registry/keys.ts';
import type { RegistryStore } from '../../src/registry/publication.ts';

const CLINIC = 'riverside-clinic';

/** A registry that keeps documents in a map. */
function registryIn(documents: Map<string, unknown>): RegistryStore {
  return {
    documents: (organization) =>
      Promise.resolve(
        new Map([...documents].filter(([key]) => key.startsWith(registryKey.organization(organization)))),
      ),
    write: (entries) => {
      for (const [key, value] of entries) documents.set(key, JSON.parse(value));
      return Promise.resolve();
    },
    remove: (keys) => {
      for (const key of keys) documents.delete(key);
      return Promise.resolve();
    },
  };
}

describe('a start of the server', () => {
  it('keeps the users and keys that the API has created, and restores what it has changed', async () => {
    const documents = new Map<string, unknown>();
    const registry = registryIn(documents);
    await publishDemo(registry, 'http://localhost:9999');
    const published = structuredClone(documents);
    const created = new Map<string, unknown>([
      [
        registryKey.user(CLINIC, 'a'.repeat(24)),
        {
          id: 'a'.repeat(24),
          name: 'Nell New',
          role: 'DefaultUserRole',
          preferences: { conversations_visible_to_admins: false },
          revision: 3,
        },
      ],
      [
        registryKey.apiKey(CLINIC, 'b'.repeat(24)),
        {
          id: 'b'.repeat(24),
          hash: 'f'.repeat(64),
          role: 'DefaultUserRole',
          expires_at: null,
          development_only: false,
        },
      ],
    ]);
    for (const [key, value] of created) documents.set(key, value);
    const organization = documents.get(registryKey.organization(CLINIC)) as object;
    documents.set(registryKey.organization(CLINIC), { ...organization, name: 'Another name', revision: 4 });
    await publishDemo(registry, 'http://localhost:9999');
    for (const [key, value] of created) expect(documents.get(key)).toEqual(value);
    expect(documents.get(registryKey.organization(CLINIC))).toEqual(
      published.get(registryKey.organization(CLINIC)),
    );
  });
});
