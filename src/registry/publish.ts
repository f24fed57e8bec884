/** Writing the registry. Runs in Node (`npm start`) as well as in the Worker: it knows KV by its `put` alone. */
import { DEFAULT_ROLES } from '../access/default-roles.ts';
import { registryKey } from './keys.ts';
import { OrganizationFile, type Catalog, type User } from './organization.ts';
import { validateGraph } from './validate-graph.ts';

/** Why a file cannot be published: each error with the path of what is wrong. */
export class PublicationError extends Error {
  readonly errors: { path: string; message: string }[];

  constructor(errors: { path: string; message: string }[]) {
    super(errors.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'PublicationError';
    this.errors = errors;
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

type Issue = { path: PropertyKey[]; message: string };

function danglingReferences(file: OrganizationFile): Issue[] {
  const roles = new Set([...Object.keys(DEFAULT_ROLES), ...file.organization.roles.map((role) => role.name)]);
  const agents = new Set(file.agents.map(({ id }) => id));
  const graphs = new Set(file.graphs.map(({ id }) => id));
  const issues: Issue[] = [];
  const demand = (holds: boolean, path: PropertyKey[], message: string) => {
    if (!holds) issues.push({ path, message });
  };
  file.organization.roles.forEach(({ name }, i) => {
    const path = ['organization', 'roles', i, 'name'];
    demand(!Object.hasOwn(DEFAULT_ROLES, name), path, 'is the name of a role that every organization has');
  });
  file.users.forEach((user, i) => {
    demand(roles.has(user.role), ['users', i, 'role'], `there is no role "${user.role}"`);
  });
  file.organization.token_issuers.forEach((issuer, i) => {
    issuer.roles?.forEach((role, j) => {
      const path = ['organization', 'token_issuers', i, 'roles', j];
      demand(roles.has(role), path, `there is no role "${role}"`);
    });
  });
  file.api_keys.forEach((key, i) => {
    demand(roles.has(key.role), ['api_keys', i, 'role'], `there is no role "${key.role}"`);
  });
  file.services.forEach((service, i) => {
    const path = ['services', i];
    demand(agents.has(service.agent_id), [...path, 'agent_id'], 'there is no such agent');
    const graph = service.service_hierarchical_state_machine_id;
    demand(graphs.has(graph), [...path, 'service_hierarchical_state_machine_id'], 'there is no such graph');
    demand('release' in service.version_sets, [...path, 'version_sets'], 'must have a "release" version set');
  });
  return issues;
}

/** Parses a file and checks its sense. Throws `PublicationError` with everything that is wrong, not the first. */
export function parseOrganizationFile(input: unknown): OrganizationFile {
  const parsed = OrganizationFile.safeParse(input);
  const issues: Issue[] = parsed.success
    ? [
        ...danglingReferences(parsed.data),
        ...parsed.data.graphs.flatMap((graph, index) =>
          validateGraph(graph, parsed.data).map(({ path, message }) => ({
            path: ['graphs', index, ...path],
            message,
          })),
        ),
      ]
    : parsed.error.issues.map(({ path, message }) => ({ path: [...path], message }));
  if (!parsed.success || issues.length > 0) {
    throw new PublicationError(issues.map(({ path, message }) => ({ path: pathOf(path), message })));
  }
  return parsed.data;
}

function catalogOf(file: OrganizationFile): Catalog {
  const latest: Record<string, number> = {};
  for (const { id, version } of [...file.agents, ...file.graphs]) {
    latest[id] = Math.max(latest[id] ?? 0, version);
  }
  const { services, tools, dynamic_behavior_sets, metrics, models } = file;
  return { services, latest, tools, dynamic_behavior_sets, metrics, models };
}

/** Returns whether a user decides about their conversations: then lists have to look at each owner. */
function statesVisibility({ preferences }: User): boolean {
  return typeof preferences?.conversations_visible_to_admins === 'boolean';
}

/** Where the registry is written: KV, or whatever stands for it. */
interface RegistryWriter {
  put(key: string, value: string): Promise<void>;
}

/**
 * Writes users of an organization. The mark that users decide about their conversations is written before the first user
 * who does, and is never taken back: users that a later file leaves out keep what they stated.
 */
export async function publishUsers(
  registry: RegistryWriter,
  organization: string,
  users: readonly User[],
): Promise<void> {
  const put = (key: string, value: unknown) => registry.put(key, JSON.stringify(value));
  if (users.some(statesVisibility)) await put(registryKey.statedPreferences(organization), { stated: true });
  await Promise.all(users.map((user) => put(registryKey.user(organization, user.id), user)));
}

/**
 * Writes a parsed file, versions first and the catalog that names them last: whoever reads between two writes sees
 * the old organization or the new one, never a service without its graph.
 */
export async function publishOrganization(registry: RegistryWriter, file: OrganizationFile): Promise<void> {
  const { id } = file.organization;
  const put = (key: string, value: unknown) => registry.put(key, JSON.stringify(value));
  await Promise.all([
    ...file.agents.map((agent) => put(registryKey.agent(id, agent.id, agent.version), agent)),
    ...file.graphs.map((graph) => put(registryKey.graph(id, graph.id, graph.version), graph)),
    publishUsers(registry, id, file.users),
    ...file.api_keys.map((key) => put(registryKey.apiKey(id, key.id), key)),
  ]);
  await put(registryKey.organization(id), file.organization);
  await put(registryKey.catalog(id), catalogOf(file));
}

/** The SHA-256 under which an API key is stored, in hexadecimal. The key has 256 random bits: no salt is needed. */
export async function hashApiKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
