/**
 * The revision of a published document: the number of the change of its organization that wrote it last. It stands in the
 * document as the member `revision`; a document that was published from a file has none, and counts as revision 0.
 */
import { registryKey } from './keys.ts';

/** The kinds of documents that a change takes something away from, and whose copies may be too old. */
export const STALE_KINDS = ['user', 'organization', 'catalog'] as const;
export type StaleKind = (typeof STALE_KINDS)[number];

/** The revision that a copy of each kind must have at least. A kind that is absent may have any. */
export type LeastRevisions = Partial<Record<StaleKind, number>>;

/** Splits a published document into its revision, 0 when it has none, and the rest. */
export function splitRevision(stored: unknown): { revision: number; value: unknown } {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    return { revision: 0, value: stored };
  }
  const { revision, ...value } = stored as { revision?: unknown };
  return typeof revision === 'number' ? { revision, value } : { revision: 0, value: stored };
}

/** Returns the text of a document as it is published. */
export function withRevision(value: unknown, revision: number): string {
  return JSON.stringify({ ...(value as object), revision });
}

/** Returns the greater revisions of two. */
export function greater(one: LeastRevisions, other: LeastRevisions): LeastRevisions {
  const kinds = STALE_KINDS.filter((kind) => kind in one || kind in other);
  return Object.fromEntries(kinds.map((kind) => [kind, Math.max(one[kind] ?? 0, other[kind] ?? 0)]));
}

/** Returns the kind of the document under a key of an organization; null for one that is never too old. */
export function staleKindOf(organization: string, key: string): StaleKind | null {
  if (key === registryKey.organization(organization)) return 'organization';
  if (key === registryKey.catalog(organization)) return 'catalog';
  return key.startsWith(registryKey.user(organization, '')) ? 'user' : null;
}
