import { DEFAULT_ROLES } from '../access/default-roles.ts';
import type { PermissionGrant } from '../access/permissions.ts';
import { NOTHING_SHOWN, preferencesOf, type OwnerPreferences } from '../access/visibility.ts';
import { REGISTRY_TIMEOUT_MS, RegistryDocuments } from './documents.ts';
import type { ContextGraph } from './graph.ts';
import { registryKey } from './keys.ts';
import { Organization, type ApiKey, type Catalog, type User } from './organization.ts';
import type { Agent, LanguageModelConfig, Service } from './services.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { OrganizationId, versionKey } from './primitives.ts';
import { EMPTY_CATALOG } from './published.ts';
import { isDeparted, type DepartedUser } from './users.ts';

/** What a conversation is fixed to when it is created. */
export interface ResolvedVersions {
  name: string;
  agent: VersionInfo;
  graph: VersionInfo;
  llm_model_preferences: Record<string, LanguageModelConfig>;
}

/**
 * Reads the registry: everything by key, nothing by listing. Documents were validated when they were written. While KV
 * fails, what is known is served for an hour; for what is not known the request ends with 503.
 */
export class RegistryReader {
  readonly #documents: RegistryDocuments;

  constructor(kv: KVNamespace, timeoutMs = REGISTRY_TIMEOUT_MS) {
    this.#documents = new RegistryDocuments(kv, timeoutMs);
  }

  /** An organization. Parsed, so that one written by an earlier version has the settings it did not know yet. */
  async organization(id: string): Promise<Organization | null> {
    if (!OrganizationId.safeParse(id).success) return null;
    return this.#documents.current(registryKey.organization(id), (value) => Organization.parse(value));
  }

  async user(organization: string, id: string): Promise<User | null> {
    const document = await this.#userDocument(organization, id);
    return isDeparted(document) ? null : document;
  }

  /**
   * The preferences that hold for a user of an organization, also for one who was removed. A guest's are those of the
   * organization they visit.
   */
  async preferences(organizationId: string, userId: string): Promise<OwnerPreferences> {
    const [organization, user] = await Promise.all([
      this.organization(organizationId),
      this.#userDocument(organizationId, userId),
    ]);
    if (organization === null) return NOTHING_SHOWN;
    return preferencesOf(user?.preferences, organization.default_user_preferences);
  }

  #userDocument(organization: string, id: string): Promise<User | DepartedUser | null> {
    return this.#documents.current(registryKey.user(organization, id));
  }

  /** Whether users of the organization decide about their conversations themselves, rather than the organization alone. */
  async usersStatePreferences(organization: string): Promise<boolean> {
    return (await this.#documents.current(registryKey.statedPreferences(organization))) !== null;
  }

  /**
   * What users state by their identifiers, read together: users, and what is left of those who were removed. Users that
   * never existed are left out.
   */
  async users(organization: string, ids: readonly string[]): Promise<Map<string, Partial<User>>> {
    const keyOf = (id: string) => registryKey.user(organization, id);
    const found = await this.#documents.currentAll<User | DepartedUser>(ids.map(keyOf));
    return new Map(
      ids.flatMap((id) => {
        const user = found.get(keyOf(id));
        return user === undefined ? [] : [[id, user]];
      }),
    );
  }

  apiKey(organization: string, id: string): Promise<ApiKey | null> {
    return this.#documents.current<ApiKey>(registryKey.apiKey(organization, id));
  }

  async catalog(organization: string): Promise<Catalog> {
    return {
      ...EMPTY_CATALOG,
      ...(await this.#documents.current<Partial<Catalog>>(registryKey.catalog(organization))),
    };
  }

  /** A version of an agent. */
  agent(organization: string, [id, version]: VersionInfo): Promise<Agent | null> {
    return this.#documents.version<Agent>(registryKey.agent(organization, id, version));
  }

  graph(organization: string, [id, version]: VersionInfo): Promise<ContextGraph | null> {
    return this.#documents.version<ContextGraph>(registryKey.graph(organization, id, version));
  }

  /** A graph and all that it refers to, by `versionKey`. One that is missing is left out. */
  async graphs(organization: string, root: VersionInfo): Promise<Map<string, ContextGraph>> {
    const found = new Map<string, ContextGraph>();
    const open = [root];
    for (let info = open.pop(); info !== undefined; info = open.pop()) {
      const key = versionKey(info);
      if (found.has(key)) continue;
      const graph = await this.graph(organization, info);
      if (graph === null) continue;
      found.set(key, graph);
      open.push(...Object.values(graph.references));
    }
    return found;
  }
}

/** The grants of a role: the default one of that name, else the organization's own, else none. */
export function roleGrants(organization: Organization, role: string): readonly PermissionGrant[] {
  if (Object.hasOwn(DEFAULT_ROLES, role)) return DEFAULT_ROLES[role] ?? [];
  return organization.roles.find(({ name }) => name === role)?.permission_grants ?? [];
}

/** The versions a version set means now, or `null` when the service has no such set. `edge` is always the latest. */
export function resolveVersions(catalog: Catalog, service: Service, name: string): ResolvedVersions | null {
  const set = Object.hasOwn(service.version_sets, name) ? service.version_sets[name] : undefined;
  if (set === undefined && name !== 'edge') return null;
  const graphId = service.service_hierarchical_state_machine_id;
  const pinned = name === 'edge' ? undefined : set;
  return {
    name,
    agent: [service.agent_id, pinned?.agent_version_number ?? catalog.latest[service.agent_id] ?? 1],
    graph: [
      graphId,
      pinned?.service_hierarchical_state_machine_version_number ?? catalog.latest[graphId] ?? 1,
    ],
    llm_model_preferences: set?.llm_model_preferences ?? {},
  };
}
