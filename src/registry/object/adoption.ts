/** Documents that were published to KV past the object: before it managed the organization, or by a command line. */
import { registryKey } from '../keys.ts';
import { keysIn } from '../kv-registry.ts';
import type { ApiKey, User } from '../organization.ts';
import type { Documents } from '../published.ts';
import { sameJson } from '../differences.ts';
import { splitRevision } from '../revisions.ts';
import { madeAt } from '../../identifiers.ts';
import { isDeparted } from '../users.ts';
import type { Write } from './commands.ts';
import { namedBy } from './names.ts';
import { userRecord, type KeyRecord } from './records.ts';
import type { RegistryStore } from './store.ts';
import { documentsIn } from './view.ts';

/** The most keys that KV reads in one request. */
const KEYS_PER_READ = 100;

/** Reads every document of an organization from KV, without their revisions. */
export async function publishedInKv(kv: KVNamespace, organization: string): Promise<Documents> {
  const keys = await keysIn(kv, organization);
  const documents = new Map<string, unknown>();
  for (let at = 0; at < keys.length; at += KEYS_PER_READ) {
    const read = await kv.get(keys.slice(at, at + KEYS_PER_READ), 'json');
    for (const [key, stored] of read) if (stored !== null) documents.set(key, splitRevision(stored).value);
  }
  return documents;
}

/** Returns the record of a key from a file. What neither says of a key that is known stays. */
function keyRecord(key: ApiKey, known: KeyRecord | null): KeyRecord {
  const { name = null, created_at = madeAt(key.id), creator = null } = known ?? {};
  return { ...key, name, created_at, creator };
}

/** Returns what takes over a document that stands under a key; nothing for a key that is not known here. */
export function takeOver(store: RegistryStore, organization: string, key: string, value: unknown): Write[] {
  const named = namedBy(organization, key);
  if (named === null) return [];
  if (named.type === 'user') {
    if (isDeparted(value)) return [];
    const user = userRecord(value as User, store.user(named.id));
    return [{ type: 'put-user', user }];
  }
  const { name } = named;
  const stored = name.kind === 'key' ? keyRecord(value as ApiKey, store.key(name.id)) : value;
  return [{ type: 'put', name, value: stored }];
}

/** Returns what takes a document out that stands no more. */
export function takeOut(store: RegistryStore, organization: string, key: string): Write[] {
  const named = namedBy(organization, key);
  if (named === null) return [];
  if (named.type === 'document') return [{ type: 'delete', name: named.name }];
  const user = store.user(named.id);
  return user === null
    ? []
    : [
        { type: 'delete-user', user },
        { type: 'tell', kind: 'user', users: [named.id] },
      ];
}

/**
 * Returns what brings the object to what KV holds. `isNews` tells of a key that differs whether KV's word is newer than
 * the object's.
 */
export function adoption(
  store: RegistryStore,
  organization: string,
  published: Documents,
  isNews: (key: string) => boolean,
): Write[] {
  const known = documentsIn(store, organization);
  const writes: Write[] = [];
  for (const [key, value] of published) {
    if (key === registryKey.revision(organization)) continue;
    const own = known.get(key);
    // The address of a user stands in no document that the object publishes.
    const same = sameJson(withoutEmail(own), withoutEmail(value));
    if (!same && isNews(key)) writes.push(...takeOver(store, organization, key, value));
  }
  // KV has no users of an organization with a jurisdiction: that it lacks one says nothing.
  const isBound = (store.organization()?.jurisdiction ?? null) !== null;
  for (const [key, value] of known) {
    const stays =
      isDeparted(value) ||
      key === registryKey.revision(organization) ||
      (isBound && namedBy(organization, key)?.type === 'user');
    if (!published.has(key) && !stays && isNews(key)) {
      writes.push(...takeOut(store, organization, key));
    }
  }
  return writes;
}

function withoutEmail(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { email: _email, ...rest } = value as { email?: unknown };
  return rest;
}
