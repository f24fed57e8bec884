import { departed, type DepartedUser } from '../users.ts';
import { folded, type UserRecord } from './records.ts';

type UserRow = { id: string; revision: number; deleted_at: number | null; body: string };

/** A user with the number of the change that wrote it last. Of a deleted one, `left` is what is kept, or null. */
export interface StoredUser {
  revision: number;
  user: UserRecord | null;
  left: DepartedUser | null;
}

function storedUser({ revision, deleted_at, body }: UserRow): StoredUser {
  const value = JSON.parse(body) as UserRecord | DepartedUser | null;
  if (deleted_at === null) return { revision, user: value as UserRecord, left: null };
  return { revision, user: null, left: value as DepartedUser | null };
}

/** The table of an organization's users, with those who were deleted. */
export class UserTable {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Returns a user, also one who was deleted; null for one who never existed. */
  stored(id: string): StoredUser | null {
    const [row] = this.#sql
      .exec<UserRow>('SELECT id, revision, deleted_at, body FROM users WHERE id = ?', id)
      .toArray();
    return row === undefined ? null : storedUser(row);
  }

  /** Every user and what is left of those who were deleted, in the order of their creation. */
  *all(): Generator<StoredUser & { id: string }, void> {
    const rows = this.#sql.exec<UserRow>(
      'SELECT id, revision, deleted_at, body FROM users ORDER BY position',
    );
    for (const row of rows) yield { id: row.id, ...storedUser(row) };
  }

  hasEmail(email: string): boolean {
    return (
      this.#sql.exec('SELECT 1 FROM users WHERE email = ? AND deleted_at IS NULL', email).toArray().length > 0
    );
  }

  /** Returns the number of users who were not deleted. */
  count(): number {
    return this.#sql.exec<{ n: number }>('SELECT count(*) AS n FROM users WHERE deleted_at IS NULL').one().n;
  }

  /** Returns the identifiers of the users of a role. */
  ofRole(role: string): string[] {
    return this.#sql
      .exec<{ id: string }>('SELECT id FROM users WHERE role = ? AND deleted_at IS NULL', role)
      .toArray()
      .map(({ id }) => id);
  }

  /** Returns the identifiers of the first `limit` users, deleted ones too. */
  firstIds(limit: number): string[] {
    return this.#sql
      .exec<{ id: string }>('SELECT id FROM users ORDER BY position LIMIT ?', limit)
      .toArray()
      .map(({ id }) => id);
  }

  put(user: UserRecord, revision: number): void {
    this.#sql.exec(
      `INSERT INTO users (id, email, folded, role, deleted_at, revision, body) VALUES (?1, ?2, ?3, ?4, NULL, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET email = ?2, folded = ?3, role = ?4, deleted_at = NULL, revision = ?5, body = ?6`,
      user.id,
      user.email,
      folded(`${user.name} ${user.first_name} ${user.last_name} ${user.email ?? ''}`),
      user.role,
      revision,
      JSON.stringify(user),
    );
  }

  /** Returns the next users with secret variables behind a position, in the order of their creation. */
  withSecrets(
    after: number,
    limit: number,
  ): { position: number; id: string; variables: Readonly<Record<string, string>> }[] {
    return this.#sql
      .exec<{ position: number; id: string; variables: string }>(
        `SELECT position, id, json_extract(body, '$.sensitive_variables') AS variables FROM users
         WHERE position > ? AND deleted_at IS NULL AND json_extract(body, '$.sensitive_variables') <> '{}'
         ORDER BY position LIMIT ?`,
        after,
        limit,
      )
      .toArray()
      .map((row) => ({ ...row, variables: JSON.parse(row.variables) as Record<string, string> }));
  }

  /**
   * Stores variables of a user that were sealed anew, as far as they have not changed since `before`. That is no change of
   * the user: their values are the same, and no copy shows them.
   */
  reseal(
    id: string,
    before: Readonly<Record<string, string>>,
    resealed: Readonly<Record<string, string>>,
  ): void {
    const stored = this.stored(id);
    if (stored?.user == null) return;
    const { sensitive_variables: present } = stored.user;
    const same = Object.entries(resealed).filter(([name]) => present[name] === before[name]);
    if (same.length === 0) return;
    const sensitive_variables = { ...present, ...Object.fromEntries(same) };
    const body = JSON.stringify({ ...stored.user, sensitive_variables });
    this.#sql.exec('UPDATE users SET body = ? WHERE id = ? AND deleted_at IS NULL', body, id);
  }

  /** Marks a user as deleted. What the user has stated about the visibility of conversations is kept. */
  delete(user: UserRecord, revision: number, now: number): void {
    this.#sql.exec(
      `UPDATE users SET email = NULL, folded = '', deleted_at = ?, revision = ?, body = ? WHERE id = ?`,
      now,
      revision,
      JSON.stringify(departed(user)),
      user.id,
    );
  }

  /** Keeps the user who has adopted a visitor. The visitor counts as removed: they have no name and no role. */
  putAdopted(visitorId: string, user: UserRecord, revision: number, now: number): void {
    const { preferences } = departed(user) ?? { preferences: {} };
    const body: DepartedUser = { departed: true, preferences, adopted_by: user.id };
    this.#sql.exec(
      `INSERT INTO users (id, email, folded, role, deleted_at, revision, body) VALUES (?1, NULL, '', '', ?2, ?3, ?4)
       ON CONFLICT (id) DO UPDATE SET revision = ?3, body = ?4`,
      visitorId,
      now,
      revision,
      JSON.stringify(body),
    );
  }

  /** Removes users whose contents are erased. */
  erase(ids: readonly string[]): void {
    this.#sql.exec('DELETE FROM users WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
  }
}
