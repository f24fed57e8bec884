import { DEFAULT_ROLES } from '../access/default-roles.ts';
import type { PermissionGrant } from '../access/permissions.ts';
import { NOTHING_SHOWN, preferencesOf, type OwnerPreferences } from '../access/visibility.ts';
import { homeOf, type Home } from '../home.ts';
import { EMPTY_CATALOG } from './catalog.ts';
import { REGISTRY_TIMEOUT_MS, RegistryDocuments, type Through } from './documents.ts';
import type { ContextGraph } from './graph.ts';
import { registryKey } from './keys.ts';
import type { Agent, ApiKey, Catalog, LanguageModelConfig, Service, User } from './organization.ts';
import { Organization } from './organization-settings.ts';
import type { VersionInfo } from '../contract/versions.ts';
import { OrganizationId, versionKey } from './primitives.ts';
import { greater, type LeastRevisions, type StaleKind } from './revisions.ts';
import type { RegistrySource } from './source.ts';
import { isDeparted, mayHaveDocument, type DepartedUser } from './users.ts';

/** Versions that a conversation keeps from its creation on. */
export interface ResolvedVersions {
  name: string;
  agent: VersionInfo;
  graph: VersionInfo;
  llm_model_preferences: Record<string, LanguageModelConfig>;
}

/**
 * Reads the registry by key, never by listing. Documents were validated when they were written. While KV fails, cached
 * documents are served for an hour; a document that is not cached throws `registry_unavailable` (503).
 */
export class RegistryReader {
  readonly #documents: RegistryDocuments;
  readonly #source: RegistrySource | null;
  /** The revisions that copies of an organization's documents must have, by the organization. */
  readonly #least = new Map<string, LeastRevisions>();

  constructor(kv: KVNamespace, timeoutMs = REGISTRY_TIMEOUT_MS, source: RegistrySource | null = null) {
    this.#documents = new RegistryDocuments(kv, timeoutMs, source);
    this.#source = source;
  }

  /** Has later reads of an organization's documents take no copies that are older than these revisions. */
  demand(organization: string, least: LeastRevisions): void {
    this.#least.set(organization, greater(this.#least.get(organization) ?? {}, least));
  }

  /** Returns whether the cached copy of an organization or of a user is older than these revisions. */
  isBehind(
    organization: string,
    userId: string,
    { user = 0, organization: own = 0 }: LeastRevisions,
  ): boolean {
    const revision = (key: string) => this.#documents.revisionOf(key);
    return (
      revision(registryKey.user(organization, userId)) < user ||
      revision(registryKey.organization(organization)) < own
    );
  }

