/** The names of documents in the object, and the keys under which they are published. */
import { registryKey } from '../keys.ts';
import type { DocumentName } from './commands.ts';

/** The name of the organization's own document: its settings. */
export const ORGANIZATION: DocumentName = { kind: 'organization', id: '', version: 0 };

/** Returns where a document is published. */
export function keyOf(organization: string, { kind, id, version }: DocumentName): string {
  switch (kind) {
    case 'organization':
      return registryKey.organization(organization);
    case 'catalog':
      return registryKey.catalog(organization);
    case 'preferences':
      return registryKey.statedPreferences(organization);
    case 'revision':
      return registryKey.revision(organization);
    case 'key':
      return registryKey.apiKey(organization, id);
    case 'agent':
      return registryKey.agent(organization, id, version);
    case 'graph':
      return registryKey.graph(organization, id, version);
  }
}

/** Thing that a key of an organization names: a document, a user, or nothing known. */
export type Named = { type: 'document'; name: DocumentName } | { type: 'user'; id: string } | null;

/** Reads a key of an organization. */
export function namedBy(organization: string, key: string): Named {
  const document = (kind: DocumentName['kind'], id = '', version = 0): Named => ({
    type: 'document',
    name: { kind, id, version },
  });
  if (key === registryKey.organization(organization)) return document('organization');
  const below = registryKey.below(organization);
  if (!key.startsWith(below)) return null;
  const [kind = '', id = '', version = '0', ...more] = key.slice(below.length).split(':');
  if (more.length > 0) return null;
  switch (kind) {
    case 'catalog':
    case 'preferences':
    case 'revision':
      return id === '' ? document(kind) : null;
    case 'user':
      return { type: 'user', id };
    case 'key':
      return document('key', id);
    case 'agent':
    case 'graph':
      return /^\d{1,15}$/.test(version) ? document(kind, id, Number(version)) : null;
    default:
      return null;
  }
}

/**
 * Returns the place of a key in the order of publication: versions and the mark of preferences first, the catalog that
 * names versions after them, and the revision last.
 */
export function publicationOrder(organization: string, key: string): number {
  const named = namedBy(organization, key);
  if (named?.type !== 'document') return 1;
  const { kind } = named.name;
  if (kind === 'agent' || kind === 'graph' || kind === 'preferences') return 0;
  if (kind === 'catalog') return 2;
  return kind === 'revision' ? 3 : 1;
}
