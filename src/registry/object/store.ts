import { migrate, versionOf } from '../../storage/migrate.ts';
import { registryKey } from '../keys.ts';
import { Organization, type Catalog } from '../organization.ts';
import { EMPTY_CATALOG } from '../catalog.ts';
import type { Decision, DocumentName, RegistryState, Write } from './commands.ts';
import type { Blueprint, BlueprintKind } from './blueprint.ts';
import { Blueprints, noteVersion } from './blueprints.ts';
import { deleteDocument, readDocument, readDocuments, writeDocument, type Versioned } from './documents.ts';
import { keyOf, namedBy, ORGANIZATION } from './names.ts';
import type { KeyRecord, PendingDeletion, UserRecord } from './records.ts';
import { REGISTRY_SCHEMA } from './schema.ts';
import { UserTable, type StoredUser } from './user-table.ts';

/** A change for the audit. */
export interface Audit {
  at: number;
  actor: string;
  operation: string;
  request_id: string;
}

/** The operation in the audit by which the object takes over what was published beside it. */
export const ADOPTION = 'adopt';

/** The prefix in `unpublished` of limiters that are to be told that copies of a user's are too old. */
export const TELL_PREFIX = 'tell:';

/** The key under which the storage keeps how far secret variables were sealed anew. */
export const RESEALING_KEY = 'resealing';

/** An organization's registry in SQLite. */
export class RegistryStore implements RegistryState {
  readonly #storage: DurableObjectStorage;
  /** Agents and graphs apart from their versions. Reads only while `isManaged`. */
  readonly blueprints: Blueprints;
  /** Users. Reads only while `isManaged`. */
  readonly people: UserTable;
  #exists: boolean;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.blueprints = new Blueprints(storage.sql);
    this.people = new UserTable(storage.sql);
    // Most organizations are asked about before anything is managed here: reading must not write.
    this.#exists = versionOf(storage.sql, REGISTRY_SCHEMA) > 0;
    if (this.#exists) migrate(storage, REGISTRY_SCHEMA);
  }

