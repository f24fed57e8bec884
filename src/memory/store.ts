import { sequenceOf } from '../identifiers.ts';
import { bytesOfTexts, pageOf } from '../pages.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { cut } from '../text.ts';
import {
  matchExpression,
  shownMemory,
  upgradeMemory,
  type MemoryEntry,
  type MemoryPage,
  type MemoryQuery,
  type MemoryRow,
  type ModelBase,
  type ShownMemory,
} from './entries.ts';
import { forgetConversation, isForgotten, nextDue, prune, removeEverything } from './forgotten.ts';
import { MEMORY_SCHEMA } from './schema.ts';

/** Memories of a user in SQLite, found by full text (FTS5, BM25, Porter stems). */

/** Maximum number of memories for one query. */
const MEMORIES_PER_QUERY = 3;
/** Maximum lengths of a memory and of the user model in UTF-16 units, and maximum number of messages of a memory. */
const MAX_MEMORY_LENGTH = 2_000;
const MAX_MODEL_LENGTH = 16_000;
const MAX_MESSAGES_PER_MEMORY = 100;
/** Maximum number of memories of one conversation. */
const MAX_MEMORIES_PER_CONVERSATION = 500;

/** Stores the memories and the user model of one user. Creates its tables with the first write. */
export class MemoryStore {
  readonly #storage: DurableObjectStorage;
  #exists: boolean;
  #isCurrent = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    // Most users have no memories yet: reading must not write.
    this.#exists = versionOf(storage.sql, MEMORY_SCHEMA) > 0;
    if (this.#exists) this.#create();
  }

