/** Erasures of users in SQLite. */
import type { RemovedCounts } from '../contract/erasure.ts';
import type { Home } from '../home.ts';

/** A user that is to be erased. With `keeps`, conversations stay, without the name of the user. */
export interface ErasedUser {
  user_id: string;
  home: Home;
  keeps: boolean;
}

/**
 * State of an erasure. `requested` until it is known that the user was deleted; `adopted` while visitors are erased that the
 * user had adopted.
 */
export type ErasureState = 'requested' | 'conversations' | 'adopted' | 'memories' | 'finished';

/** An erasure of a user, with the counts of what was removed. Times are in milliseconds since 1970. */
export interface UserErasure extends RemovedCounts {
  user_id: string;
  home: Home;
  keeps: boolean;
  state: ErasureState;
  requested_at: number;
  finished_at: number | null;
  /** Position in the list after which the next conversations are taken. */
  after: number;
  /** Conversations that are being erased. */
  batch: { id: string; created_at: number }[];
  conversations: number;
  /** Visitors whose erasure is not finished, with their shards; absent until they are known. */
  adopted?: { user_id: string; shard: number }[];
  /** Conversations of such visitors that are left. */
  adopted_left?: number;
}

interface Row extends Record<string, SqlStorageValue> {
  user_id: string;
  body: string;
}

export class ErasureTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(userId: string): UserErasure | null {
    const [row] = this.#sql.exec<Row>('SELECT * FROM erasures WHERE user_id = ?', userId).toArray();
    return row === undefined ? null : (JSON.parse(row.body) as UserErasure);
  }

  /** Returns up to `limit` erasures that are not finished. */
  unfinished(limit: number): UserErasure[] {
    return this.#sql
      .exec<Row>('SELECT * FROM erasures WHERE is_finished = 0 LIMIT ?', limit)
      .toArray()
      .map(({ body }) => JSON.parse(body) as UserErasure);
  }

  begin({ user_id, home, keeps }: ErasedUser, state: ErasureState, now: number): void {
    this.save({
      ...{ user_id, home, keeps, state, requested_at: now, finished_at: null, after: 0, batch: [] },
      ...{ conversations: 0, messages: 0, recordings: 0, memories: 0 },
    });
  }

  save(erasure: UserErasure): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO erasures (user_id, is_finished, body) VALUES (?, ?, ?)',
      erasure.user_id,
      erasure.state === 'finished' ? 1 : 0,
      JSON.stringify(erasure),
    );
  }

  remove(userId: string): void {
    this.#sql.exec('DELETE FROM erasures WHERE user_id = ?', userId);
  }
}
