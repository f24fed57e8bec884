/** Agents and context graphs apart from their versions: names that are made first, and versions later. */
import { pageOf } from '../../pages.ts';
import type {
  Blueprint,
  BlueprintKind,
  BlueprintQuery,
  ListedBlueprint,
  PageOf,
  StoredVersion,
  VersionQuery,
} from './blueprint.ts';
import { readDocument, readDocuments } from './documents.ts';

interface Row extends Record<string, SqlStorageValue> {
  id: string;
  name: string;
  deprecated: number;
  revision: number;
}

/** Fills the table with the agents and graphs whose versions are stored already: a part of a step of the storage. */
export function addBlueprints(sql: SqlStorage): void {
  for (const kind of ['agent', 'graph'] as const) {
    for (const { name, value, revision } of readDocuments(sql, kind)) {
      noteVersion(sql, { kind, id: name.id, name: String((value as { name?: unknown }).name) }, revision);
    }
  }
}

/** Adds the blueprint of a version that is stored, unless there is one. The name of a graph is that of its versions. */
export function noteVersion(
  sql: SqlStorage,
  { kind, id, name }: Omit<Blueprint, 'deprecated'>,
  revision: number,
): void {
  sql.exec(
    `INSERT INTO blueprints (kind, id, name, deprecated, revision) VALUES (?1, ?2, ?3, 0, ?4)
     ON CONFLICT (kind, id) DO UPDATE SET revision = ?4${kind === 'graph' ? ', name = ?3' : ''}`,
    kind,
    id,
    name,
    revision,
  );
}

/** Reads and writes blueprints. */
export class Blueprints {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Returns a blueprint with the number of its last change, or null. */
  get(kind: BlueprintKind, id: string): (Blueprint & { revision: number }) | null {
    const [row] = this.#sql
      .exec<Row>('SELECT * FROM blueprints WHERE kind = ? AND id = ?', kind, id)
      .toArray();
    if (row === undefined) return null;
    return { kind, id, name: row.name, deprecated: row.deprecated === 1, revision: row.revision };
  }

  put({ kind, id, name, deprecated }: Blueprint, revision: number): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO blueprints (kind, id, name, deprecated, revision) VALUES (?, ?, ?, ?, ?)',
      kind,
      id,
      name,
      deprecated ? 1 : 0,
      revision,
    );
  }

  /** Returns whether one that is not deprecated has the name. */
  hasName(kind: BlueprintKind, name: string): boolean {
    const found = this.#sql.exec(
      'SELECT 1 FROM blueprints WHERE kind = ? AND name = ? AND deprecated = 0 LIMIT 1',
      kind,
      name,
    );
    return found.toArray().length > 0;
  }

  count(kind: BlueprintKind): number {
    return this.#sql.exec<{ n: number }>('SELECT count(*) AS n FROM blueprints WHERE kind = ?', kind).one().n;
  }

  /** Returns the number of the latest version; null before the first. */
  latest(kind: BlueprintKind, id: string): number | null {
    return this.#sql
      .exec<{ latest: number | null }>(
        'SELECT max(version) AS latest FROM documents WHERE kind = ? AND id = ?',
        kind,
        id,
      )
      .one().latest;
  }

  /** Returns a page of blueprints, those made first first. */
  page({ kind, ids, deprecated, limit, after }: BlueprintQuery): PageOf<ListedBlueprint> {
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM blueprints WHERE kind = ?1
         AND (?2 = '[]' OR id IN (SELECT value FROM json_each(?2))) AND (?3 IS NULL OR deprecated = ?3)
         ORDER BY id LIMIT ?4 OFFSET ?5`,
        kind,
        JSON.stringify(ids),
        deprecated === null ? null : Number(deprecated),
        limit + 1,
        after,
      )
      .toArray();
    const entries = rows.slice(0, limit).map(({ id, name, deprecated }) => ({
      kind,
      id,
      name,
      deprecated: deprecated === 1,
      latest: this.latest(kind, id),
    }));
    return { entries, next: rows.length > limit ? after + limit : null };
  }

  /** Returns a page of versions, as many as fit into it. */
  versions({ kind, id, from, to, ascending, limit, after }: VersionQuery): PageOf<StoredVersion> {
    const latest = this.latest(kind, id) ?? 0;
    const numbers = this.#sql
      .exec<{ version: number }>(
        `SELECT DISTINCT version FROM documents WHERE kind = ? AND id = ? AND version BETWEEN ? AND ?
         ORDER BY version ${ascending ? 'ASC' : 'DESC'} LIMIT ? OFFSET ?`,
        kind,
        id,
        from ?? latest,
        to ?? latest,
        limit + 1,
        after,
      )
      .toArray();
    const page = pageOf(
      this.#stored(
        kind,
        id,
        numbers.map(({ version }) => version),
      ),
      limit,
      ({ value }) => JSON.stringify(value).length,
    );
    return { entries: page.entries, next: page.hasMore ? after + page.entries.length : null };
  }

  *#stored(kind: BlueprintKind, id: string, versions: readonly number[]): Generator<StoredVersion, void> {
    for (const version of versions) {
      const found = readDocument(this.#sql, { kind, id, version });
      if (found === null) continue;
      const [change = { at: 0, actor: '' }] = this.#sql
        .exec<{ at: number; actor: string }>('SELECT at, actor FROM changes WHERE seq = ?', found.revision)
        .toArray();
      yield { value: found.value, ...change };
    }
  }
}