  get #sql(): SqlStorage {
    return this.#storage.sql;
  }

  /** True if this object manages the organization. */
  get isManaged(): boolean {
    return this.#exists;
  }

  /** The number of the last change; 0 when there was none. */
  revision(): number {
    if (!this.#exists) return 0;
    return this.#sql.exec<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM changes').one().seq;
  }

  document(name: DocumentName): Versioned | null {
    return this.#exists ? readDocument(this.#sql, name) : null;
  }

  /** Every document, by its name. */
  documents(): Iterable<{ name: DocumentName } & Versioned> {
    return this.#exists ? readDocuments(this.#sql) : [];
  }

  organization(): Organization | null {
    const stored = this.document(ORGANIZATION);
    return stored === null ? null : Organization.parse(stored.value);
  }

  catalog(): Catalog {
    const stored = this.document({ kind: 'catalog', id: '', version: 0 });
    return { ...EMPTY_CATALOG, ...(stored?.value as Partial<Catalog> | undefined) };
  }

  key(id: string): KeyRecord | null {
    return (this.document({ kind: 'key', id, version: 0 })?.value ?? null) as KeyRecord | null;
  }

  keys(): KeyRecord[] {
    return [...readDocuments(this.#sql, 'key')].map(({ value }) => value as KeyRecord);
  }

  hasVersion(kind: 'agent' | 'graph', id: string, version: number): boolean {
    return this.document({ kind, id, version }) !== null;
  }

  /** The settings of the organization, also while it is being erased; null where there are none. */
  settings(): Organization | null {
    return this.organization() ?? this.deletion()?.organization ?? null;
  }

  isBeingErased(): boolean {
    return this.deletion() !== null;
  }

  /** The deletion of the organization that is not finished; null where there is none. */
  deletion(): PendingDeletion | null {
    if (!this.#exists) return null;
    const [row] = this.#sql
      .exec<{ since: number; organization: string }>('SELECT since, organization FROM deletion')
      .toArray();
    if (row === undefined) return null;
    return { since: row.since, organization: Organization.parse(JSON.parse(row.organization)) };
  }

  userIds(limit: number): string[] {
    return this.people.firstIds(limit);
  }

  /**
   * Removes everything of a deleted organization. The last change stays, so that revisions go on counting, and the mark of
   * what was published, so that a late copy is not taken over.
   */
  erase(): void {
    this.#storage.transactionSync(() => {
      for (const table of ['users', 'blueprints', 'answers', 'unpublished', 'deletion'])
        this.#sql.exec(`DELETE FROM ${table}`);
      this.#sql.exec("DELETE FROM documents WHERE kind <> 'revision'");
      this.#sql.exec('DELETE FROM changes WHERE seq < (SELECT max(seq) FROM changes)');
      this.#storage.kv.delete(RESEALING_KEY);
    });
  }

  version(kind: BlueprintKind, id: string, version: number): unknown {
    return this.document({ kind, id, version })?.value ?? null;
  }

  latestVersion(kind: BlueprintKind, id: string): number | null {
    return this.#exists ? this.blueprints.latest(kind, id) : null;
  }

  blueprint(kind: BlueprintKind, id: string): Blueprint | null {
    return this.#exists ? this.blueprints.get(kind, id) : null;
  }

  hasBlueprintName(kind: BlueprintKind, name: string): boolean {
    return this.blueprints.hasName(kind, name);
  }

  countBlueprints(kind: BlueprintKind): number {
    return this.blueprints.count(kind);
  }

  /** A user, also one who was deleted: then what is left of them, or null where nothing is. */
  storedUser(id: string): StoredUser | null {
    return this.#exists ? this.people.stored(id) : null;
  }

  wasDeleted(id: string): boolean {
    const stored = this.storedUser(id);
    return stored !== null && stored.user === null;
  }

  adopterOf(visitorId: string): string | null {
    return this.storedUser(visitorId)?.left?.adopted_by ?? null;
  }

  user(id: string): UserRecord | null {
    return this.storedUser(id)?.user ?? null;
  }

  /** Every user and what is left of those who were deleted. */
  users(): Iterable<StoredUser & { id: string }> {
    return this.#exists ? this.people.all() : [];
  }

  hasEmail(email: string): boolean {
    return this.people.hasEmail(email);
  }

  countUsers(): number {
    return this.people.count();
  }

  usersOf(role: string): string[] {
    return this.people.ofRole(role);
  }

  /**
   * Carries a decision out in one transaction. Returns the number of the change and the keys of what changed. The
   * documents are to be published afterwards: `unpublished` names them. `isPublished` is for what comes from KV.
   */
  apply(
    organization: string,
    { writes, about }: Decision,
    audit: Audit,
    isPublished = false,
  ): { revision: number; keys: string[] } {
    return this.#storage.transactionSync(() => {
      migrate(this.#storage, REGISTRY_SCHEMA);
      const { seq: revision } = this.#sql
        .exec<{ seq: number }>(
          `INSERT INTO changes (at, actor, operation, kind, id, request_id) VALUES (?, ?, ?, ?, ?, ?) RETURNING seq`,
          audit.at,
          audit.actor,
          audit.operation,
          about.kind,
          about.id,
          audit.request_id,
        )
        .one();
      const keys = writes.flatMap((write) => this.#write(organization, write, revision, audit.at));
      if (!isPublished) for (const key of keys) this.#unpublished(key, revision);
      this.#exists = true;
      return { revision, keys: [...new Set(keys)] };
    });
  }

  #write(organization: string, write: Write, revision: number, now: number): string[] {
    switch (write.type) {
      case 'put-user':
        this.people.put(write.user, revision);
        return [registryKey.user(organization, write.user.id)];
      case 'delete-user':
        this.people.delete(write.user, revision, now);
        return [registryKey.user(organization, write.user.id)];
      case 'put-adopted':
        this.people.putAdopted(write.visitor_id, write.user, revision, now);
        return [registryKey.user(organization, write.visitor_id)];
      case 'put':
        writeDocument(this.#sql, write.name, write.value, revision);
        this.#noteVersion(write.name, write.value, revision);
        return [keyOf(organization, write.name)];
      case 'delete':
        deleteDocument(this.#sql, write.name);
        return [keyOf(organization, write.name)];
      case 'delete-organization':
        deleteDocument(this.#sql, ORGANIZATION);
        this.#sql.exec(
          'INSERT OR REPLACE INTO deletion (key, since, organization) VALUES (1, ?, ?)',
          now,
          JSON.stringify(write.organization),
        );
        return [keyOf(organization, ORGANIZATION)];
      case 'put-blueprint':
        this.blueprints.put(write.blueprint, revision);
        return [];
      case 'tell':
        for (const user of new Set(write.users)) {
          this.#unpublished(`${TELL_PREFIX}${write.kind}:${user}`, revision);
        }
        return [];
    }
  }

  #noteVersion({ kind, id }: DocumentName, value: unknown, revision: number): void {
    if (kind !== 'agent' && kind !== 'graph') return;
    noteVersion(this.#sql, { kind, id, name: (value as { name: string }).name }, revision);
  }

  #unpublished(key: string, revision: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO unpublished (key, revision) VALUES (?, ?)', key, revision);
  }

  /** Returns when what stands under a key changed last, in milliseconds since 1970; 0 when it never did. */
  changedAt(organization: string, key: string): number {
    const named = namedBy(organization, key);
    if (named === null) return 0;
    const { kind, id, revision } =
      named.type === 'user'
        ? { kind: 'user', id: named.id, revision: this.storedUser(named.id)?.revision ?? 0 }
        : { ...named.name, revision: this.document(named.name)?.revision ?? 0 };
    const { at } = this.#sql
      .exec<{ at: number }>(
        `SELECT coalesce(max(at), 0) AS at FROM changes WHERE operation <> '${ADOPTION}' AND (seq = ? OR (kind = ? AND id = ?))`,
        revision,
        kind,
        id,
      )
      .one();
    return at;
  }

  /** Returns how long the oldest change has been waiting to be published, in milliseconds. */
  waitingMs(now: number): number {
    if (!this.#exists) return 0;
    const { at } = this.#sql
      .exec<{ at: number | null }>(
        'SELECT min(at) AS at FROM changes WHERE seq >= (SELECT min(revision) FROM unpublished)',
      )
      .one();
    return at === null ? 0 : Math.max(now - at, 0);
  }

  /** Returns up to `limit` rows that are to be published; with `tell`, those that limiters are to be told. */
  unpublished(tell: boolean, limit: number): { key: string; revision: number }[] {
    if (!this.#exists) return [];
    const is = tell ? '>=' : '<';
    // Keys of documents begin with "org:", which comes before "tell:".
    return this.#sql
      .exec<{ key: string; revision: number }>(
        `SELECT key, revision FROM unpublished WHERE key ${is} ? LIMIT ?`,
        TELL_PREFIX,
        limit,
      )
      .toArray();
  }

  /** Forgets what was published or told, unless it changed again since. */
  published(key: string, revision: number): void {
    this.#sql.exec('DELETE FROM unpublished WHERE key = ? AND revision = ?', key, revision);
  }
}
