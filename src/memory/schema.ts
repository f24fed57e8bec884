import type { Schema } from '../storage/migrate.ts';

/** A step that is released is never changed: what changes the tables is a step more (docs/storage.md). */

const MEMORY_1 = `
  CREATE TABLE memories (
    id INTEGER PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    text TEXT NOT NULL,
    message_ids TEXT NOT NULL
  );
  CREATE INDEX by_conversation ON memories (conversation_id);
  CREATE VIRTUAL TABLE memory_index USING fts5 (text, tokenize = 'porter unicode61');
  CREATE TABLE user_model (
    key INTEGER PRIMARY KEY CHECK (key = 1),
    conversation_id TEXT NOT NULL,
    text TEXT NOT NULL
  );
`;

/** Every conversation that was added to the user model is known, not only the last. */
const MEMORY_2 = `
  CREATE TABLE IF NOT EXISTS model_conversations (conversation_id TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** The tables of a user's memories and user model. */
export const MEMORY_SCHEMA: Schema = { name: 'memory', table: 'memories', steps: [MEMORY_1, MEMORY_2] };
