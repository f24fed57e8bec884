/** Commands and answers of a registry, and the writes of a decision. */
import type { Caller } from '../../access/permissions.ts';
import type { Home } from '../../home.ts';
import type { Catalog, Organization, Role, UserDimension } from '../organization.ts';
import type { Publication, PublicationOptions } from '../publication.ts';
import type { ContextGraph } from '../graph.ts';
import type { DraftGraph } from '../checks/draft.ts';
import type { Agent, Service, VersionSet } from '../services.ts';
import type { Blueprint, BlueprintKind } from './blueprint.ts';
import type { Tags } from '../primitives.ts';
import type { StaleKind } from '../revisions.ts';
import type { KeyRecord, StatedUserPreferences, UserRecord } from './records.ts';

/** Content of a version of an agent. */
export type AgentContent = Omit<Agent, 'id' | 'version'>;
/** Content of a version of a graph. The name is that of the graph. */
export type GraphContent = Omit<ContextGraph, 'id' | 'version' | 'name'>;
/** The same of which some states may have the wrong form, with the names of those states. */
export interface GraphDraft {
  content: Omit<DraftGraph, 'id' | 'version' | 'name'>;
  unread: string[];
}

interface Commands {
  'create-user': Pick<
    UserRecord,
    'id' | 'first_name' | 'last_name' | 'role' | 'nonsensitive_variables' | 'sensitive_variables'
  > & { email: string; preferences: StatedUserPreferences };
  /** A user that a trusted issuer names for the first time. */
  'create-issued-user': { id: string; issuer: string; name: string; email: string | null };
  'update-user': {
    id: string;
    first_name?: string;
    last_name?: string;
    additional_context?: string[];
    /** Null erases; what is absent stays. */
    preferences: StatedUserPreferences;
  };
  'modify-variables': {
    id: string;
    upserts: { name: string; value: string; is_secret: boolean }[];
    deletes: string[];
  };
  'delete-user': { id: string };
  /** A visitor whose token the caller has shown. `id` is the user. */
  'adopt-visitor': { id: string; visitor_id: string };
  'create-organization': { organization: Organization };
  'delete-organization': object;
  'modify-organization': {
    user_dimensions?: UserDimension[];
    default_user_preferences?: Organization['default_user_preferences'];
  };
  'create-key': Pick<KeyRecord, 'id' | 'hash' | 'name' | 'role'> & { expires_at: string };
  'delete-key': { id: string };
  'create-role': Role;
  'modify-role': { name: string } & Partial<
    Pick<Role, 'description' | 'permission_grants' | 'frontend_view'>
  >;
  'assign-role': { id: string; role: string };
  'create-service': Pick<
    Service,
    | 'id'
    | 'name'
    | 'description'
    | 'is_active'
    | 'agent_id'
    | 'service_hierarchical_state_machine_id'
    | 'keyterms'
  > & { tags: Tags; release: VersionSet | null };
  'update-service': { id: string } & Partial<
    Pick<
      Service,
      | 'name'
      | 'description'
      | 'is_active'
      | 'agent_id'
      | 'service_hierarchical_state_machine_id'
      | 'keyterms'
      | 'tags'
    >
  >;
  'upsert-version-set': { id: string; name: string; version_set: VersionSet };
  'delete-version-set': { id: string; name: string };
  'create-blueprint': { kind: BlueprintKind; id: string; name: string };
  'delete-blueprint': { kind: BlueprintKind; id: string };
  /** `expected` is the number that the version must get; null for any. */
  'create-agent-version': { id: string; expected: number | null; changes: Partial<AgentContent> };
  'create-graph-version': { id: string; expected: number | null; content: GraphContent };
}

/** A change, by its type. */
export type Command = { [Type in keyof Commands]: { type: Type } & Commands[Type] }[keyof Commands];
export type CommandOf<Type extends Command['type']> = Extract<Command, { type: Type }>;

