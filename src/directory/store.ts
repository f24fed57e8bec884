import { pageOf } from '../pages.ts';
import { migrate } from '../storage/migrate.ts';
import { cutBytes, utf8Length } from '../text.ts';
import type { Candidate } from './candidates.ts';
import { createdAtOf, nextPosition } from './list-position.ts';
import { DIRECTORY_SCHEMA } from './schema.ts';
import { Search, SEARCH_BOUNDS } from './search.ts';
import type {
  ConversationProgress,
  DirectoryPage,
  ListedPlace,
  PageQuery,
  Reservation,
  ReservationOutcome,
  UserStats,
} from './summary.ts';
import { TagIndex } from './tag-index.ts';
import { ROW_AS_JSON, upgradeSummary, type ConversationRow } from './upgrade.ts';

/**
 * Maximum size of the last message in the list, in bytes of UTF-8: enough for the longest message that a caller can
 * send.
 */
const MAX_FINAL_MESSAGE_BYTES = 32 * 1024;

/** Stores the conversations of one shard. */
export class DirectoryStore {
  readonly #storage: DurableObjectStorage;
  readonly #search: Search;

  constructor(storage: DurableObjectStorage, bounds = SEARCH_BOUNDS) {
    this.#storage = storage;
    migrate(storage, DIRECTORY_SCHEMA);
    this.#search = new Search(storage.sql, new TagIndex(storage, bounds.indexed), bounds.scanned);
  }

