/** Parses an organization's file, and checks it as a whole. */
import { capabilityIssues } from './checks/capabilities.ts';
import { documentIssues, isTooDeep, MAX_DEPTH } from './checks/document.ts';
import { draftOf, type Draft, type DraftGraph } from './checks/draft.ts';
import { duplicateIssues } from './checks/duplicates.ts';
import { formMessage, Places, type Issue, type PlacedIssue } from './checks/issues.ts';
import { budgetIssues } from './checks/budgets.ts';
import { peopleIssues } from './checks/people.ts';
import { agentIssues, serviceIssues } from './checks/services.ts';
import type { Tool } from './capabilities.ts';
import { OrganizationFile } from './organization.ts';
import { versionKey } from './primitives.ts';
import type { Published } from './published.ts';
import { validateGraphs } from './validate-graph.ts';

/** Thrown for a file that cannot be published. Has every error with the path of the wrong entry. */
export class PublicationError extends Error {
  readonly errors: PlacedIssue[];

  constructor(errors: PlacedIssue[]) {
    super(errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'PublicationError';
    this.errors = errors;
  }
}

/** Circumstances that a file is checked against besides itself. */
export interface Surroundings {
  /** Published documents of its organization: the file may refer to their versions and graphs without having them. */
  published?: Published;
  /** True if the file is for a production deployment. */
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

/** Returns the issues that a schema cannot express, of every entry whose form is right. */
function senseIssues(draft: Draft, { published, isProduction = false }: Surroundings): Issue[] {
  return [
    ...peopleIssues(draft),
    ...budgetIssues(draft),
    ...agentIssues(draft),
    ...graphIssues(draft, published),
    ...serviceIssues(draft, published ?? null),
    ...capabilityIssues(draft, isProduction),
    ...duplicateIssues(draft),
  ];
}

/**
 * Parses a file and checks its sense. Throws `PublicationError` with all errors of form and sense together. Skips the check
 * of sense for each entry whose own form is wrong.
 */
export function parseOrganizationFile(input: unknown, surroundings: Surroundings = {}): OrganizationFile {
  if (isTooDeep(input)) {
    const message = `objects and lists are nested more than ${MAX_DEPTH} deep`;
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
