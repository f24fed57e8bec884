import { registryKey } from './keys.ts';
import type { Catalog } from './organization.ts';
import type { Publication } from './publication.ts';

/**
 * Returns the names of the secrets that the tools of a publication are given and that the deployment does not have, each
 * once. A tool without its secret would fail in every conversation, so that publishing refuses it.
 */
export function missingSecrets(
  { documents, organization }: Pick<Publication, 'documents' | 'organization'>,
  has: (name: string) => boolean,
): string[] {
  const catalog = documents.get(registryKey.catalog(organization)) as Partial<Catalog> | undefined;
  const versions = (catalog?.tools ?? []).flatMap((tool) => tool.versions);
  const named = versions.flatMap(({ headers }) =>
    Object.values(headers).flatMap((value) => (typeof value === 'string' ? [] : [value.secret])),
  );
  return [...new Set(named)].filter((name) => !has(name)).sort();
}
