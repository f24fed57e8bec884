import { DEFAULT_ROLES } from '../access/default-roles.ts';
import type { PermissionGrant } from '../access/permissions.ts';
import type { ContextGraph } from './graph.ts';
import { registryKey } from './keys.ts';
import { Organization, type ApiKey, type Catalog, type User } from './organization.ts';
import { type Agent, type LanguageModelConfig, type Service } from './services.ts';
import { versionKey, type VersionInfo } from './primitives.ts';
import { EMPTY_CATALOG } from './published.ts';

/** How long an isolate trusts what it read. KV itself is stale for up to a minute, so this adds little. */
const FRESH_MS = 10_000;
/** At most this many documents are kept: an isolate has 128 MB for everything. */
const MAX_CACHED = 500;
/** KV's own lower bound for `cacheTtl`, in seconds. */
const KV_CACHE_SECONDS = 30;

interface Entry {
  value: unknown;
  until: number;
}

/** Shared by all requests of an isolate. It holds values, never promises: a promise belongs to its request. */
const cache = new Map<string, Entry>();

function remember(key: string, value: unknown, until: number): void {
  cache.delete(key);
  cache.set(key, { value, until });
  const oldest = cache.size > MAX_CACHED ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
}

/**
 * No document stands under a longer key, and KV throws at keys of more than 512 bytes: an identifier that somebody
 * made up is not found, whatever its length.
 */
const MAX_KEY_LENGTH = 128;

/** What a conversation is fixed to when it is created. */
export interface ResolvedVersions {
  name: string;
  agent: VersionInfo;
  graph: VersionInfo;
  llm_model_preferences: Record<string, LanguageModelConfig>;
}

/** Makes this isolate read everything again, because a publication has just been made here. */
export function forgetRegistry(): void {
  cache.clear();
}

/** Reads the registry: everything by key, nothing by listing. Documents were validated when they were written. */
export class RegistryReader {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  /** An organization. Parsed, so that one written by an earlier version has the settings it did not know yet. */
  organization(id: string): Promise<Organization | null> {
    return this.#read(registryKey.organization(id), FRESH_MS, (value) => Organization.parse(value));
  }

  user(organization: string, id: string): Promise<User | null> {
    return this.#read<User>(registryKey.user(organization, id));
  }

  apiKey(organization: string, id: string): Promise<ApiKey | null> {
    return this.#read<ApiKey>(registryKey.apiKey(organization, id));
  }

  async catalog(organization: string): Promise<Catalog> {
    return { ...EMPTY_CATALOG, ...(await this.#read<Partial<Catalog>>(registryKey.catalog(organization))) };
  }

  /** A version of an agent. Versions never change, so one that was read is read for good. */
  agent(organization: string, [id, version]: VersionInfo): Promise<Agent | null> {
    return this.#read<Agent>(registryKey.agent(organization, id, version), Infinity);
  }

  graph(organization: string, [id, version]: VersionInfo): Promise<ContextGraph | null> {
    return this.#read<ContextGraph>(registryKey.graph(organization, id, version), Infinity);
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

  async #read<T>(key: string, freshMs = FRESH_MS, parse = (value: unknown) => value as T): Promise<T | null> {
    if (key.length > MAX_KEY_LENGTH) return null;
    const known = cache.get(key);
    if (known !== undefined && known.until > Date.now()) return known.value as T;
    const stored = await this.#kv.get(key, { type: 'json', cacheTtl: KV_CACHE_SECONDS });
    const value = stored === null ? null : parse(stored);
    if (value !== null) remember(key, value, Date.now() + freshMs);
    return value;
  }
}

/** The grants of a role: the organization's own, else the default one of that name, else none. */
export function roleGrants(organization: Organization, role: string): readonly PermissionGrant[] {
  const own = organization.roles.find(({ name }) => name === role);
  const standard = Object.hasOwn(DEFAULT_ROLES, role) ? DEFAULT_ROLES[role] : undefined;
  return standard ?? own?.permission_grants ?? [];
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
