/** Publishes an organization's file to a registry. Runs in Node (the command line) as well as in the Worker. */
import { registryKey } from './keys.ts';
import type { OrganizationFile, User } from './organization.ts';
import { parseOrganizationFile, type Surroundings } from './organization-file.ts';
import { OrganizationId } from './primitives.ts';
import {
  carryOut,
  planPublication,
  type Publication,
  type PublicationOptions,
  type RegistryStore,
} from './publication.ts';
import { readPublished } from './published.ts';
import { statedPreferences } from './users.ts';

export { hashApiKey } from './api-key.ts';
export { parseOrganizationFile, PublicationError } from './organization-file.ts';

/** Returns the identifier of the organization of a file, or null if the file has none that is valid. */
function organizationIn(input: unknown): string | null {
  const { organization } = (input ?? {}) as { organization?: { id?: unknown } | null };
  const parsed = OrganizationId.safeParse(organization?.id);
  return parsed.success ? parsed.data : null;
}

/** Stores documents one by one: KV, or a store with the same method. */
interface DocumentWriter {
  put(key: string, value: string): Promise<void>;
}

/**
 * Writes users of an organization. If one of them states a preference about their conversations, the mark that the
 * organization has such users is written first.
 */
export async function publishUsers(
  registry: DocumentWriter,
  organization: string,
  users: readonly User[],
): Promise<void> {
  const put = (key: string, value: unknown) => registry.put(key, JSON.stringify(value));
  for (const [key, value] of statedPreferences(organization, users)) await put(key, value);
  await Promise.all(users.map((user) => put(registryKey.user(organization, user.id), user)));
}

/**
 * Checks a file against the published documents of its organization, and returns the changes that publishing it makes.
 * Writes nothing. Throws `PublicationError` with all errors of the file.
 */
export async function preparePublication(
  store: RegistryStore,
  input: unknown,
  options: PublicationOptions & Pick<Surroundings, 'isProduction'> = {},
): Promise<Publication> {
  const id = organizationIn(input) ?? '';
  const published = readPublished(id === '' ? new Map() : await store.documents(id), id);
  const { isProduction = false } = options;
  return planPublication(published, parseOrganizationFile(input, { published, isProduction }), options);
}

/**
 * Writes a parsed file into a registry that has no document of its organization. Versions are written before the catalog
 * that names them.
 */
export async function publishOrganization(registry: DocumentWriter, file: OrganizationFile): Promise<void> {
  const nothing = readPublished(new Map(), file.organization.id);
  await carryOut(
    {
      write: async (entries) => {
        await Promise.all(entries.map(([key, value]) => registry.put(key, value)));
      },
      remove: () => Promise.resolve(),
    },
    planPublication(nothing, file),
  );
}
