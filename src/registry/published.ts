/** Reads the published documents of an organization, and creates those of a file. */
import type * as z from 'zod';
import type { Tool } from './capabilities.ts';
import { EMPTY_CATALOG } from './catalog.ts';
import { ContextGraph } from './graph.ts';
import { registryKey } from './keys.ts';
import { ApiKey, Organization, User, type Catalog, type OrganizationFile } from './organization.ts';
import { splitRevision } from './revisions.ts';
import { Agent } from './services.ts';
import { isDeparted, statedPreferences } from './users.ts';

/** Documents of the registry by key, as JSON values. */
export type Documents = ReadonlyMap<string, unknown>;

/** The published documents of one organization. All lists are empty before its first publication. */
export interface Published {
  documents: Documents;
  organization: Organization | null;
  users: readonly User[];
  api_keys: readonly ApiKey[];
  /** Every published version, also of the past. */
  agents: readonly Agent[];
  graphs: readonly ContextGraph[];
  catalog: Catalog;
}

/**
 * Parses a stored document. One of an earlier format gets the defaults of missing fields, so that it compares equal to
 * a file. One that the present schema refuses is returned unchanged.
 */
function stored<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : (value as z.infer<Schema>);
}

/** Returns the document of a user as a file may state it: no file states adopted visitors. */
function withoutAdopted(value: unknown): unknown {
  const { adopted: _adopted, ...stated } = Object(value) as { adopted?: unknown };
  return stated;
}

/** Returns the documents of a file in which users keep the visitors that they have adopted. */
export function withAdopted(published: Documents, file: Documents): Map<string, unknown> {
  return new Map(
    [...file].map(([key, value]) => {
      const { adopted } = Object(published.get(key)) as { adopted?: unknown };
      return [key, adopted === undefined ? value : { ...Object(value), adopted }];
    }),
  );
}

/** Parses the documents of an organization. Documents of other organizations are left out. */
export function readPublished(all: Documents, organization: string): Published {
  const isOwn = (key: string) =>
    key === registryKey.organization(organization) || key.startsWith(registryKey.below(organization));
  const documents = new Map(
    [...all].filter(([key]) => isOwn(key)).map(([key, value]) => [key, splitRevision(value).value]),
  );
  const under = <Schema extends z.ZodType>(prefix: string, schema: Schema): z.infer<Schema>[] =>
    [...documents].flatMap(([key, value]) => (key.startsWith(prefix) ? [stored(schema, value)] : []));
  const own = documents.get(registryKey.organization(organization));
  const catalog = documents.get(registryKey.catalog(organization)) as Partial<Catalog> | undefined;
  const users = [...documents].flatMap(([key, value]) =>
    key.startsWith(registryKey.user(organization, '')) && !isDeparted(value)
      ? [stored(User, withoutAdopted(value))]
      : [],
  );
  return {
    documents,
    organization: own === undefined ? null : stored(Organization, own),
    users,
    api_keys: under(registryKey.apiKey(organization, ''), ApiKey),
    agents: under(registryKey.agents(organization), Agent),
    graphs: under(registryKey.graphs(organization), ContextGraph),
    catalog: { ...EMPTY_CATALOG, ...catalog },
  };
}

/** Returns the newest version of each agent and graph of a file, by identifier. */
function latestOf({ agents, graphs }: OrganizationFile): Record<string, number> {
  const latest: Record<string, number> = {};
  for (const { id, version } of [...agents, ...graphs]) latest[id] = Math.max(latest[id] ?? 0, version);
  return latest;
}

/** Returns the documents of a file. `kept` are published tools that the file lacks and that must stay. */
export function documentsOf(file: OrganizationFile, kept: readonly Tool[] = []): Map<string, unknown> {
  const { id } = file.organization;
  const { services, dynamic_behavior_sets, metrics, models } = file;
  const tools = withKept(file.tools, kept);
  const catalog: Catalog = {
    services,
    latest: latestOf(file),
    tools,
    dynamic_behavior_sets,
    metrics,
    models,
  };
  return new Map<string, unknown>([
    ...statedPreferences(id, file.users),
    ...file.agents.map((agent) => [registryKey.agent(id, agent.id, agent.version), agent] as const),
    ...file.graphs.map((graph) => [registryKey.graph(id, graph.id, graph.version), graph] as const),
    ...file.users.map((user) => [registryKey.user(id, user.id), user] as const),
    ...file.api_keys.map((key) => [registryKey.apiKey(id, key.id), key] as const),
    [registryKey.organization(id), file.organization],
    [registryKey.catalog(id), catalog],
  ]);
}

/** Adds kept tools to those of a file: whole tools, and versions of tools that the file has. */
function withKept(tools: readonly Tool[], kept: readonly Tool[]): Tool[] {
  const own = new Set(tools.map(({ id }) => id));
  return [
    ...tools.map((tool) => {
      const more = kept.find(({ id }) => id === tool.id)?.versions ?? [];
      return { ...tool, versions: [...tool.versions, ...more] };
    }),
    ...kept.filter(({ id }) => !own.has(id)),
  ];
}
