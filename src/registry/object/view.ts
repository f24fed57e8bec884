/** Published documents of an organization's registry, by their keys. */
import type { DepartedUser } from '../users.ts';
import type { Documents } from '../published.ts';
import { keyOf, namedBy } from './names.ts';
import { fileUser, publishedKey, publishedUser, type KeyRecord } from './records.ts';
import { registryKey } from '../keys.ts';
import type { RegistryStore } from './store.ts';
import type { DocumentName } from './commands.ts';
import type { Versioned } from './documents.ts';

function shown({ kind }: DocumentName, value: unknown): unknown {
  return kind === 'key' ? publishedKey(value as KeyRecord) : value;
}

/** Returns what is published under a key, and by which change; a value of null where nothing is. */
export function publishedUnder(store: RegistryStore, organization: string, key: string): Versioned {
  const nothing = { revision: 0, value: null };
  const named = namedBy(organization, key);
  if (named === null) return nothing;
  if (named.type === 'document') {
    const found = store.document(named.name);
    return found === null ? nothing : { ...found, value: shown(named.name, found.value) };
  }
  const found = store.storedUser(named.id);
  if (found === null) return nothing;
  const { revision, user, left } = found;
  return { revision, value: user === null ? left : publishedUser(user) };
}

/**
 * Returns an organization's documents by their keys, as a file would publish them: users with their addresses, so that a
 * file that states them compares equal.
 */
export function documentsIn(store: RegistryStore, organization: string): Documents {
  const documents = new Map<string, unknown>();
  for (const { name, value } of store.documents())
    documents.set(keyOf(organization, name), shown(name, value));
  for (const { id, user, left } of store.users()) {
    const value: DepartedUser | object | null = user === null ? left : fileUser(user);
    if (value !== null) documents.set(registryKey.user(organization, id), value);
  }
  return documents;
}
