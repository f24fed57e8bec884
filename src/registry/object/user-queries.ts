/** Pages of users, as a caller may see them. */
import { allows, usersWithin } from '../../access/permissions.ts';
import type { Actor } from './commands.ts';
import { folded, type UserRecord } from './records.ts';

/** The fields by which users are sorted here. What they did is known to the Directory. */
export const USER_SORT_FIELDS = ['first_name', 'last_name', 'email'] as const;
export type UserSortField = (typeof USER_SORT_FIELDS)[number];

export interface UserQuery {
  /** Empty filters do not filter. */
  ids: string[];
  emails: string[];
  /** A text that the name or the address contains, whatever its case and marks; null for any. */
  text: string | null;
  sort: { field: UserSortField; ascending: boolean }[];
  limit: number;
  /** The token that the page before gave; 0 for the first page. */
  after: number;
}

/** Users, and the token with which the next page begins; null when there is none. */
export interface UserPage {
  users: UserRecord[];
  next: number | null;
  /** The number of the last change of the organization. */
  revision: number;
}

interface Row extends Record<string, SqlStorageValue> {
  position: number;
  id: string;
  body: string;
}

/** Returns the condition that a column has one of many values: the platform binds at most 100, so they are one. */
function inList(column: string, values: readonly string[]): { sql: string; bindings: string[] } {
  return {
    sql: `${column} IN (SELECT value FROM json_each(?))`,
    bindings: [JSON.stringify(values)],
  };
}

/**
 * Reads pages of users. Without an order they come in that of their making, and the token is the place of the last one;
 * with an order the token counts the users before the page.
 */
export class UserQueries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  page(actor: Actor, query: UserQuery, revision: number): UserPage {
    const visible = this.#visible(actor, query);
    const users: UserRecord[] = [];
    const isSorted = query.sort.length > 0;
    let before = isSorted ? query.after : 0;
    let last = query.after;
    for (const { position, body } of visible) {
      if (before > 0) {
        before -= 1;
        continue;
      }
      if (users.length === query.limit) return { users, next: last, revision };
      users.push(JSON.parse(body) as UserRecord);
      last = isSorted ? last + 1 : position;
    }
    return { users, next: null, revision };
  }

  *#visible(actor: Actor, query: UserQuery): Generator<Row, void> {
    const within = usersWithin(actor.grants, 'User:GetUserInfo');
    const conditions: { sql: string; bindings: (string | number)[] }[] = [
      ...(query.ids.length > 0 ? [inList('id', query.ids)] : []),
      ...(within === null ? [] : [inList('id', within)]),
      ...(query.emails.length > 0
        ? [
            inList(
              'email',
              query.emails.map((email) => email.toLowerCase()),
            ),
          ]
        : []),
      ...(query.text === null ? [] : [{ sql: 'instr(folded, ?) > 0', bindings: [folded(query.text)] }]),
      ...(query.sort.length > 0 ? [] : [{ sql: 'position > ?', bindings: [query.after] }]),
    ];
    const order = query.sort.map(({ field, ascending }) => {
      const column = field === 'email' ? 'email' : `body ->> '$.${field}'`;
      return `${column} ${ascending ? 'ASC' : 'DESC'}`;
    });
    const rows = this.#sql.exec<Row>(
      `SELECT position, id, body FROM users WHERE deleted_at IS NULL
       ${conditions.map(({ sql }) => `AND ${sql}`).join(' ')} ORDER BY ${[...order, 'position'].join(', ')}`,
      ...conditions.flatMap(({ bindings }) => bindings),
    );
    for (const row of rows) {
      const about = { org_id: actor.organization, user_id: row.id };
      if (allows(actor.grants, 'User:GetUserInfo', about)) yield row;
    }
  }
}
