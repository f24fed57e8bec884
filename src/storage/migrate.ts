/**
 * The version of what an object stores. A schema is a list of steps, none of which changes once it is released: the first
 * makes format 1, and each later one makes the next format of the one before. The number of steps is the version.
 *
 * The version stands in a view, `{name}_version`: SQLite changes it in the transaction that changes the tables, and it
 * holds no row (the platform refuses `PRAGMA user_version`). Format 1 has no view: its tables are enough to tell it.
 * Databases from before versions were kept have no view either, and some of them have tables of format 2 already. So the
 * steps to format 2 leave what is there as it is.
 */
import { logError } from '../log.ts';

/** Makes one format of the one before, by SQL or, where that depends on what is there, by a function. */
export type Step = string | ((sql: SqlStorage) => void);

/** Tables that have a version together. */
export interface Schema {
  /** Lower-case letters and `_`: part of the name of the view. */
  name: string;
  /** A table that the first step makes and no later one removes. */
  table: string;
  steps: readonly Step[];
}

/** Thrown when a later version of the code wrote the database, as after a deploy that was rolled back. */
export class NewerStorageError extends Error {
  override readonly name = 'NewerStorageError';

  constructor(schema: string, stored: number, known: number) {
    super(
      `The storage of ${schema} has version ${stored}, and this code knows up to ${known}: deploy the code that wrote it.`,
    );
  }
}

/** Returns whether a table, view or trigger is there. */
export function has(sql: SqlStorage, name: string): boolean {
  return sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', name).toArray().length > 0;
}

function viewOf({ name }: Schema): string {
  return `${name}_version`;
}

/**
 * Returns the version of the tables of a schema, 0 when there are none. Writes nothing. Throws `NewerStorageError`, and
 * logs it, when the code does not know the version.
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
 * Brings the tables of a schema to the last version, by all missing steps or none. Writes nothing where none is missing.
 * May be called in a transaction. Throws `NewerStorageError`, and changes nothing, when the code does not know the
 * version.
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
