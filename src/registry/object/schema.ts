import type { Schema } from '../../storage/migrate.ts';
import { addBlueprints } from './blueprints.ts';

/** A step that is released is never changed: what changes the tables is a step more (docs/storage.md). */

const REGISTRY_1 = `
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    part INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id, version, part)
  ) WITHOUT ROWID;
  CREATE TABLE users (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    email TEXT,
    folded TEXT NOT NULL,
    role TEXT NOT NULL,
    deleted_at INTEGER,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX one_email ON users (email) WHERE deleted_at IS NULL;
  CREATE INDEX by_role ON users (role) WHERE deleted_at IS NULL;
  CREATE TABLE unpublished (key TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    request_id TEXT NOT NULL
  );
  CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
`;

const REGISTRY_2 = `
  CREATE TABLE blueprints (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    deprecated INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID
`;

function registry2(sql: SqlStorage): void {
  sql.exec(REGISTRY_2);
  addBlueprints(sql);
}

const REGISTRY_3 = `
  CREATE TABLE deletion (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    since INTEGER NOT NULL,
    organization TEXT NOT NULL
  );
`;

/** The tables of an organization's registry. */
export const REGISTRY_SCHEMA: Schema = {
  name: 'registry',
  table: 'documents',
  steps: [REGISTRY_1, registry2, REGISTRY_3],
};
