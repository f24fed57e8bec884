import type { Schema } from '../storage/migrate.ts';

/** A step that is released is never changed: what changes the tables is a step more (docs/storage.md). */

const CONVERSATION_1 = `
  CREATE TABLE conversation (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    identity TEXT NOT NULL,
    state TEXT NOT NULL,
    position TEXT NOT NULL,
    tags TEXT NOT NULL,
    revision INTEGER NOT NULL,
    num_messages INTEGER NOT NULL,
    last_message INTEGER NOT NULL,
    last_interaction INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    analysis TEXT NOT NULL,
    completed INTEGER NOT NULL
  );
  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    interaction INTEGER NOT NULL,
    interaction_id TEXT NOT NULL,
    type TEXT NOT NULL,
    sender TEXT NOT NULL,
    text TEXT NOT NULL,
    format TEXT NOT NULL,
    created_at INTEGER NOT NULL
  );
  CREATE TABLE interactions (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    first_message INTEGER NOT NULL,
    last_message INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    log TEXT NOT NULL,
    actions TEXT NOT NULL
  );
  CREATE TABLE analyses (
    type TEXT PRIMARY KEY,
    result TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** Messages are kept with the user who sent them. */
function addSenders(sql: SqlStorage): void {
  const found = sql.exec(`SELECT 1 FROM pragma_table_info('messages') WHERE name = 'sender_user_id'`);
  if (found.toArray().length === 0) sql.exec('ALTER TABLE messages ADD COLUMN sender_user_id TEXT');
}

/** The tables of a conversation, its messages, interactions and analyses. */
export const CONVERSATION_SCHEMA: Schema = {
  name: 'conversation',
  table: 'conversation',
  steps: [CONVERSATION_1, addSenders],
};

const RECORDINGS_1 = `
  CREATE TABLE recordings (
    message INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    content_type TEXT NOT NULL
  );
  CREATE TABLE pending_recordings (
    key TEXT PRIMARY KEY,
    upload_id TEXT,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

/** The tables of a conversation's recordings. They have a version of their own: most conversations have none of them. */
export const RECORDINGS_SCHEMA: Schema = {
  name: 'recordings',
  table: 'pending_recordings',
  steps: [RECORDINGS_1],
};
