/**
 * Versions of the storage of Durable Objects. A schema is a list of steps that never change after their release: the
 * first creates format 1, and each later one changes a format to the next. The number of steps is the version.
 *
 * The version is stored in a view, `{name}_version`: SQLite changes it in the transaction that changes the tables, and
 * a view has no row (the platform refuses `PRAGMA user_version`). Format 1 has no view and is recognized by its tables.
 * Databases from before this module have no view either, and some of them have tables of format 2 already. So the steps
 * to format 2 leave existing tables unchanged.
 */
import { logError } from '../log.ts';

/** Changes the tables of one format to the next, by SQL, or by a function if the change depends on the stored data. */
export type Step = string | ((sql: SqlStorage) => void);

/** A set of tables with one version. */
export interface Schema {
  /** Lower-case letters and `_`: part of the name of the view. */
  name: string;
  /** A table that the first step creates and no later step removes. */
  table: string;
  steps: readonly Step[];
}

/** Thrown if a later version of the code wrote the database, for example after a deploy that was rolled back. */
export class NewerStorageError extends Error {
  override readonly name = 'NewerStorageError';

  constructor(schema: string, stored: number, known: number) {
    super(
      `The storage of ${schema} has version ${stored}, and this code knows up to ${known}: deploy the code that wrote it.`,
    );
  }
}

/** Tells whether the database has a table, view or trigger of this name. */
export function has(sql: SqlStorage, name: string): boolean {
  return sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0;
}

function viewOf({ name }: Schema): string {
  return `${name}_version`;
}

/**
 * Returns the version of the tables of a schema, or 0 if there are none. Writes nothing. Logs and throws a
 * `NewerStorageError` if the code does not know the version.
 */
export function versionOf(sql: SqlStorage, schema: Schema): number {
  const view = viewOf(schema);
  if (!has(sql, view)) return has(sql, schema.table) ? 1 : 0;
  const { version } = sql.exec<{ version: number }>(`SELECT version FROM ${view}`).one();
  const known = schema.steps.length;
  if (version <= known) return version;
  const error = new NewerStorageError(schema.name, version, known);
  logError('storage_newer_than_code', error, { schema: schema.name, stored: version, known });
  throw error;
}

/**
 * Brings the tables of a schema to the last version by all missing steps in one transaction. Writes nothing if no step
 * is missing. May be called inside a transaction. Throws `NewerStorageError` and changes nothing if the code does not
 * know the version.
 */
export function migrate(storage: DurableObjectStorage, schema: Schema): void {
  const { sql } = storage;
  const { length: last } = schema.steps;
  const version = versionOf(sql, schema);
  if (version === last) return;
  storage.transactionSync(() => {
    for (const step of schema.steps.slice(version)) {
      if (typeof step === 'string') sql.exec(step);
      else step(sql);
    }
    if (last === 1) return;
    const view = viewOf(schema);
    sql.exec(`DROP VIEW IF EXISTS ${view}; CREATE VIEW ${view} AS SELECT ${last} AS version`);
  });
}

/** Returns a step that adds a column to a table, unless the table has it. */
export function addColumn(table: string, column: string, type: string): (sql: SqlStorage) => void {
  return (sql) => {
    const found = sql.exec('SELECT 1 FROM pragma_table_info(?) WHERE name = ?', table, column).toArray();
    if (found.length === 0) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
  };
}
