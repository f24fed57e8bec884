import { bytesOfTexts, pageOf } from '../pages.ts';
import { migrate, versionOf } from '../storage/migrate.ts';
import { cut } from '../text.ts';
import { MEMORY_SCHEMA } from './schema.ts';

/** A user's memories in SQLite, found by full text (FTS5, BM25, Porter stems). */

/** How many memories answer one query. */
const MEMORIES_PER_QUERY = 3;
/** A query is somebody's words: more of them than this say nothing more. */
const MAX_QUERY_TERMS = 24;
/** What is looked for of a word, in UTF-16 units. */
const MAX_TERM_LENGTH = 64;

/** What a memory and the model of a user may hold, in UTF-16 units, and the messages a memory may come from. */
const MAX_MEMORY_LENGTH = 2_000;
const MAX_MODEL_LENGTH = 16_000;
const MAX_MESSAGES_PER_MEMORY = 100;
/** What is learnt from one conversation. */
const MAX_MEMORIES_PER_CONVERSATION = 500;

/** Something remembered, and the messages it was learnt from. */
export interface Memory {
  text: string;
  message_ids: string[];
}

/** The user model as a conversation finds it that is to be added to it. */
export interface ModelBase {
  /** `null` while nothing is known of the user. */
  text: string | null;
  /** The conversation that was added last: which model this is. `null` for none. */
  last_conversation_id: string | null;
  /** Whether the conversation was added already. */
  includes_conversation: boolean;
}

/** Some memories, and the token of those after them; `null` when there are none. */
export interface MemoryPage {
  memories: (Memory & { conversation_id: string })[];
  next: number | null;
}

/** The words of a query as an FTS5 expression: any of them may match, and none can be taken for an operator. */
export function matchExpression(query: string): string | null {
  const terms = query.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_QUERY_TERMS) ?? [];
  return terms.length === 0 ? null : terms.map((term) => `"${cut(term, MAX_TERM_LENGTH)}"`).join(' OR ');
}

/** Returns a row of `memories` that any version wrote as today's record. */
function upgradeMemory({ text, message_ids }: { text: string; message_ids: string }): Memory {
  return { text, message_ids: JSON.parse(message_ids) as string[] };
}

export class MemoryStore {
  readonly #storage: DurableObjectStorage;
  #exists: boolean;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    // Most users are asked about before anything is known of them: reading must not write.
    this.#exists = versionOf(storage.sql, MEMORY_SCHEMA) > 0;
    if (this.#exists) migrate(storage, MEMORY_SCHEMA);
  }

  #create(): void {
    if (this.#exists) return;
    migrate(this.#storage, MEMORY_SCHEMA);
    this.#exists = true;
  }

  /** The memories that have most to do with a query, the best first. */
  find(query: string): Memory[] {
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

  /** Memories behind the one of a number, the newest first; 0 to begin. */
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

  /** Every memory, the newest first. */
  all(): (Memory & { conversation_id: string })[] {
    if (!this.#exists) return [];
    return this.#storage.sql
      .exec<{ conversation_id: string; text: string; message_ids: string }>(
        'SELECT conversation_id, text, message_ids FROM memories ORDER BY id DESC',
      )
      .toArray()
      .map((row) => ({ conversation_id: row.conversation_id, ...upgradeMemory(row) }));
  }

  /** Takes over what was learnt from a conversation, in place of what was learnt from it before. */
  learn(conversationId: string, memories: readonly Memory[]): void {
    this.#create();
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
            'INSERT INTO memories (conversation_id, text, message_ids) VALUES (?, ?, ?) RETURNING id',
            conversationId,
            text,
            JSON.stringify(message_ids),
          )
          .one();
        sql.exec('INSERT INTO memory_index (rowid, text) VALUES (?, ?)', id, text);
      }
    });
  }

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

  /** Returns the model to which a conversation is to be added. */
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
      // The model of an earlier version names only the conversation that was added last.
      includes_conversation: added.toArray().length > 0 || model.conversation_id === conversationId,
    };
  }

  /**
   * Replaces the model by one that a conversation was added to. Returns false, and changes nothing, when the model is
   * not the one any more to which `base`, the conversation added last, belongs.
   */
  setModel(conversationId: string, text: string, base: string | null): boolean {
    this.#create();
    const { sql } = this.#storage;
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