  #create(): void {
    if (this.#isCurrent) return;
    migrate(this.#storage, MEMORY_SCHEMA);
    this.#exists = true;
    this.#isCurrent = true;
  }

  /** Returns the memories that match a query best, the best first. */
  find(query: string): MemoryEntry[] {
    const expression = matchExpression(query);
    if (expression === null || !this.#exists) return [];
    return this.#storage.sql
      .exec<{ text: string; message_ids: string }>(
        `SELECT m.text, m.message_ids FROM memory_index i JOIN memories m ON m.id = i.rowid
         WHERE memory_index MATCH ? ORDER BY bm25(memory_index), m.id DESC LIMIT ?`,
        expression,
        MEMORIES_PER_QUERY,
      )
      .toArray()
      .map(upgradeMemory);
  }

  /** Returns the memories after the one with the number `after`, the newest first; 0 for the first page. */
  page(after: number, limit: number): MemoryPage {
    if (!this.#exists) return { memories: [], next: null };
    const rows = this.#storage.sql.exec<{
      id: number;
      conversation_id: string;
      text: string;
      message_ids: string;
    }>(
      'SELECT * FROM memories WHERE id < ? ORDER BY id DESC LIMIT ?',
      after === 0 ? Number.MAX_SAFE_INTEGER : after,
      // One more than the page, to know whether there is more.
      limit + 1,
    );
    const { entries: shown, hasMore } = pageOf(rows, limit, bytesOfTexts);
    return {
      memories: shown.map(({ conversation_id, ...row }) => ({ conversation_id, ...upgradeMemory(row) })),
      next: hasMore ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  /** Memories that fit a query, and the token of the next page; null when there is none. */
  list({ ids, conversation_ids, sort, after, limit }: MemoryQuery): {
    memories: ShownMemory[];
    next: number | null;
  } {
    if (!this.#exists) return { memories: [], next: null };
    const order = sort.map(
      ({ field, ascending }) => `${field === 'created_at' ? 'id' : field} ${ascending ? 'ASC' : 'DESC'}`,
    );
    const rows = this.#storage.sql.exec<MemoryRow>(
      `SELECT id, conversation_id, text, message_ids, created_at FROM memories
       WHERE (?1 = '[]' OR id IN (SELECT value FROM json_each(?1)))
         AND (?2 = '[]' OR conversation_id IN (SELECT value FROM json_each(?2)))
       ORDER BY ${[...order, 'id DESC'].join(', ')} LIMIT ?3 OFFSET ?4`,
      JSON.stringify(ids.map(sequenceOf)),
      JSON.stringify(conversation_ids),
      // One more than the page, to know whether there is more.
      limit + 1,
      after,
    );
    const { entries, hasMore } = pageOf(rows, limit, bytesOfTexts);
    const wanted = new Set(ids);
    return {
      // The number inside an identifier finds the row; the rest of it must fit as well.
      memories: entries.map(shownMemory).filter(({ id }) => ids.length === 0 || wanted.has(id)),
      next: hasMore ? after + entries.length : null,
    };
  }

  /** Returns every memory, the newest first. */
  all(): (MemoryEntry & { conversation_id: string })[] {
    if (!this.#exists) return [];
    return this.#storage.sql
      .exec<{ conversation_id: string; text: string; message_ids: string }>(
        'SELECT conversation_id, text, message_ids FROM memories ORDER BY id DESC',
      )
      .toArray()
      .map((row) => ({ conversation_id: row.conversation_id, ...upgradeMemory(row) }));
  }

  /**
   * Stores the memories of a conversation in place of earlier ones of the same conversation. Cuts what exceeds the
   * maximums.
   */
  learn(conversationId: string, memories: readonly MemoryEntry[], now: number): void {
    this.#create();
    const { sql: all } = this.#storage;
    if (isForgotten(all, conversationId)) return;
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      sql.exec(
        'DELETE FROM memory_index WHERE rowid IN (SELECT id FROM memories WHERE conversation_id = ?)',
        conversationId,
      );
      sql.exec('DELETE FROM memories WHERE conversation_id = ?', conversationId);
      for (const memory of memories.slice(0, MAX_MEMORIES_PER_CONVERSATION)) {
        const text = cut(memory.text, MAX_MEMORY_LENGTH);
        const message_ids = memory.message_ids.slice(0, MAX_MESSAGES_PER_MEMORY);
        const { id } = sql
          .exec<{ id: number }>(
            'INSERT INTO memories (conversation_id, text, message_ids, created_at) VALUES (?, ?, ?, ?) RETURNING id',
            conversationId,
            text,
            JSON.stringify(message_ids),
            now,
          )
          .one();
        sql.exec('INSERT INTO memory_index (rowid, text) VALUES (?, ?)', id, text);
      }
    });
  }

  /** Tells whether something was learnt from a conversation. */
  knows(conversationId: string): boolean {
    if (!this.#exists) return false;
    const { sql } = this.#storage;
    return (
      sql.exec('SELECT 1 FROM memories WHERE conversation_id = ? LIMIT 1', conversationId).toArray().length >
      0
    );
  }

  /** Removes what was learnt from a conversation: see `forgetConversation`. */
  forget(conversationId: string, now: number): number {
    this.#create();
    return this.#storage.transactionSync(() =>
      forgetConversation(this.#storage.sql, conversationId, now, MAX_MODEL_LENGTH),
    );
  }

  /** Returns the number of memories. */
  count(): number {
    return this.#exists
      ? this.#storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM memories').one().n
      : 0;
  }

  /** Removes everything that was learnt. Conversations that were erased stay known for a while. */
  eraseAll(): void {
    if (!this.#exists) return;
    this.#create();
    this.#storage.transactionSync(() => removeEverything(this.#storage.sql));
  }

  /** Returns when `prune` is due, in milliseconds since 1970; null if it is not. */
  nextDue(): number | null {
    return this.#exists ? nextDue(this.#storage.sql) : null;
  }

  /** Forgets conversations that were erased long enough ago. */
  prune(now: number): void {
    if (this.#exists) prune(this.#storage.sql, now);
  }

  /** True if nothing is stored about the user. */
  isEmpty(): boolean {
    return this.count() === 0 && this.model() === null && this.nextDue() === null;
  }

  /** Removes the tables. */
  async clear(): Promise<void> {
    this.#exists = false;
    this.#isCurrent = false;
    await this.#storage.deleteAll();
  }

  /** Returns the user model, or null if there is none. */
  model(): string | null {
    return this.#model()?.text ?? null;
  }

  #model(): { text: string; conversation_id: string } | null {
    if (!this.#exists) return null;
    const [row] = this.#storage.sql
      .exec<{ text: string; conversation_id: string }>('SELECT text, conversation_id FROM user_model')
      .toArray();
    return row ?? null;
  }

  /** Returns the user model to which the conversation is to be added. */
  modelBefore(conversationId: string): ModelBase {
    const model = this.#model();
    if (model === null) return { text: null, last_conversation_id: null, includes_conversation: false };
    const added = this.#storage.sql.exec(
      'SELECT 1 FROM model_conversations WHERE conversation_id = ?',
      conversationId,
    );
    return {
      text: model.text,
      last_conversation_id: model.conversation_id,
      // A model of format 1 names only the conversation that was added last.
      includes_conversation: added.toArray().length > 0 || model.conversation_id === conversationId,
    };
  }

  /**
   * Replaces the user model. Returns false and changes nothing if `base` is no longer the conversation that was added
   * last.
   */
  setModel(conversationId: string, text: string, base: string | null): boolean {
    this.#create();
    const { sql } = this.#storage;
    // The conversation has no place to store the model in any more.
    if (isForgotten(sql, conversationId)) return true;
    return this.#storage.transactionSync(() => {
      if ((this.#model()?.conversation_id ?? null) !== base) return false;
      sql.exec(
        'INSERT OR IGNORE INTO model_conversations (conversation_id) SELECT conversation_id FROM user_model',
      );
      sql.exec(
        'INSERT OR REPLACE INTO user_model (key, conversation_id, text) VALUES (1, ?, ?)',
        conversationId,
        cut(text, MAX_MODEL_LENGTH),
      );
      sql.exec('INSERT OR IGNORE INTO model_conversations (conversation_id) VALUES (?)', conversationId);
      return true;
    });
  }
}