  /**
   * Reserves the place of the user's unfinished conversation of the service, unless it is taken. `now` is in
   * milliseconds since 1970.
   */
  reserve(reservation: Reservation, now: number): ReservationOutcome {
    const { conversation_id, user_id, service_id } = reservation;
    if (this.#isClosed(user_id, now)) return { kind: 'closed' };
    const unfinished = this.#unfinished(user_id, service_id);
    if (unfinished !== null) {
      const { id, state, position: reservedAt } = unfinished;
      const kind = state === 'creating' ? 'creating' : 'open';
      return { kind, conversation_id: id, created_at: createdAtOf(reservedAt) };
    }
    const last = this.#storage.sql
      .exec<{ position: number | null }>('SELECT max(position) AS position FROM conversations')
      .one();
    const position = nextPosition(now, last.position ?? 0, reservation.shard);
    this.#storage.sql.exec(
      `INSERT INTO conversations (position, id, user_id, service_id, tags, versions,
         state, revision, post_processings, final_message, num_messages)
       VALUES (?, ?, ?, ?, ?, ?, 'creating', 0, '[]', '', 0)`,
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

  /** Removes the reservation of a conversation that was not created. */
  release(conversationId: string): void {
    this.#storage.sql.exec(`DELETE FROM conversations WHERE id = ? AND state = 'creating'`, conversationId);
  }

  /** Removes an unfinished conversation that does not exist: it would block the user's next one forever. */
  forget(conversationId: string): void {
    this.#storage.sql.exec(`DELETE FROM conversations WHERE id = ? AND state <> 'finished'`, conversationId);
  }

  /** Removes a conversation from the list, whatever its state. */
  erase(conversationId: string): void {
    this.#storage.sql.exec('DELETE FROM conversations WHERE id = ?', conversationId);
  }

  /** Has a user begin no conversation before `until`, in milliseconds since 1970. */
  close(userId: string, until: number, now: number): void {
    this.#storage.transactionSync(() => {
      this.#storage.sql.exec('DELETE FROM closed_users WHERE until <= ?', now);
      this.#storage.sql.exec(
        'INSERT OR REPLACE INTO closed_users (user_id, until) VALUES (?, ?)',
        userId,
        until,
      );
    });
  }

  #isClosed(userId: string, now: number): boolean {
    const closed = this.#storage.sql.exec(
      'SELECT 1 FROM closed_users WHERE user_id = ? AND until > ?',
      userId,
      now,
    );
    return closed.toArray().length > 0;
  }

  /** Returns the conversations of a user after a position, also those that are being created, the oldest first. */
  conversationsOf(userId: string, after: number, limit: number): ListedPlace[] {
    return this.#storage.sql
      .exec<{ id: string; position: number }>(
        `SELECT id, position FROM conversations INDEXED BY by_user WHERE user_id = ? AND position > ?
         ORDER BY position LIMIT ?`,
        userId,
        after,
        limit,
      )
      .toArray()
      .map(({ id, position }) => ({ id, position, created_at: createdAtOf(position) }));
  }

  /** Returns the number of a user's conversations after a position. */
  countOf(userId: string, after: number): number {
    return this.#storage.sql
      .exec<{ n: number }>(
        'SELECT count(*) AS n FROM conversations WHERE user_id = ? AND position > ?',
        userId,
        after,
      )
      .one().n;
  }

  /**
   * Stores the progress of a conversation, so it may be repeated. Returns false and changes nothing if the stored
   * progress is as new or newer. Of one revision, the shorter final message is the newer one: it was cut.
   */
  record(conversationId: string, progress: ConversationProgress): boolean {
    const [known] = this.#storage.sql
      .exec<{ state: string }>(
        `UPDATE conversations SET revision = ?1, post_processings = ?2, final_message = ?3, num_messages = ?4, tags = ?5,
           last_at = coalesce(?7, last_at)
         WHERE id = ?6 AND (revision < ?1 OR (revision = ?1 AND length(final_message) > length(?3)))
         RETURNING state`,
        progress.revision,
        JSON.stringify(progress.completed_post_processings),
        cutBytes(progress.final_message, MAX_FINAL_MESSAGE_BYTES),
        progress.num_messages,
        JSON.stringify(progress.tags),
        conversationId,
        progress.last_at ?? null,
      )
      .toArray();
    const state = progress.is_finished ? 'finished' : 'open';
    // A statement of its own, because it rewrites the entry in `one_unfinished`: one more row.
    if (known !== undefined && known.state !== state) {
      this.#storage.sql.exec('UPDATE conversations SET state = ? WHERE id = ?', state, conversationId);
    }
    return known !== undefined;
  }

  /** Tells whether the user has finished a conversation of the service before. */
  hasFinished(userId: string, serviceId: string): boolean {
    const found = this.#storage.sql.exec(
      `SELECT 1 FROM conversations INDEXED BY by_user_and_service
       WHERE user_id = ? AND service_id = ? AND state = 'finished' LIMIT 1`,
      userId,
      serviceId,
    );
    return found.toArray().length > 0;
  }

  /** Returns the statistics of users. Users without a conversation are left out. */
  stats(userIds: readonly string[]): UserStats[] {
    return this.#storage.sql
      .exec<{
        user_id: string;
        conversations: number;
        messages: number;
        last_at: number | null;
        position: number;
      }>(
        `SELECT user_id, count(*) AS conversations, sum(num_messages) AS messages, max(last_at) AS last_at,
           max(position) AS position
         FROM conversations WHERE user_id IN (SELECT value FROM json_each(?)) AND state <> 'creating' GROUP BY user_id`,
        JSON.stringify(userIds),
      )
      .toArray()
      .map(({ user_id, conversations, messages, last_at, position }) => ({
        user_id,
        num_conversations: conversations,
        num_messages: messages,
        last_message_at: last_at ?? createdAtOf(position),
      }));
  }

  /**
   * Returns the conversations after a position that `visible` accepts, as many as fit on the query's page. The page may
   * be short or empty before the end of the shard, because a search reads a limited number of conversations.
   */
  page(query: PageQuery, visible: (candidate: Candidate) => boolean): DirectoryPage {
    // One more than the page shows whether more follow.
    const { found, scanned_to } = this.#search.find({ ...query, limit: query.limit + 1 }, visible);
    const { entries, hasMore } = pageOf(this.#rows(found), query.limit, utf8Length, query.max_bytes);
    const conversations = entries.map((row) => upgradeSummary(JSON.parse(row) as ConversationRow));
    return {
      conversations,
      scanned_to: hasMore ? (conversations.at(-1)?.position ?? null) : scanned_to,
    };
  }

  /** Yields rows as JSON. One text costs a tenth of the row's values: each value is made into one of JavaScript. */
  *#rows(positions: readonly number[]): Generator<string, void> {
    const rows = this.#storage.sql.exec<{ row: string }>(
      `SELECT ${ROW_AS_JSON} AS row FROM json_each(?) AS wanted
       CROSS JOIN conversations AS c ON c.position = wanted.value`,
      JSON.stringify(positions),
    );
    for (const { row } of rows) yield row;
  }

  /** Returns the user's unfinished conversation of a service; null for none. `created_at` is in milliseconds since 1970. */
  unfinishedOf(userId: string, serviceId: string): { id: string; created_at: number } | null {
    const found = this.#unfinished(userId, serviceId);
    return found && { id: found.id, created_at: createdAtOf(found.position) };
  }

  #unfinished(userId: string, serviceId: string): { id: string; state: string; position: number } | null {
    const [row] = this.#storage.sql
      .exec<{ id: string; state: string; position: number }>(
        `SELECT id, state, position FROM conversations WHERE user_id = ? AND service_id = ? AND state <> 'finished'`,
        userId,
        serviceId,
      )
      .toArray();
    return row ?? null;
  }
}
