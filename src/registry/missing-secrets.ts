import { registryKey } from './keys.ts';
import type { Catalog } from './organization.ts';
import type { Publication } from './publication.ts';

/**
 * Returns the names of the secrets that the tools of a publication use and the deployment does not have, each once and
 * sorted. Publishing refuses them, because a tool without its secret fails in every conversation.
 */
export function missingSecrets(
  { documents, organization }: Pick<Publication, 'documents' | 'organization'>,
  has: (name: string) => boolean,
): string[] {
  const catalog = documents.get(registryKey.catalog(organization)) as Partial<Catalog> | undefined;
  const versions = (catalog?.tools ?? []).flatMap((tool) => tool.versions);
  const named = versions.flatMap(({ headers }) =>
    Object.values(headers).flatMap((value) =>
      typeof value === 'object' && 'secret' in value ? [value.secret] : [],
    ),
  );
  return [...new Set(named)].filter((name) => !has(name)).sort();
}
