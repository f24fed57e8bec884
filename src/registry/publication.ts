/**
 * Plans publications and carries them out. The plan is pure. The order of the writes keeps the organization working if
 * the process stops between two of them.
 */
import { bump } from './bump.ts';
import type { Change } from '../contract/workbench.ts';
import { diff, keptTools } from './diff.ts';
import { sha256Hex } from '../digest.ts';
import { canonicalJson } from '../text.ts';
import { sameJson } from './differences.ts';
import { correctionHints } from './checks/corrections.ts';
import type { ContextGraph } from './graph.ts';
import { registryKey } from './keys.ts';
import type { OrganizationFile, User } from './organization.ts';
import { type Documents, documentsOf, type Published, withAdopted } from './published.ts';
import { departed, isDeparted } from './users.ts';

/** Options of a publication. */
export interface PublicationOptions {
  /** Assign the next number to changed versions. Without it they are refused. */
  bump?: boolean;
  /** Set `release` to the versions that `bump` assigns. */
  release?: boolean;
}

/** The plan of a publication. It must not be carried out if a change is of kind `refuse`. */
export interface Publication {
  organization: string;
  changes: Change[];
  /** Version numbers that differ from those of the file, one per line. */
  notes: string[];
  /** Advice about new graphs, one sentence each. */
  hints: string[];
  /** Documents to write, in groups: each group is complete before the next begins. */
  writes: (readonly [key: string, value: unknown])[][];
  /** Keys to remove after all writes. */
  removals: string[];
  /** Documents after the publication, and the present revision. */
  documents: Documents;
  revision: string | null;
}

/** Writes documents of a registry. A call resolves when everything is stored. */
export interface RegistryWriter {
  write: (entries: readonly (readonly [key: string, value: string])[]) => Promise<void>;
  remove: (keys: readonly string[]) => Promise<void>;
}

/** A registry that can be read too, to compare a file with it. */
export interface RegistryStore extends RegistryWriter {
  documents: (organization: string) => Promise<Documents>;
}

type Entries = (readonly [key: string, value: unknown])[];

/**
 * Divides documents into groups, so that a reader between two writes never sees a service without its graph: versions,
 * then people and the organization, then the catalog that names the versions. The mark that users state preferences
 * comes before these users.
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

/**
 * Tells whether a document stays although the file lacks it: a version, a departed user, the revision and the mark of
 * stated preferences.
 */
function stays(organization: string, key: string, value: unknown): boolean {
  if (isVersion(organization, key) || isDeparted(value)) return true;
  return [registryKey.revision(organization), registryKey.statedPreferences(organization)].includes(key);
}

/** Divides the documents that a file lacks into keys to remove, and the preferences that stay of departed users. */
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

/** Returns the plan of publishing a file. The file must have been checked against the same published documents. */
export function planPublication(
  published: Published,
  file: OrganizationFile,
  options: PublicationOptions = {},
): Publication {
  const { id } = file.organization;
  const bumped =
    options.bump === true ? bump(published, file, options.release === true) : { file, notes: [] };
  const stated = documentsOf(bumped.file, keptTools(published, bumped.file));
  const after = withAdopted(published.documents, stated);
  const changed = [...after].filter(([key, value]) => !sameJson(published.documents.get(key), value));
  const { left, removals } = departures(published, after, id);
  const documents = new Map([...published.documents, ...after, ...left]);
  for (const key of [...removals, registryKey.revision(id)]) documents.delete(key);
  const isNew = (graph: ContextGraph) =>
    changed.some(([key]) => key === registryKey.graph(id, graph.id, graph.version));
  return {
    organization: id,
    changes: diff(published, bumped.file),
    notes: bumped.notes,
    hints: correctionHints(bumped.file.graphs.filter(isNew)),
    writes: [...inGroups(id, new Map(changed)), left].filter((group) => group.length > 0),
    removals,
    documents,
    revision: revisionIn(published.documents, id),
  };
}

/** Returns the revision of the last complete publication, or null. */
export function revisionIn(documents: Documents, organization: string): string | null {
  const stored = documents.get(registryKey.revision(organization)) as { revision?: string } | undefined;
  return stored?.revision ?? null;
}

/** Returns the digest of documents, which differs after every change: 64 hexadecimal digits. */
function revisionOf(documents: Documents): Promise<string> {
  return sha256Hex(canonicalJson([...documents].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * Carries out a publication: versions first, the catalog last, then removals, and the revision at the end. If it stops
 * at any point, the organization still works, and repeating it completes the rest. Returns the new revision.
 */
export async function carryOut(writer: RegistryWriter, publication: Publication): Promise<string> {
  const { organization, writes, removals, documents } = publication;
  for (const group of writes) {
    await writer.write(group.map(([key, value]) => [key, JSON.stringify(value)] as const));
  }
  if (removals.length > 0) await writer.remove(removals);
  const revision = await revisionOf(documents);
  if (revision !== publication.revision) {
    // The registry's object notices a publication beside it also where the same file was published before: by what it
    // comes after. The revisions of the object have a hyphen.
    const after = publication.revision?.includes('-') === true ? { after: publication.revision } : {};
    await writer.write([[registryKey.revision(organization), JSON.stringify({ revision, ...after })]]);
  }
  return revision;
}
