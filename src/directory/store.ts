import { bytesOfTexts, pageOf } from '../pages.ts';
import { cutBytes } from '../text.ts';
import { createdAtOf, nextPosition } from './position.ts';
import type {
  ConversationProgress,
  ConversationSummary,
  DirectoryPage,
  PageQuery,
  Reservation,
  ReservationOutcome,
} from './summary.ts';

/** What the list shows of a message, in bytes of UTF-8: all of the longest that a caller can send. */
const MAX_FINAL_MESSAGE_BYTES = 32 * 1024;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS conversations (
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
  CREATE INDEX IF NOT EXISTS by_user ON conversations (user_id);
  CREATE INDEX IF NOT EXISTS by_service ON conversations (service_id);
  CREATE UNIQUE INDEX IF NOT EXISTS one_unfinished ON conversations (user_id, service_id) WHERE state <> 'finished';
`;

interface Row extends Record<string, SqlStorageValue> {
  position: number;
  id: string;
  user_id: string;
  service_id: string;
  state: string;
  revision: number;
  post_processings: string;
  final_message: string;
  num_messages: number;
  tags: string;
  versions: string;
}

function summaryOf(row: Row): ConversationSummary {
  return {
    id: row.id,
    user_id: row.user_id,
    service_id: row.service_id,
    created_at: createdAtOf(row.position),
    position: row.position,
    is_finished: row.state === 'finished',
    revision: row.revision,
    completed_post_processings: JSON.parse(
      row.post_processings,
    ) as ConversationSummary['completed_post_processings'],
    final_message: row.final_message,
    num_messages: row.num_messages,
    tags: JSON.parse(row.tags) as ConversationSummary['tags'],
    versions: JSON.parse(row.versions) as ConversationSummary['versions'],
  };
}

/**
 * No tag asked for is without its match: one expression, however many there are. An entry without `value` matches any
 * value; JSON leaves it out.
 */
const ALL_TAGS_MATCH = `NOT EXISTS (
  SELECT 1 FROM json_each(?) AS wanted WHERE NOT EXISTS (
    SELECT 1 FROM json_each(tags) AS tag
    WHERE tag.key = json_extract(wanted.value, '$.key')
    AND CASE json_type(wanted.value, '$.value')
      WHEN 'null' THEN tag.type = 'null'
      WHEN 'text' THEN tag.value = json_extract(wanted.value, '$.value')
      ELSE TRUE
    END
  )
)`;

/** A query's conditions as SQL with its bindings. Lists are bound as one JSON value each. */
function conditions(query: PageQuery): { sql: string[]; bindings: SqlStorageValue[] } {
  const sql = [`state <> 'creating'`];
  const bindings: SqlStorageValue[] = [];
  const add = (condition: string, ...values: SqlStorageValue[]) => {
    sql.push(condition);
    bindings.push(...values);
  };
  const oneOf = (column: string, values: readonly string[]) => {
    const [only] = values;
    // One value is compared directly: then its index is read in the order of the page.
    if (values.length === 1 && only !== undefined) add(`${column} = ?`, only);
    else add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  };
  if (query.user_ids !== null) oneOf('user_id', query.user_ids);
  if (query.service_ids.length > 0) oneOf('service_id', query.service_ids);
  if (query.ids.length > 0) oneOf('id', query.ids);
  if (query.is_finished !== null) sql.push(query.is_finished ? `state = 'finished'` : `state <> 'finished'`);
  if (query.tags.length > 0) add(ALL_TAGS_MATCH, JSON.stringify(query.tags));
  if (query.after > 0) add(query.ascending ? 'position > ?' : 'position < ?', query.after);
  return { sql, bindings };
}

/** The conversations of one shard of an organization's users. */
export class DirectoryStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec(SCHEMA);
  }

  /** Takes the place of the one unfinished conversation of a user and a service, unless it is taken. */
  reserve(reservation: Reservation, now: number): ReservationOutcome {
    const { conversation_id, user_id, service_id } = reservation;
    const unfinished = this.#unfinished(user_id, service_id);
    if (unfinished !== null) {
      return { kind: unfinished.state === 'creating' ? 'creating' : 'open', conversation_id: unfinished.id };
    }
    const last = this.#storage.sql
      .exec<{ position: number | null }>('SELECT max(position) AS position FROM conversations')
      .one();
    const position = nextPosition(now, last.position ?? 0, reservation.shard);
    this.#storage.sql.exec(
      `INSERT INTO conversations VALUES (?, ?, ?, ?, 'creating', 0, '[]', '', 0, ?, ?)`,
      position,
      conversation_id,
      user_id,
      service_id,
      JSON.stringify(reservation.tags),
      JSON.stringify(reservation.versions),
    );
    return {
      kind: 'reserved',
      created_at: createdAtOf(position),
      returning: this.hasFinished(user_id, service_id),
    };
  }

  /** Gives the place of a create that came to nothing back. */
  release(conversationId: string): void {
    this.#storage.sql.exec(`DELETE FROM conversations WHERE id = ? AND state = 'creating'`, conversationId);
  }

  /** Takes over a conversation's progress. Older progress than the known one is ignored, so it may be repeated. */
  record(conversationId: string, progress: ConversationProgress): void {
    const [known] = this.#storage.sql
      .exec<{ state: string }>(
        `UPDATE conversations SET revision = ?1, post_processings = ?2, final_message = ?3, num_messages = ?4, tags = ?5
         WHERE id = ?6 AND revision < ?1 RETURNING state`,
        progress.revision,
        JSON.stringify(progress.completed_post_processings),
        cutBytes(progress.final_message, MAX_FINAL_MESSAGE_BYTES),
        progress.num_messages,
        JSON.stringify(progress.tags),
        conversationId,
      )
      .toArray();
    const state = progress.is_finished ? 'finished' : 'open';
    // Apart from the rest, because it rewrites the entry in `one_unfinished`: a row more.
    if (known !== undefined && known.state !== state) {
      this.#storage.sql.exec('UPDATE conversations SET state = ? WHERE id = ?', state, conversationId);
    }
  }

  /** Whether the user has finished a conversation of the service before. */
  hasFinished(userId: string, serviceId: string): boolean {
    const found = this.#storage.sql.exec(
      `SELECT 1 FROM conversations WHERE user_id = ? AND service_id = ? AND state = 'finished' LIMIT 1`,
      userId,
      serviceId,
    );
    return found.toArray().length > 0;
  }

  /** The conversations after a position that `visible` lets through, as many as the query's page may hold. */
  page(query: PageQuery, visible: (summary: ConversationSummary) => boolean): DirectoryPage {
    const { entries, hasMore } = pageOf(
      this.#found(query, visible),
      query.limit,
      ({ bytes }) => bytes,
      query.max_bytes,
    );
    const conversations = entries.map(({ summary }) => summary);
    return { conversations, scanned_to: hasMore ? (conversations.at(-1)?.position ?? null) : null };
  }

  /** What fits a query, each with the bytes of its row. The cursor is lazy: rows behind the page are never read. */
  *#found(query: PageQuery, visible: (summary: ConversationSummary) => boolean) {
    const { sql, bindings } = conditions(query);
    const rows = this.#storage.sql.exec<Row>(
      `SELECT * FROM conversations WHERE ${sql.join(' AND ')}
       ORDER BY position ${query.ascending ? 'ASC' : 'DESC'}`,
      ...bindings,
    );
    for (const row of rows) {
      const summary = summaryOf(row);
      if (visible(summary)) yield { summary, bytes: bytesOfTexts(row) };
    }
  }

  #unfinished(userId: string, serviceId: string): { id: string; state: string } | null {
    const [row] = this.#storage.sql
      .exec<{ id: string; state: string }>(
        `SELECT id, state FROM conversations WHERE user_id = ? AND service_id = ? AND state <> 'finished'`,
        userId,
        serviceId,
      )
      .toArray();
    return row ?? null;
  }
}
