/** From a file to the registry. Runs in Node (the command line) as well as in the Worker. */
import { capabilityIssues } from './checks/capabilities.ts';
import { documentIssues, isTooDeep, MAX_DEPTH } from './checks/document.ts';
import { draftOf, type Draft, type DraftGraph } from './checks/draft.ts';
import { duplicateIssues } from './checks/duplicates.ts';
import { formMessage, Places, type Issue, type PlacedIssue } from './checks/issues.ts';
import { peopleIssues } from './checks/people.ts';
import { agentIssues, serviceIssues } from './checks/services.ts';
import type { Tool } from './capabilities.ts';
import { registryKey } from './keys.ts';
import { OrganizationFile, type User } from './organization.ts';
import { OrganizationId, versionKey } from './primitives.ts';
import {
  carryOut,
  planPublication,
  type Publication,
  type PublicationOptions,
  type RegistryStore,
} from './publication.ts';
import { readPublished, type Published } from './published.ts';
import { statedPreferences } from './users.ts';
import { validateGraphs } from './validate-graph.ts';

export { hashApiKey } from './api-key.ts';

/** Why a file cannot be published: each error with the path of what is wrong. */
export class PublicationError extends Error {
  readonly errors: PlacedIssue[];

  constructor(errors: PlacedIssue[]) {
    super(errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'PublicationError';
    this.errors = errors;
  }
}

/** What a file is checked against besides itself. */
export interface Surroundings {
  /** What is published of its organization: versions and graphs that it may refer to without having them. */
  published?: Published;
  /** Whether it is to be published to a production deployment. */
  isProduction?: boolean;
}

function graphIssues(draft: Draft, published: Published | undefined): Issue[] {
  const placed = draft.graphs.flatMap((graph, at): [DraftGraph, number][] =>
    graph === null ? [] : [[graph, at]],
  );
  const graphs = placed.map(([graph]) => graph);
  const inFile = new Set(graphs.map(({ id, version }) => versionKey([id, version])));
  const before = (published?.graphs ?? []).filter(
    ({ id, version }) => !inFile.has(versionKey([id, version])),
  );
  const tools = draft.tools.filter((tool): tool is Tool => tool !== null);
  const issues = validateGraphs(graphs, { graphs: before, tools, unread: draft.unread });
  return placed.flatMap(([, at], index) =>
    (issues[index] ?? []).map(({ path, message }) => ({ path: ['graphs', at, ...path], message })),
  );
}

/** Returns everything that is wrong with the sense of what can be read of a file. */
function senseIssues(draft: Draft, { published, isProduction = false }: Surroundings): Issue[] {
  return [
    ...peopleIssues(draft),
    ...agentIssues(draft),
    ...graphIssues(draft, published),
    ...serviceIssues(draft, published ?? null),
    ...capabilityIssues(draft, isProduction),
    ...duplicateIssues(draft),
  ];
}

/**
 * Parses a file and checks its sense. Throws `PublicationError` with everything that is wrong, form and sense together:
 * only an entry whose own form is wrong is not checked for its sense.
 */
export function parseOrganizationFile(input: unknown, surroundings: Surroundings = {}): OrganizationFile {
  if (isTooDeep(input)) {
    const message = `objects and lists lie in each other more than ${MAX_DEPTH} deep`;
    throw new PublicationError([{ path: 'the file', message }]);
  }
  const parsed = OrganizationFile.safeParse(input, { error: formMessage });
  const draft = draftOf(input);
  const issues: Issue[] = [
    ...(parsed.error?.issues ?? []),
    ...documentIssues(input),
    ...(draft === null ? [] : senseIssues(draft, surroundings)),
  ];
  if (!parsed.success || issues.length > 0) {
    const places = new Places(input);
    throw new PublicationError(issues.map(({ path, message }) => ({ path: places.name(path), message })));
  }
  return parsed.data;
}

/** Returns the identifier of the organization that a file is of, or null where the file does not say it. */
function organizationIn(input: unknown): string | null {
  const { organization } = (input ?? {}) as { organization?: { id?: unknown } | null };
  const parsed = OrganizationId.safeParse(organization?.id);
  return parsed.success ? parsed.data : null;
}

/** Where documents are put one by one: KV, or whatever stands for it. */
interface DocumentWriter {
  put(key: string, value: string): Promise<void>;
}

/** Writes users of an organization, behind the mark that users decide about their conversations where one does. */
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
 * Checks a file against what a registry holds, and decides what publishing it would do. Writes nothing. Throws
 * `PublicationError` with everything that is wrong with the file.
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
 * Writes a parsed file into a registry that holds nothing of its organization, versions first and the catalog that names
 * them last.
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