  /** Tells how a document is read. `misses`: the owner of the truth is asked for what KV does not have. */
  #through(
    organization: string,
    kind: StaleKind | 'key',
    misses = kind === 'user' || kind === 'key',
  ): Through {
    const least = kind === 'key' ? 0 : (this.#least.get(organization)?.[kind] ?? 0);
    return { organization, misses, least };
  }

  /**
   * Returns what the owner of the truth says of a user, their organization and an API key; null where KV is the truth,
   * or the owner does not answer: then the copies decide.
   */
  async truthOf(
    organization: string,
    user: string,
    apiKey: string,
  ): Promise<{ organization: Organization | null; user: User | null; apiKey: ApiKey | null } | null> {
    const keys = {
      organization: registryKey.organization(organization),
      user: registryKey.user(organization, user),
      apiKey: registryKey.apiKey(organization, apiKey),
    };
    const home = await this.#home(organization);
    const documents = await this.#source?.read(home, Object.values(keys)).catch(() => null);
    if (documents === null || documents === undefined) return null;
    const valueOf = (key: string) => documents.get(key)?.value ?? null;
    const found = valueOf(keys.user);
    const settings = valueOf(keys.organization);
    return {
      organization: settings === null ? null : Organization.parse(settings),
      user: isDeparted(found) ? null : (found as User | null),
      apiKey: valueOf(keys.apiKey) as ApiKey | null,
    };
  }

  /**
   * Returns an organization, or null if it does not exist. It is parsed, so that one of an earlier format has the
   * defaults of new settings.
   */
  async organization(id: string): Promise<Organization | null> {
    if (!OrganizationId.safeParse(id).success) return null;
    const through = this.#through(id, 'organization');
    return this.#documents.current(
      registryKey.organization(id),
      (value) => Organization.parse(value),
      through,
    );
  }

  /** Returns a user, or null for one who does not exist or was removed. */
  async user(organization: string, id: string): Promise<User | null> {
    const document = await this.#userDocument(organization, id);
    return isDeparted(document) ? null : document;
  }

  /**
   * Returns the preferences that hold for a user, also for one who was removed. For a guest they are those of the
   * visited organization.
   */
  async preferences(organizationId: string, userId: string): Promise<OwnerPreferences> {
    const [organization, user] = await Promise.all([
      this.organization(organizationId),
      this.#userDocument(organizationId, userId),
    ]);
    if (organization === null) return NOTHING_SHOWN;
    return preferencesOf(user?.preferences, organization.default_user_preferences);
  }

  /** Returns the time zone of a user, else that of the organization; null where neither states one. */
  async timezone(organizationId: string, userId: string): Promise<string | null> {
    const [organization, user] = await Promise.all([
      this.organization(organizationId),
      this.#userDocument(organizationId, userId),
    ]);
    const own = user?.preferences?.timezone ?? null;
    return own ?? organization?.default_user_preferences.timezone ?? null;
  }

  async #home(organization: string): Promise<Home> {
    const settings = await this.#documents.current<Organization>(registryKey.organization(organization));
    return settings === null ? { organization } : homeOf(settings);
  }

  #userDocument(organization: string, id: string): Promise<User | DepartedUser | null> {
    return this.#documents.current(
      registryKey.user(organization, id),
      undefined,
      this.#through(organization, 'user', mayHaveDocument(id)),
    );
  }

  /** Tells whether a user of the organization has stated preferences about conversations. */
  async usersStatePreferences(organization: string): Promise<boolean> {
    const through = { organization, misses: false, least: 0 };
    const key = registryKey.statedPreferences(organization);
    return (await this.#documents.current(key, undefined, through)) !== null;
  }

  /**
   * Returns users by identifier, read together, and the preferences of removed ones. Users who never existed are left
   * out.
   */
  async users(organization: string, ids: readonly string[]): Promise<Map<string, Partial<User>>> {
    const keyOf = (id: string) => registryKey.user(organization, id);
    const found = await this.#documents.currentAll<User | DepartedUser>(ids.map(keyOf));
    const missing = ids.map(keyOf).filter((key) => !found.has(key));
    const mayBeConfined = missing.length > 0 && this.#source !== null;
    const home = mayBeConfined ? await this.#home(organization) : null;
    if (home?.jurisdiction !== undefined) {
      const confined = await this.#documents.confined<User | DepartedUser>(home, missing);
      for (const [key, user] of confined) found.set(key, user);
    }
    return new Map(
      ids.flatMap((id) => {
        const user = found.get(keyOf(id));
        return user === undefined ? [] : [[id, user]];
      }),
    );
  }

  /** Returns an API key, or null if it does not exist. */
  apiKey(organization: string, id: string): Promise<ApiKey | null> {
    return this.#documents.current<ApiKey>(
      registryKey.apiKey(organization, id),
      undefined,
      this.#through(organization, 'key'),
    );
  }

  /** Returns the catalog of an organization, an empty one if it has none. */
  async catalog(organization: string): Promise<Catalog> {
    const through = this.#through(organization, 'catalog');
    const key = registryKey.catalog(organization);
    return {
      ...EMPTY_CATALOG,
      ...(await this.#documents.current<Partial<Catalog>>(key, undefined, through)),
    };
  }

  /** Returns a version of an agent, or null if it does not exist. */
  agent(organization: string, [id, version]: VersionInfo): Promise<Agent | null> {
    return this.#documents.version<Agent>(registryKey.agent(organization, id, version), organization);
  }

  /** Returns a version of a graph, or null if it does not exist. */
  graph(organization: string, [id, version]: VersionInfo): Promise<ContextGraph | null> {
    return this.#documents.version<ContextGraph>(registryKey.graph(organization, id, version), organization);
  }

  /** Returns a graph and all graphs that it refers to, by `versionKey`. Missing ones are left out. */
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

/** Returns the grants of a role: of the default role of that name, else of the organization's role, else none. */
export function roleGrants(organization: Organization, role: string): readonly PermissionGrant[] {
  if (Object.hasOwn(DEFAULT_ROLES, role)) return DEFAULT_ROLES[role] ?? [];
  return organization.roles.find(({ name }) => name === role)?.permission_grants ?? [];
}

/**
 * Returns the present versions of a version set, or null if the service has no such set. `edge` always means the latest
 * versions.
 */
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
