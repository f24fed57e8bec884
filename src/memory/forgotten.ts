/** Removal of memories. A user model is one text of many conversations, so that no part of it can be taken out. */
import { newIdentifier } from '../identifiers.ts';

/**
 * Time for which an erased conversation stays known, in milliseconds: longer than an analysis can run that began before
 * the erasure.
 */
export const FORGOTTEN_MS = 60 * 60_000;

/** Returns whether a conversation was erased. */
export function isForgotten(sql: SqlStorage, conversationId: string): boolean {
  const found = sql.exec('SELECT 1 FROM forgotten WHERE conversation_id = ?', conversationId);
  return found.toArray().length > 0;
}

/** Removes the terms of removed memories from the full-text index, which keeps them in its older parts. */
function rebuildIndex(sql: SqlStorage): void {
  sql.exec(`INSERT INTO memory_index (memory_index) VALUES ('rebuild')`);
}

/**
 * Makes the user model anew of the memories that are left, in their order, up to `maxLength` UTF-16 units; without memories
 * there is none. Its version has a new identifier, so that no analysis adds to the model that it read before.
 */
function remakeModel(sql: SqlStorage, now: number, maxLength: number): void {
  const rows = sql.exec<{ conversation_id: string; text: string }>(
    'SELECT conversation_id, text FROM memories ORDER BY id DESC',
  );
  const texts: string[] = [];
  let length = 0;
  for (const { text } of rows) {
    length += text.length + 1;
    if (length > maxLength) break;
    texts.push(text);
  }
  sql.exec('DELETE FROM user_model');
  sql.exec('DELETE FROM model_conversations');
  if (texts.length === 0) return;
  sql.exec(
    'INSERT INTO user_model (key, conversation_id, text) VALUES (1, ?, ?)',
    newIdentifier(now),
    texts.reverse().join('\n'),
  );
  sql.exec(
    'INSERT INTO model_conversations (conversation_id) SELECT DISTINCT conversation_id FROM memories WHERE true',
  );
}

/**
 * Removes what was learnt from a conversation, and has it stay forgotten. Returns the number of removed memories, the same
 * one when it is repeated. To be called in a transaction.
 */
export function forgetConversation(
  sql: SqlStorage,
  conversationId: string,
  now: number,
  maxModelLength: number,
): number {
  const [before] = sql
    .exec<{ memories: number }>('SELECT memories FROM forgotten WHERE conversation_id = ?', conversationId)
    .toArray();
  if (before !== undefined) return before.memories;
  const { memories } = sql
    .exec<{ memories: number }>(
      'SELECT count(*) AS memories FROM memories WHERE conversation_id = ?',
      conversationId,
    )
    .one();
  sql.exec(
    'INSERT INTO forgotten (conversation_id, at, memories) VALUES (?, ?, ?)',
    conversationId,
    now,
    memories,
  );
  sql.exec(
    'DELETE FROM memory_index WHERE rowid IN (SELECT id FROM memories WHERE conversation_id = ?)',
    conversationId,
  );
  sql.exec('DELETE FROM memories WHERE conversation_id = ?', conversationId);
  rebuildIndex(sql);
  remakeModel(sql, now, maxModelLength);
  return memories;
}

/** Removes all memories and the user model. To be called in a transaction. */
export function removeEverything(sql: SqlStorage): void {
  for (const table of ['memory_index', 'memories', 'user_model', 'model_conversations']) {
    sql.exec(`DELETE FROM ${table}`);
  }
  rebuildIndex(sql);
}

/** Returns when the oldest erased conversation need not be known any more; null if none is. */
export function nextDue(sql: SqlStorage): number | null {
  const { at } = sql.exec<{ at: number | null }>('SELECT min(at) AS at FROM forgotten').one();
  return at === null ? null : at + FORGOTTEN_MS;
}

/** Removes the erased conversations that need not be known any more. */
export function prune(sql: SqlStorage, now: number): void {
  sql.exec('DELETE FROM forgotten WHERE at <= ?', now - FORGOTTEN_MS);
}
