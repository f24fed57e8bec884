import { addColumn, has, type Schema } from '../storage/migrate.ts';

/** Released steps never change: a change of the tables is a new step (docs/storage.md). */

const DIRECTORY_1 = `
  CREATE TABLE conversations (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    post_processings TEXT NOT NULL,
    final_message TEXT NOT NULL,
    num_messages INTEGER NOT NULL,
    tags TEXT NOT NULL,
    versions TEXT NOT NULL
  );
  CREATE INDEX by_user ON conversations (user_id);
  CREATE INDEX by_service ON conversations (service_id);
  CREATE UNIQUE INDEX one_unfinished ON conversations (user_id, service_id) WHERE state <> 'finished';
`;

/** Returns SQL of the term of a key and a value. No key contains the signs between them. */
function valueTerm(key: string, value: string): string {
  return `${key} || CASE WHEN ${value} IS NULL THEN ':null' ELSE ':=' || ${value} END`;
}

/** Returns SQL that selects the terms of the tags in `from`, which belong to `row`. */
export function termsOf(row: string, from: string): string {
  return `SELECT ${valueTerm('tag.key', 'tag.value')} AS term, ${row}.position AS position FROM ${from}
    UNION ALL SELECT tag.key || ':*', ${row}.position FROM ${from}`;
}

const ADD = `INSERT OR IGNORE INTO tags (term, position) ${termsOf('NEW', 'json_each(NEW.tags) AS tag')};`;
const REMOVE = `DELETE FROM tags WHERE position = OLD.position
  AND term IN (SELECT term FROM (${termsOf('OLD', 'json_each(OLD.tags) AS tag')}));`;

/**
 * Triggers update the index in the statement that changes a conversation. A turn that changes no tag writes nothing
 * here.
 */
const TAGS = `
  CREATE TABLE tags (
    term TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (term, position)
  ) WITHOUT ROWID;
  CREATE TRIGGER tags_added AFTER INSERT ON conversations BEGIN ${ADD} END;
  CREATE TRIGGER tags_changed AFTER UPDATE OF tags ON conversations WHEN NEW.tags IS NOT OLD.tags
    BEGIN ${REMOVE} ${ADD} END;
  CREATE TRIGGER tags_removed AFTER DELETE ON conversations BEGIN ${REMOVE} END;
`;

/** Stores the position before which conversations are not in the index yet: those of format 1. */
const OLDER = `
  CREATE TABLE tags_indexed_from (position INTEGER NOT NULL);
  INSERT INTO tags_indexed_from (position) SELECT max(position) + 1 FROM conversations;
`;

/** Creates the index of tags. Later searches add the existing conversations to it. */
function addTags(sql: SqlStorage): void {
  if (has(sql, 'tags')) return;
  sql.exec(TAGS);
  if (sql.exec('SELECT 1 FROM conversations LIMIT 1').toArray().length > 0) sql.exec(OLDER);
}

/** Adds the time of the newest message of a conversation; null if it was recorded before. */
const DIRECTORY_3 = addColumn('conversations', 'last_at', 'INTEGER');

/** Adds users that are being erased: they begin no conversation until then. */
const DIRECTORY_4 = `
  CREATE TABLE IF NOT EXISTS closed_users (user_id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Adds erasures of users. `body` is JSON: the progress, and the counts of what was removed. */
const DIRECTORY_5 = `
  CREATE TABLE IF NOT EXISTS erasures (
    user_id TEXT PRIMARY KEY,
    is_finished INTEGER NOT NULL,
    body TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** Leads to the conversations of a user and a service, in the order of the list. */
const DIRECTORY_6 = 'CREATE INDEX IF NOT EXISTS by_user_and_service ON conversations (user_id, service_id)';

/** Tables of one shard of an organization's conversations. */
export const DIRECTORY_SCHEMA: Schema = {
  name: 'directory',
  table: 'conversations',
  steps: [DIRECTORY_1, addTags, DIRECTORY_3, DIRECTORY_4, DIRECTORY_5, DIRECTORY_6],
};
