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

/**
 * Interactions are kept with the shape of their streams, the keys of the requests that made them, whether they were
 * stopped and where they began, and spoken messages with the times of their characters: JSON or null. A turn that is to
 * be recovered stands in `accepted_turn` while it runs: one row, which the next such turn replaces.
 */
const HELD_TURNS = `
  ALTER TABLE interactions ADD COLUMN told TEXT;
  ALTER TABLE interactions ADD COLUMN idempotency TEXT;
  ALTER TABLE interactions ADD COLUMN stopped TEXT;
  ALTER TABLE interactions ADD COLUMN place TEXT;
  ALTER TABLE messages ADD COLUMN alignment TEXT;
  ALTER TABLE messages ADD COLUMN stopped TEXT;
  CREATE TABLE accepted_turn (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    interaction INTEGER NOT NULL,
    turn TEXT NOT NULL
  );
`;

/** Conversations are kept with what they have spent, their lease of the budgets, and what is not reported yet: JSON or null. */
const SPENDING = 'ALTER TABLE conversation ADD COLUMN spending TEXT';

/** The tables of a conversation, its messages, interactions and analyses. */
export const CONVERSATION_SCHEMA: Schema = {
  name: 'conversation',
  table: 'conversation',
  steps: [CONVERSATION_1, addSenders, HELD_TURNS, SPENDING],
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
