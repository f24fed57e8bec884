import { addColumn, type Schema } from '../storage/migrate.ts';

/** Released steps never change: a change of the tables is a new step (docs/storage.md). */

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

/** Adds the list of all conversations in the user model. Format 1 stores only the last one. */
const MEMORY_2 = `
  CREATE TABLE IF NOT EXISTS model_conversations (conversation_id TEXT PRIMARY KEY) WITHOUT ROWID;
`;

/** Adds the time when a memory was learnt; null for those of version 2. */
const MEMORY_3 = addColumn('memories', 'created_at', 'INTEGER');

/** Adds conversations that were erased: an analysis that still runs must not store anything of them. */
const MEMORY_4 = `
  CREATE TABLE IF NOT EXISTS forgotten (
    conversation_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    memories INTEGER NOT NULL
  ) WITHOUT ROWID;
`;

/** Tables of a user's memories and user model. */
export const MEMORY_SCHEMA: Schema = {
  name: 'memory',
  table: 'memories',
  steps: [MEMORY_1, MEMORY_2, MEMORY_3, MEMORY_4],
};