/** A file to publish, and how. */
export interface Import extends PublicationOptions {
  file: unknown;
  dry_run: boolean;
  isProduction: boolean;
}

/** Result of an import. `revision` is null if nothing was published. */
export type Imported = Pick<Publication, 'organization' | 'changes' | 'notes' | 'hints'> & {
  revision: number | null;
};

/** The same with the keys of the documents that have changed. */
export type ImportedKeys = Imported & { keys: string[] };

/** A document by the parts of its key: `registryKey` puts them behind the organization. */
export interface DocumentName {
  kind: 'organization' | 'catalog' | 'key' | 'agent' | 'graph' | 'preferences' | 'revision';
  id: string;
  version: number;
}

/** One thing that a decision writes. */
export type Write =
  | { type: 'put-user'; user: UserRecord }
  | { type: 'delete-user'; user: UserRecord }
  /** Keeps the user who has adopted a visitor, and what the user has stated about conversations. */
  | { type: 'put-adopted'; visitor_id: string; user: UserRecord }
  | { type: 'put'; name: DocumentName; value: unknown }
  | { type: 'delete'; name: DocumentName }
  | { type: 'delete-organization'; organization: Organization }
  | { type: 'put-blueprint'; blueprint: Blueprint }
  /** Tells the limiters of users that their copies of a kind are too old. */
  | { type: 'tell'; kind: StaleKind; users: readonly string[] };

/** All writes of one transaction, and the thing that they are about, for the audit. */
export interface Decision {
  writes: Write[];
  /** `version` is the number of a version that was made. */
  about: { kind: string; id: string; version?: number };
}

/** Key by which a caller marks a change that they may repeat, and the digest of the request. */
export interface Repeatable {
  key: string;
  digest: string;
}

/** Options of a change. */
export interface ChangeOptions {
  /** The operation of the API, for the audit. */
  operation: string;
  /** The same key and digest come to the same change once. */
  repeatable?: Repeatable;
  /** The revision that the caller has seen: what changed after it is not changed by them. */
  if_match?: number;
}

/** Answer to a change. */
export interface Changed {
  revision: number;
  /** The keys of the documents that have changed. */
  keys: string[];
  about: Decision['about'];
  /** Time of the change in milliseconds since 1970. */
  at: number;
  /** Set for a change that was made before, by a request that is repeated. */
  repeated?: true;
}

/** State of an organization, as decisions read it. */
export interface RegistryState {
  organization(): Organization | null;
  catalog(): Catalog;
  key(id: string): KeyRecord | null;
  keys(): KeyRecord[];
  /** Returns whether the organization was deleted and is still being erased. */
  isBeingErased(): boolean;
  /** The identifiers of up to `limit` users, those who were deleted too. */
  userIds(limit: number): string[];
  /** Returns whether there was a user with the identifier who was deleted. */
  wasDeleted(id: string): boolean;
  /** The user who has adopted a visitor; null for none. */
  adopterOf(visitorId: string): string | null;
  /** A user who was not deleted. */
  user(id: string): UserRecord | null;
  /** Returns whether a user who was not deleted has the address. */
  hasEmail(email: string): boolean;
  countUsers(): number;
  /** The identifiers of the users of a role. */
  usersOf(role: string): string[];
  hasVersion(kind: BlueprintKind, id: string, version: number): boolean;
  /** A version of an agent or a graph; null when there is none. */
  version(kind: BlueprintKind, id: string, version: number): unknown;
  latestVersion(kind: BlueprintKind, id: string): number | null;
  blueprint(kind: BlueprintKind, id: string): Blueprint | null;
  /** Returns whether an agent or graph that is not deprecated has the name. */
  hasBlueprintName(kind: BlueprintKind, name: string): boolean;
  countBlueprints(kind: BlueprintKind): number;
}

/** The user who asks for a change. The operator of the deployment has no role in an organization. */
export type Actor = Pick<Caller, 'request_id' | 'user_id' | 'grants' | keyof Home> & {
  role?: string;
};
