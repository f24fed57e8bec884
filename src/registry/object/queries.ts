import { allows } from '../../access/permissions.ts';
import { outcomeOf, success, type Outcome } from '../../problems.ts';
import { pageOfChanges, type ChangeQuery, type StoredChange } from './audit.ts';
import type { BlueprintQuery, ListedBlueprint, PageOf, StoredVersion, VersionQuery } from './blueprint.ts';
import type { Actor, GraphDraft } from './commands.ts';
import { requirePermission } from './decide/access.ts';
import { checkGraph, permissionToRead, requireReadable } from './decide/blueprints.ts';
import type { KeyRecord } from './records.ts';
import type { RegistryStore } from './store.ts';
import type { Truth } from './truth.ts';
import { UserQueries, type UserPage, type UserQuery } from './user-queries.ts';
import { publishedUnder } from './view.ts';

/** Documents under keys, and whether this object is the owner of the organization's truth at all. */
export type Read =
  { managed: false } | { managed: true; documents: Record<string, ReturnType<typeof publishedUnder>> };

/** Answers questions about an organization's registry. */
export class Queries {
  readonly #sql: SqlStorage;
  readonly #store: RegistryStore;
  readonly #truth: Truth;
  readonly #users: UserQueries;

  constructor(sql: SqlStorage, store: RegistryStore, truth: Truth) {
    this.#sql = sql;
    this.#store = store;
    this.#truth = truth;
    this.#users = new UserQueries(sql);
  }

  /** Returns what is published, or about to be, under keys of the organization. */
  async read(organization: string, keys: readonly string[]): Promise<Read> {
    if (!this.#store.isManaged) return { managed: false };
    await this.#truth.adopt(organization);
    await this.#truth.adoptUsersUnder(organization, keys);
    const documents = keys.map((key) => [key, publishedUnder(this.#store, organization, key)] as const);
    return { managed: true, documents: Object.fromEntries(documents) };
  }

  /** Returns a page of the users of an organization that the caller may see. */
  async users(actor: Actor, query: UserQuery): Promise<Outcome<UserPage>> {
    const page = async () => {
      await this.#truth.open(actor.organization);
      for (const id of query.ids) await this.#truth.adoptUser(actor.organization, id);
      return success(this.#users.page(actor, query, this.#store.revision()));
    };
    return outcomeOf(page());
  }

  /** Returns the API keys of an organization. */
  keys(organization: string): Promise<Outcome<KeyRecord[]>> {
    return this.#opened({ organization }, () => this.#store.keys());
  }

  /** Returns a page of the agents or graphs of an organization; an empty one for a caller who may not see them. */
  blueprints(actor: Actor, query: BlueprintQuery): Promise<Outcome<PageOf<ListedBlueprint>>> {
    return this.#opened(actor, () => {
      const isVisible = allows(actor.grants, permissionToRead(query.kind), { org_id: actor.organization });
      return isVisible ? this.#store.blueprints.page(query) : { entries: [], next: null };
    });
  }

  /** Returns a page of the versions of an agent or a graph. */
  versions(actor: Actor, query: VersionQuery): Promise<Outcome<PageOf<StoredVersion>>> {
    return this.#opened(actor, () => {
      requireReadable(this.#store, actor, query.kind, query.id);
      return this.#store.blueprints.versions(query);
    });
  }

  /** Returns a page of the changes of an organization. */
  changes(actor: Actor, query: ChangeQuery): Promise<Outcome<PageOf<StoredChange>>> {
    return this.#opened(actor, () => {
      requirePermission(actor, 'Organization:GetChanges');
      return pageOfChanges(this.#sql, query);
    });
  }

  /** Checks a version of a graph without storing it: with every issue where it does not make sense. */
  checkGraph(
    actor: Actor,
    version: { id: string; expected: number | null },
    draft: GraphDraft,
  ): Promise<Outcome<{ version: number }>> {
    return this.#opened(actor, () => checkGraph(this.#store, actor, version, draft));
  }

  /** Returns what `read` returns of an organization that the object manages. */
  #opened<T>({ organization }: Pick<Actor, 'organization'>, read: () => T): Promise<Outcome<T>> {
    return outcomeOf(this.#truth.open(organization).then(() => success(read())));
  }
}
