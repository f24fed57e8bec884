/** A publication from its decision to its writes. The decision is pure; the writes come in an order that a crash cannot hurt. */
import { bump } from './bump.ts';
import { diff, keptTools, type Change } from './diff.ts';
import { sha256Hex } from '../digest.ts';
import { canonicalJson } from '../text.ts';
import { sameJson } from './differences.ts';
import { registryKey } from './keys.ts';
import type { OrganizationFile, User } from './organization.ts';
import { documentsOf, type Documents, type Published } from './published.ts';
import { departed, isDeparted } from './users.ts';

export interface PublicationOptions {
  /** Give changed versions the next number, rather than refuse them. */
  bump?: boolean;
  /** Point `release` at the versions that `bump` made. */
  release?: boolean;
}

/** What a publication would do. It is refused when a change is of kind `refuse`. */
export interface Publication {
  organization: string;
  changes: Change[];
  /** The numbers that differ from those of the file, a line each. */
  notes: string[];
  /** Documents to write: each group whole before the next begins. */
  writes: (readonly [key: string, value: unknown])[][];
  /** Keys to remove when everything is written. */
  removals: string[];
  /** What is published afterwards, and the revision of what is published now. */
  documents: Documents;
  revision: string | null;
}

/** Where the documents of a registry are written. Each call is over when all of it is stored. */
export interface RegistryWriter {
  write: (entries: readonly (readonly [key: string, value: string])[]) => Promise<void>;
  remove: (keys: readonly string[]) => Promise<void>;
}

/** A registry that can be read as well, for what a file is to be compared with. */
export interface RegistryStore extends RegistryWriter {
  documents: (organization: string) => Promise<Documents>;
}

type Entries = (readonly [key: string, value: unknown])[];

/**
 * Orders documents so that a reader between two writes sees the old organization or the new one, never a service without
 * its graph: versions, then people and the organization, then the catalog that names the versions. The mark that users
 * state preferences comes before the users who do.
 */
function inGroups(organization: string, documents: Documents): Entries[] {
  const isFirst = (key: string) =>
    isVersion(organization, key) || key === registryKey.statedPreferences(organization);
  const isCatalog = (key: string) => key === registryKey.catalog(organization);
  const entries = [...documents];
  return [
    entries.filter(([key]) => isFirst(key)),
    entries.filter(([key]) => !isFirst(key) && !isCatalog(key)),
    entries.filter(([key]) => isCatalog(key)),
  ];
}

function isVersion(organization: string, key: string): boolean {
  return [registryKey.agents(organization), registryKey.graphs(organization)].some((prefix) =>
    key.startsWith(prefix),
  );
}

/** Returns whether a document stays that a file does not mean: history, and what was said once and for all. */
function stays(organization: string, key: string, value: unknown): boolean {
  if (isVersion(organization, key) || isDeparted(value)) return true;
  return [registryKey.revision(organization), registryKey.statedPreferences(organization)].includes(key);
}

/** Splits what a file lacks into keys to remove, and into what is left of users who had stated something. */
function departures(
  published: Published,
  after: Documents,
  organization: string,
): { left: Entries; removals: string[] } {
  const left: Entries = [];
  const removals: string[] = [];
  for (const [key, value] of published.documents) {
    if (after.has(key) || stays(organization, key, value)) continue;
    const isUser = key.startsWith(registryKey.user(organization, ''));
    const rest = isUser ? departed(value as Pick<User, 'preferences'>) : null;
    if (rest === null) removals.push(key);
    else left.push([key, rest]);
  }
  return { left, removals };
}

/** Decides what publishing a file does to what is published. The file must have been checked against the same. */
export function planPublication(
  published: Published,
  file: OrganizationFile,
  options: PublicationOptions = {},
): Publication {
  const { id } = file.organization;
  const bumped =
    options.bump === true ? bump(published, file, options.release === true) : { file, notes: [] };
  const after = documentsOf(bumped.file, keptTools(published, bumped.file));
  const changed = [...after].filter(([key, value]) => !sameJson(published.documents.get(key), value));
  const { left, removals } = departures(published, after, id);
  const documents = new Map([...published.documents, ...after, ...left]);
  for (const key of [...removals, registryKey.revision(id)]) documents.delete(key);
  return {
    organization: id,
    changes: diff(published, bumped.file),
    notes: bumped.notes,
    writes: [...inGroups(id, new Map(changed)), left].filter((group) => group.length > 0),
    removals,
    documents,
    revision: revisionIn(published.documents, id),
  };
}

/** Returns the revision that the last whole publication wrote, or null. */
export function revisionIn(documents: Documents, organization: string): string | null {
  const stored = documents.get(registryKey.revision(organization)) as { revision?: string } | undefined;
  return stored?.revision ?? null;
}

/** Returns the digest of documents by which a change of them is noticed: 64 hexadecimal digits. */
function revisionOf(documents: Documents): Promise<string> {
  return sha256Hex(canonicalJson([...documents].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * Carries a publication out: versions first, the catalog last, removals after it, the revision at the very end. Stopped
 * anywhere, it leaves an organization that works; repeated, it does what is left. Returns the new revision.
 */
export async function carryOut(writer: RegistryWriter, publication: Publication): Promise<string> {
  const { organization, writes, removals, documents } = publication;
  for (const group of writes) {
    await writer.write(group.map(([key, value]) => [key, JSON.stringify(value)] as const));
  }
  if (removals.length > 0) await writer.remove(removals);
  const revision = await revisionOf(documents);
  if (revision !== publication.revision) {
    await writer.write([[registryKey.revision(organization), JSON.stringify({ revision })]]);
  }
  return revision;
}
